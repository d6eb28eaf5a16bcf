/**
 * @file The Lp norm of a window: (sum |x|^p)^(1/p).
 */
import { productOf, type Reducer, type ReducerEntry } from './reducer.ts'

export interface Norm {
  /** Finite and above 0. The limits at infinity are max and min of absolute values. */
  readonly p: number
  /**
   * PyTorch scales up the sum of a window that ceil mode cuts short, as if it had this many elements. null leaves it as
   * it is (ONNX).
   */
  readonly fullWindow: number | null
}

export interface LpSpec {
  readonly reducer: 'lp'
  readonly norm: Norm
}

/** The p-th root of what is not negative. The fraction 1 / 3 is no number, and a power of it is off where exponents are large. */
export function root(value: number, p: number): number {
  return p === 2 ? Math.sqrt(value) : p === 3 ? Math.cbrt(value) : value ** (1 / p)
}

/** In float64 whatever the dtype, rounded once on storing. A window of zeros has the gradient 0, one with a NaN has NaN but for its zeros. */
export function lpNorm({ p, fullWindow }: Norm): Required<Omit<Reducer<number>, 'index'>> {
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
