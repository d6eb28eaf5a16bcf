/**
 * @file The mean: a sum in the dtype's own arithmetic, divided as PyTorch divides.
 */
import { type DType, integerRange, type Scalar } from '../tensor/dtype.ts'
import { type Accumulation, type Fold, productOf } from './accumulation.ts'
import { type Rounding, roundQuotient } from './rounding.ts'

/** `product`: once, by the product of the axes' divisors. `each`: once an axis, in order. A whole number but 0: by it (divisor_override). */
export type Division = 'product' | 'each' | number

/** Of float32 or float64. A mean of -0 is stored as +0, as PyTorch does. */
export function average(dtype: DType, division: Division): Accumulation<never> {
  const round = dtype === 'float64' ? exactly : Math.fround
  const divide = (value: number, divisors: readonly number[]): number => {
    if (division !== 'each')
      return round(value / round(division === 'product' ? productOf(divisors) : division)) + 0
    return divisors.reduce((rest, divisor) => round(rest / divisor), value)
  }
  const reducer: Accumulation<number> = {
    identity: 0,
    lift: exactly,
    combine: (sum, value) => round(sum + value),
    finish: divide,
    backward: (dy, _x, _y, divisors) => divide(dy, divisors),
  }
  return reducer as Accumulation<Scalar> as Accumulation<never>
}

/** Integers are summed exactly, divided once and rounded by a rule; a quotient past the dtype's range becomes its end. */
export function integerAverage(dtype: DType, division: Division, rounding: Rounding): Fold {
  const [least, largest] = integerRange(dtype)
  const bounded = (quotient: bigint): Scalar =>
    quotient < least
      ? least
      : quotient > largest
        ? largest
        : typeof least === 'bigint'
          ? quotient
          : Number(quotient)
  return {
    identity: 0n,
    lift: BigInt,
    combine: (sum: bigint, value: bigint) => sum + value,
    finish: (sum: bigint, divisors) => bounded(roundQuotient(sum, divisorOf(division, divisors), rounding)),
  }
}

function divisorOf(division: Division, divisors: readonly number[]): bigint {
  if (typeof division === 'number') return BigInt(division)
  return divisors.reduce((product, divisor) => product * BigInt(divisor), 1n)
}

function exactly(value: number): number {
  return value
}
