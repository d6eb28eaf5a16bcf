/**
 * @file The SIMD module with its memory imported and shared instead of its own: the same code for all threads, without a build of its own.
 */

const header = 8
const importSection = 2
const memorySection = 5
const mostPages = 65536

/** `env.memory`, shared, of 1 to 65,536 pages; what is handed in only has to lie between. */
function importedMemory(): number[] {
  const name = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))]
  const entry = [...name('env'), ...name('memory'), 2, 3, ...leb(1), ...leb(mostPages)]
  return [importSection, ...leb(1 + entry.length), 1, ...entry]
}

/** The bytes of a module without imports, its one memory imported. Importing a memory moves no other index. */
export function shareMemory(module: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: number[][] = [[...module.subarray(0, header)]]
  let imported = false
  for (let at = header; at < module.length; ) {
    const id = module[at]!
    const [size, body] = readLeb(module, at + 1)
    const end = body + size
    if (id > importSection && !imported) {
      parts.push(importedMemory())
      imported = true
    }
    if (id !== memorySection) parts.push([...module.subarray(at, end)])
    at = end
  }
  return Uint8Array.from(parts.flat())
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
