/**
 * @file Marks the elements of an array that differ from a value, and finds the others.
 */
import type { DType, Scalar, TypedArray } from '../tensor/dtype.ts'
import { findInVectors, markInVectors } from './wasm/counted/mark.ts'

/** Writes 1 for each element that is not `value`, else 0. NaN is NaN, and -0 is 0. */
export function markOthers(values: TypedArray, dtype: DType, value: Scalar, marks: Uint8Array): void {
  if (!markInVectors(values, dtype, value, marks)) markEach(values as Float32Array, value as number, marks)
}

function markEach(values: Float32Array, value: number, marks: Uint8Array): void {
  for (let i = 0; i < marks.length; i++) {
    const element = values[i]!
    marks[i] = Number(element !== value && (element === element || value === value))
  }
}

/**
 * The positions of the elements that are `value`, which is not NaN, in order; null if there are more than `most`, or if
 * vectors cannot tell.
 */
export function positionsOf(
  values: TypedArray,
  dtype: DType,
  value: Scalar,
  most: number,
): readonly number[] | null {
  return values.length < 2 ** 31 ? findInVectors(values, dtype, value, most) : null
}
