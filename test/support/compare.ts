/**
 * @file Compares a tensor with the expected one, element by element, and says where they differ.
 */
import type { DType, Scalar, TypedArray } from '../../src/tensor/dtype.ts'
import { valuesOf } from '../../src/tensor/storage.ts'

interface Held {
  readonly data: TypedArray
  readonly shape: readonly number[]
  readonly dtype: DType
}

/** Decides if an element is right. */
export type Judge = (got: Scalar, want: Scalar) => boolean

/** Equal, including the sign of zero; all NaNs are equal. */
export const sameBits: Judge = (got, want) => Object.is(got, want)

/** Equal, whatever the sign of zero. */
export const sameValue: Judge = (got, want) => got === want || Object.is(got, want)

/** Within an absolute distance; infinities and NaN must be equal. */
export function within(distance: number): Judge {
  return (got, want) => sameValue(got, want) || Math.abs(Number(got) - Number(want)) <= distance
}

/** Within `rtol` of the largest finite magnitude of the expected tensor. */
export function close(want: Held, rtol: number): Judge {
  let largest = 0
  for (const value of Array.from(valuesOf(want), Number)) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value))
  }
  return within(rtol * largest)
}

/** `undefined` if they agree, else one line: the first different position, both values, and the number of differences. */
export function difference(got: Held, want: Held, isRight: Judge): string | undefined {
  if (got.dtype !== want.dtype) return `is ${got.dtype}, expected ${want.dtype}`
  if (`${got.shape}` !== `${want.shape}`) return `has shape [${got.shape}], expected [${want.shape}]`
  const ours = valuesOf(got)
  const theirs = valuesOf(want)
  const wrong = Array.from({ length: theirs.length }, (_, i) => i).filter(
    (i) => !isRight(ours[i]!, theirs[i]!),
  )
  if (wrong.length === 0) return undefined
  const first = wrong[0]!
  return `[${position(first, want.shape)}] = ${show(ours[first])}, expected ${show(theirs[first])} (${wrong.length} of ${theirs.length} differ)`
}

function position(flat: number, shape: readonly number[]): number[] {
  return shape.map((size, axis) => Math.floor(flat / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % size)
}

function show(value: Scalar | undefined): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
