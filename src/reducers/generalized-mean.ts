/**
 * @file The generalized mean of a window: (mean of max(x, eps)^p)^(1/p).
 */
import { root } from './lp.ts'
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
  return {
    init: () => ({ count: 0, sum: 0 }),
    step: (state, value) => {
      state.count++
      state.sum += Math.max(value as number, eps) ** p
      return state
    },
    finish: ({ count, sum }) => root(sum / count, p),
    slope: ({ count, sum }) => {
      const y = root(sum / count, p)
      return (dy, x) => (x < eps || y === 0 ? 0 : (dy * (Math.max(x, eps) / y) ** (p - 1)) / count)
    },
  }
}

export const gem: ReducerEntry<GeneralizedMeanSpec> = {
  parameters: ['p', 'eps'],
  integers: false,
  of: meanOfPowers,
}
