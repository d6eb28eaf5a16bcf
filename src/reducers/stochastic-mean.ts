/**
 * @file The expected value of stochastic pooling: the mean of the positive elements of a window, weighted by themselves.
 */
import type { Reducer, ReducerEntry } from './reducer.ts'

export interface StochasticMeanSpec {
  readonly reducer: 'stochastic-mean'
}

/** Sums of the elements as parts of the largest so far, so that no square overflows. */
interface Parts {
  largest: number
  sum: number
  squares: number
}

/** Of several infinities each is 1, and finite elements beside them 0. */
function partOf(value: number, largest: number): number {
  if (value <= 0) return 0
  return value === largest ? 1 : value / largest
}

/** Computed in float64 for every dtype and rounded once. */
function expectedPick(): Reducer<Parts> {
  return {
    init: () => ({ largest: 0, sum: 0, squares: 0 }),
    step: (state, value) => {
      if ((value as number) > state.largest) {
        const scale = state.largest / (value as number)
        state.sum *= scale
        state.squares *= scale * scale
        state.largest = value as number
      }
      const part = partOf(value as number, state.largest)
      state.sum += part
      state.squares += part * part
      return state
    },
    finish: ({ largest, sum, squares }) => (sum === 0 ? 0 : largest * (squares / sum)),
    slope: ({ largest, sum, squares }) => {
      const mean = squares / sum
      return (dy, x) => {
        const part = partOf(x, largest)
        return part === 0 ? 0 : (dy * (2 * part - mean)) / sum
      }
    },
  }
}

export const stochasticMean: ReducerEntry<StochasticMeanSpec> = {
  parameters: [],
  integers: false,
  of: expectedPick,
}
