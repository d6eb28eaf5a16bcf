/**
 * @file Whether floating elements have a NaN among them. A NaN is a magnitude above that of infinity: what is added to its bits carries into
 * the sign.
 */
import type { DType, TypedArray } from './dtype.ts'
import { storageOf } from './storage.ts'

/** What carries beyond infinity, in 16 bits. */
const beyond = { float16: 0x3ff, bfloat16: 0x7f }

export function hasNaN({ data, dtype }: { readonly data: TypedArray; readonly dtype: DType }): boolean {
  const values = storageOf(data)
  const { buffer, byteOffset, length } = values
  if (values instanceof Float64Array) return hasNaNPair(new Int32Array(buffer, byteOffset, 2 * length))
  if (values instanceof Float32Array)
    return carries(new Int32Array(buffer, byteOffset, length), 0x7fffffff, 0x7fffff, 0x80000000)
  const bits = values as Uint16Array
  const half = beyond[dtype as keyof typeof beyond]
  const pairs = byteOffset % 4 === 0 ? length >> 1 : 0
  return (
    carries(new Int32Array(buffer, pairs && byteOffset, pairs), 0x7fff7fff, 0x10001 * half, 0x80008000) ||
    carries(bits.subarray(2 * pairs), 0x7fff, half, 0x8000)
  )
}

function carries(words: Int32Array | Uint16Array, mask: number, more: number, signs: number): boolean {
  const odd = (i: number): number => ((words[i]! & mask) + more) | 0
  const whole = words.length & ~7
  let seen = 0
  for (let i = 0; i < whole; i += 8) {
    seen |= odd(i) | odd(i + 1) | odd(i + 2) | odd(i + 3) | odd(i + 4) | odd(i + 5) | odd(i + 6) | odd(i + 7)
  }
  for (let i = whole; i < words.length; i++) seen |= odd(i)
  return (seen & signs) !== 0
}

/** The lower half of a float64, which comes first, counts as the last bit of the upper one. */
function hasNaNPair(halves: Int32Array): boolean {
  let seen = 0
  for (let i = 0; i < halves.length; i += 2) {
    const low = halves[i]!
    seen |= ((halves[i + 1]! & 0x7fffffff) + ((low | -low) >>> 31) + 0xfffff) | 0
  }
  return seen < 0
}
