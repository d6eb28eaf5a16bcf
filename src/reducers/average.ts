/**
 * @file The mean: a sum in the dtype's own arithmetic, divided as PyTorch divides.
 */
import { type DType, dtypes, type Scalar } from '../tensor/dtype.ts'
import { type Accumulation, productOf } from './accumulation.ts'

/** `product`: once, by the product of the axes' divisors. `each`: once an axis, in order. A number: by it (divisor_override). */
export type Division = 'product' | 'each' | number

/** Integers sum exactly (up to 2^53, 64-bit ones always) and truncate toward zero. A mean of -0 is stored as +0, as PyTorch does. */
export function average(dtype: DType, division: Division): Accumulation<never> {
  const reducer =
    dtype === 'int64' || dtype === 'uint64'
      ? bigAverage(division)
      : numberAverage(
          division,
          dtypes[dtype].float ? (dtype === 'float64' ? exactly : Math.fround) : Math.trunc,
        )
  return reducer as Accumulation<Scalar> as Accumulation<never>
}

function numberAverage(division: Division, round: (value: number) => number): Accumulation<number> {
  const divide = (value: number, divisors: readonly number[]): number => {
    if (division !== 'each')
      return round(value / round(division === 'product' ? productOf(divisors) : division)) + 0
    return divisors.reduce((rest, divisor) => round(rest / divisor), value)
  }
  return {
    identity: 0,
    lift: exactly,
    combine: (sum, value) => round(sum + value),
    finish: divide,
    backward: (dy, _x, _y, divisors) => divide(dy, divisors),
  }
}

function bigAverage(division: Division): Accumulation<bigint> {
  const divide = (value: bigint, divisors: readonly number[]): bigint =>
    value / BigInt(typeof division === 'number' ? division : productOf(divisors))
  return {
    identity: 0n,
    lift: (value) => value,
    combine: (sum, value) => sum + value,
    finish: divide,
    backward: (dy, _x, _y, divisors) => divide(dy, divisors),
  }
}

function exactly(value: number): number {
  return value
}
