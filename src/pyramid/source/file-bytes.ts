/**
 * @file The bytes of an opened file as if they were in memory.
 */
import type { ByteRanges } from '../../adapters/image/png-chunks.ts'
import { readWhole } from './file-box.ts'

/** Reads of single values come from a part that is kept. */
export function fileBytes(file: number, path: string, length: number): ByteRanges {
  const partLength = 2 ** 16
  let part: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array() }
  const load = (start: number, end: number): Uint8Array => {
    const bytes = new Uint8Array(end - start)
    readWhole(file, path, bytes, start)
    return bytes
  }
  return {
    length,
    subarray: (start: number, end: number): Uint8Array => {
      if (end - start > partLength) return load(start, end)
      if (start < part.start || end > part.start + part.bytes.length)
        part = { start, bytes: load(start, Math.min(length, start + partLength)) }
      return part.bytes.subarray(start - part.start, end - part.start)
    },
  }
}
