/**
 * @file The Lp norm of a window: (sum |x|^p)^(1/p).
 */
import { productOf, type Reducer, type ReducerEntry } from './reducer.ts'

export interface Norm {
  /** Finite and above 0. The limits at infinity are max and min of absolute values. */
  readonly p: number
  /**
   * PyTorch scales up the sum of a window that ceil mode cuts short, as if it had this many elements; 1 gives the mean.
   * null leaves the sum as it is (ONNX).
   */
  readonly fullWindow: number | null
}

export interface LpSpec {
  readonly reducer: 'lp'
  readonly norm: Norm
}

/** The p-th root of a number from 0. `cbrt` is more accurate than `value ** (1 / 3)`, whose exponent is rounded. */
export function root(value: number, p: number): number {
  return p === 2 ? Math.sqrt(value) : p === 3 ? Math.cbrt(value) : value ** (1 / p)
}

/**
 * Computed in float64 and rounded once. The gradient of a window of zeros is 0. In a window with a NaN
 * it is NaN for all elements but zeros.
 */
export function lpNorm({
  p,
  fullWindow,
}: Norm): Required<Omit<Reducer<number>, 'index' | 'slope' | 'shares'>> {
  const scale = (divisors: readonly number[]): number =>
    fullWindow === null ? 1 : fullWindow / productOf(divisors)
  return {
    init: () => 0,
    step: (sum, value) => sum + Math.abs(value as number) ** p,
    finish: (sum, divisors) => root(sum * scale(divisors), p),
    gradient: (dy, x, y, divisors) => {
      if (y === 0 || x === 0) return 0
      if (Number.isNaN(y)) return y
      return dy * Math.sign(x) * (Math.abs(x) / y) ** (p - 1) * scale(divisors)
    },
  }
}

export const lp: ReducerEntry<LpSpec> = {
  parameters: ['norm'],
  integers: false,
  of: ({ norm }) => lpNorm(norm),
}
