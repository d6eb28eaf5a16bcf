/**
 * @file The interface of reducers, which take the elements of a window one by one, in row-major order, and return one
 * value.
 */
import type { DType, Scalar } from '../tensor/dtype.ts'

/**
 * Computes `finish(step(...step(init(), x0, p0)..., xn, pn), divisors)`, where p are positions in the plane. Implements
 * the arithmetic of a dtype: rounding, truncation, bigints.
 */
export interface Reducer<S = unknown> {
  init(): S
  /** May modify `state` and return it. */
  step(state: S, value: Scalar, position: number): S
  /** `divisors` has one count per axis, and is empty for an empty window. Averages divide by their product. */
  finish(state: S, divisors: readonly number[]): Scalar
  /** The position of the picked element, or -1. Absent if all elements contribute. */
  index?(state: S): number
  /** The share of one element in the gradient `dy` of the output. Absent if only picked elements have a share. */
  gradient?(dy: number, x: number, y: number, divisors: readonly number[]): number
  /** The same if the share depends on the state of the window, not only on its output: a function of `dy` and the element. */
  slope?(state: S): (dy: number, x: number) => number
  /** The shares of picked elements in the gradient `dy` of the output, where more than one may be picked. */
  shares?(state: S, dy: number): readonly Share[]
}

/** The share of a gradient for the element at a position. */
export interface Share {
  readonly position: number
  readonly share: number
}

/** A family of reducers: makes one for given parameters and a dtype. */
export interface ReducerEntry<P = never> {
  /** The names of the job's fields that are its parameters. */
  readonly parameters: readonly (keyof P & string)[]
  /** True if integers are supported, without a gradient. */
  readonly integers: boolean
  /** False if floating numbers are not supported. Default: true. */
  readonly floats?: boolean
  of(parameters: P, dtype: DType): Reducer
}

/** The product of the per-axis divisors. */
export function productOf(divisors: readonly number[]): number {
  let product = 1
  for (const divisor of divisors) product *= divisor
  return product
}
