/**
 * @file Makes the SIMD module import a shared memory in place of its own, so that all threads run the same code without
 * another build.
 */

const header = 8
const importSection = 2
const memorySection = 5
const mostPages = 65536

/** The import `env.memory`: shared, 1 to 65,536 pages. A given memory only has to lie within these limits. */
function importedMemory(): number[] {
  const name = (text: string): number[] => [text.length, ...Array.from(text, (char) => char.charCodeAt(0))]
  const entry = [...name('env'), ...name('memory'), 2, 3, ...leb(1), ...leb(mostPages)]
  return [importSection, ...leb(1 + entry.length), 1, ...entry]
}

/** Rewrites a module without imports so that it imports its memory. This changes no other index. */
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
