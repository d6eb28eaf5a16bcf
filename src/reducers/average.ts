/**
 * @file The average: a sum in the dtype's arithmetic, divided as PyTorch divides.
 */
import { type DType, dtypes, integerRange, type Scalar } from '../tensor/dtype.ts'
import { productOf, type Reducer, type ReducerEntry } from './reducer.ts'
import { type Rounding, roundQuotient } from './rounding.ts'

/**
 * `product` divides once, by the product of all divisors. `each` divides once per axis, in order. A number other than 0
 * is the divisor itself (divisor_override).
 */
export type Division = 'product' | 'each' | number

export interface AverageSpec {
  readonly reducer: 'average'
  readonly division: Division
  /** Used for integers only, which have no gradient. */
  readonly rounding?: Rounding
  /** Forces the direct order of sums, which gives PyTorch's bits. */
  readonly exact: boolean
}

/** The average of float32 or float64. As in PyTorch, a mean of -0 is stored as +0. */
function floatAverage(dtype: DType, division: Division): Reducer<number> {
  const round = dtype === 'float64' ? (value: number) => value : Math.fround
  const divide = (value: number, divisors: readonly number[]): number => {
    if (division !== 'each')
      return round(value / round(division === 'product' ? productOf(divisors) : division)) + 0
    return divisors.reduce((rest, divisor) => round(rest / divisor), value)
  }
  return {
    init: () => 0,
    step: (sum, value) => round(sum + (value as number)),
    finish: divide,
    gradient: (dy, _x, _y, divisors) => divide(dy, divisors),
  }
}

/** The average of integers: summed exactly, divided once, rounded by a rule and clamped to the dtype's range. */
export function integerAverage(dtype: DType, division: Division, rounding: Rounding): Reducer<bigint> {
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
    init: () => 0n,
    step: (sum, value) => sum + (typeof value === 'bigint' ? value : BigInt(value)),
    finish: (sum, divisors) => bounded(roundQuotient(sum, divisorOf(division, divisors), rounding)),
  }
}

function divisorOf(division: Division, divisors: readonly number[]): bigint {
  if (typeof division === 'number') return BigInt(division)
  return divisors.reduce((product, divisor) => product * BigInt(divisor), 1n)
}

export const average: ReducerEntry<AverageSpec> = {
  parameters: ['division', 'rounding', 'exact'],
  integers: true,
  of: ({ division, rounding }, dtype) =>
    dtypes[dtype].float ? floatAverage(dtype, division) : integerAverage(dtype, division, rounding!),
}
