/**
 * @file Elements as integers of their bits, so that -0 is not +0.
 */
import type { TypedArray } from '../../../tensor/dtype.ts'

export type Words = Int32Array | Int16Array | Uint16Array | Int8Array | Uint8Array | Uint8ClampedArray

/** Two integers for each element of 64 bits, else one. */
export function wordsOf(data: TypedArray): Words {
  if (data.BYTES_PER_ELEMENT < 4) return data as Words
  return new Int32Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 4)
}

/** Tells whether element `i` of both arrays, which have the same type, has the same bits. */
export function sameBits(one: TypedArray, other: TypedArray): (i: number) => boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)]
  if (one.BYTES_PER_ELEMENT < 8) return (i) => a[i] === b[i]
  return (i) => a[2 * i] === b[2 * i] && a[2 * i + 1] === b[2 * i + 1]
}
