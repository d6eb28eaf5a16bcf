/**
 * @file The generalized mean of a window: (mean of max(x, eps)^p)^(1/p).
 */
import { exponentOf, powerOf, rootOf } from './power.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'

export interface GeneralizedMeanSpec {
  readonly reducer: 'gem'
  /** Finite and above 0. */
  readonly p: number
  /** From 0. */
  readonly eps: number
}

interface Powers {
  count: number
  sum: number
}

/** Computed in float64 for every dtype and rounded once. */
function meanOfPowers({ p, eps }: GeneralizedMeanSpec): Reducer<Powers> {
  const exponent = exponentOf(p)
  const root = rootOf(p)
  const weighed = exponentOf(p - 1)
  return {
    init: () => ({ count: 0, sum: 0 }),
    step: (state, value) => {
      state.count++
      state.sum += powerOf(Math.max(value as number, eps), exponent)
      return state
    },
    finish: ({ count, sum }) => root(sum / count),
    slope: ({ count, sum }) => {
      const y = root(sum / count)
      const whole = powerOf(y, weighed)
      return (dy, x) => {
        const weight = x < eps ? 0 : powerOf(Math.max(x, eps), weighed)
        return weight === 0 || y === 0 ? 0 : powerShare(dy, weight, whole, count)
      }
    },
  }
}

/** The gradient of an element with a part of a power that `count` elements have: one factor for all, unless the power is tiny. */
export function powerShare(dy: number, weight: number, whole: number, count: number): number {
  const factor = dy / (whole * count)
  const isInfinite = Math.abs(factor) === Number.POSITIVE_INFINITY && Math.abs(dy) < Number.POSITIVE_INFINITY
  return isInfinite ? (dy / count) * (weight / whole) : factor * weight
}

export const gem: ReducerEntry<GeneralizedMeanSpec> = {
  parameters: ['p', 'eps'],
  integers: false,
  of: meanOfPowers,
}
