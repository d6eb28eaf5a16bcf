/**
 * @file Makes a module import a memory in place of its own, so that threads share one, and two modules work in one, without another build.
 */

const header = 8
const importSection = 2
const memorySection = 5
const mostPages = 65536

/** The import `env.memory`. A given memory that is shared only has to lie within these limits; another may have any. */
function importedMemory(shared: boolean): number[] {
  const name = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))]
  const limits = shared ? [3, ...leb(1), ...leb(mostPages)] : [0, 0]
  const entry = [...name('env'), ...name('memory'), 2, ...limits]
  return [importSection, ...leb(1 + entry.length), 1, ...entry]
}

/** Rewrites a module without imports so that it imports its memory. This changes no other index. */
export function importMemory(module: Uint8Array, shared: boolean): Uint8Array<ArrayBuffer> {
  const inserted = importedMemory(shared)
  const bytes = new Uint8Array(module.length + inserted.length)
  let length = 0
  const put = (part: ArrayLike<number>): void => {
    bytes.set(part, length)
    length += part.length
  }
  put(module.subarray(0, header))
  let imported = false
  for (let at = header; at < module.length; ) {
    const id = module[at]!
    const [size, body] = readLeb(module, at + 1)
    const end = body + size
    if (id > importSection && !imported) {
      put(inserted)
      imported = true
    }
    if (id !== memorySection) put(module.subarray(at, end))
    at = end
  }
  return bytes.slice(0, length)
}

function readLeb(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!
    value |= (byte & 127) << shift
    if (byte < 128) return [value, at]
  }
}

function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}
