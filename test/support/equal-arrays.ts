/**
 * @file Lets `toEqual` compare typed arrays by their bytes first. Element by element it takes seconds for a plane of a million.
 */
import { expect } from 'vitest'

type View = ArrayBufferView & { readonly constructor: unknown }

expect.addEqualityTesters([
  (a: unknown, b: unknown) =>
    ArrayBuffer.isView(a) && ArrayBuffer.isView(b) && haveSameBytes(a, b) ? true : undefined,
])

/** False for NaNs of different bits, which are equal all the same: Vitest then compares the elements. */
function haveSameBytes(a: View, b: View): boolean {
  return a.constructor === b.constructor && Buffer.compare(bytesOf(a), bytesOf(b)) === 0
}

function bytesOf({ buffer, byteOffset, byteLength }: View): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
