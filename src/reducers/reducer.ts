/**
 * @file The interface of a reducer: it takes a window's elements one by one, in row-major order, and gives one value.
 */
import type { DType, Scalar } from '../tensor/dtype.ts'

/**
 * `finish(step(...step(init(), x0, p0)..., xn, pn), divisors)`, where p are positions in the plane. A dtype's arithmetic (rounding,
 * truncation, bigints) is settled inside.
 */
export interface Reducer<S = unknown> {
  init(): S
  /** May change `state` and return it. */
  step(state: S, value: Scalar, position: number): S
  /** `divisors` has one count per axis, and none for a window without elements; their product is what an average divides by. */
  finish(state: S, divisors: readonly number[]): Scalar
  /** The position of the element that was picked, or -1; absent where every element has a share. */
  index?(state: S): number
  /** What one element of the window receives of the output's gradient `dy`; absent where only the picked element receives it. */
  gradient?(dy: number, x: number, y: number, divisors: readonly number[]): number
}

/** A reducer under its name, with what its name and its parameters make of a dtype. */
export interface ReducerEntry<P = never> {
  /** Names of the parameters that a job has besides. */
  readonly parameters: readonly (keyof P & string)[]
  /** Whether integers are reduced too; their gradients never are. */
  readonly integers: boolean
  of(parameters: P, dtype: DType): Reducer
}

/** The product of the per-axis divisors. */
export function productOf(divisors: readonly number[]): number {
  let product = 1
  for (const divisor of divisors) product *= divisor
  return product
}
