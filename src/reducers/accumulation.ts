/**
 * @file Reducers that fold the whole window into one number. What a dtype's arithmetic is (rounding, truncation, bigints) is settled here.
 */
import type { Scalar } from '../tensor/dtype.ts'

/**
 * `finish(combine(...combine(identity, lift(x0))..., lift(xn)))`, elements in row-major order.
 * `divisors` has one count per axis, and none for a window that touches no element; their product is what an average divides by.
 */
export interface Fold<T extends Scalar = Scalar> {
  readonly identity: T
  lift(value: T): T
  combine(sum: T, lifted: T): T
  finish(sum: T, divisors: readonly number[]): T
}

/** A fold with a gradient. */
export interface Accumulation<T extends Scalar = Scalar> extends Fold<T> {
  /** What one element of the window receives of the output's gradient `dy`. */
  backward(dy: T, x: T, y: T, divisors: readonly number[]): T
}

/** The product of the per-axis divisors. */
export function productOf(divisors: readonly number[]): number {
  let product = 1
  for (const divisor of divisors) product *= divisor
  return product
}
