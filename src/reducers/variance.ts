/**
 * @file The variance of a window and its root, the standard deviation.
 */
import type { Reducer, ReducerEntry } from './reducer.ts'

export interface VarianceSpec {
  readonly reducer: 'variance'
  /** The sum of squares is divided by the number of elements less this one. */
  readonly correction: number
  /** True for the standard deviation. */
  readonly root: boolean
}

/**
 * Sums of deviations from the first element. The first element lies among the others, so their squares are at most n
 * times as large as those of deviations from the mean: nothing cancels, however large the mean.
 */
interface Moments {
  count: number
  first: number
  sum: number
  squares: number
}

/** Computed in float64 for every dtype and rounded once. */
function varianceOver({ correction, root }: VarianceSpec): Reducer<Moments> {
  const divisorOf = ({ count }: Moments): number => Math.max(0, count - correction)
  const varianceOf = (state: Moments): number =>
    Math.max(0, state.squares - (state.sum * state.sum) / state.count) / divisorOf(state)
  return {
    init: () => ({ count: 0, first: 0, sum: 0, squares: 0 }),
    step: (state, value) => {
      if (state.count === 0) state.first = value as number
      const deviation = (value as number) - state.first
      state.count++
      state.sum += deviation
      state.squares += deviation * deviation
      return state
    },
    finish: (state) => (root ? Math.sqrt(varianceOf(state)) : varianceOf(state)),
    slope: (state) => {
      const mean = state.sum / state.count
      const deviation = root ? Math.sqrt(varianceOf(state)) : 0.5
      const scale = divisorOf(state) * deviation
      return (dy, x) => (x - state.first - mean) * (deviation === 0 ? 0 : dy / scale)
    },
  }
}

export const variance: ReducerEntry<VarianceSpec> = {
  parameters: ['correction', 'root'],
  integers: false,
  of: varianceOver,
}
