/**
 * @file Reducers that pick one element of the window: max and min. The first of equal elements wins; NaN wins over
 * numbers, and the last NaN over earlier ones.
 */
import { type DType, dtypes, integerRange, type Scalar } from '../tensor/dtype.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'

export interface Extremum {
  /** The result of an empty window: the value that every element beats or equals. */
  identity(dtype: DType): Scalar
  /** True if `value`, which follows `best` in row-major order, replaces it. */
  wins(value: Scalar, best: Scalar): boolean
}

export const extrema: Readonly<Record<'max' | 'min', Extremum>> = {
  max: {
    identity: (dtype) => (dtypes[dtype].float ? Number.NEGATIVE_INFINITY : integerRange(dtype)[0]),
    wins: (value, best) => value > best || value !== value,
  },
  min: {
    identity: (dtype) => (dtypes[dtype].float ? Number.POSITIVE_INFINITY : integerRange(dtype)[1]),
    wins: (value, best) => value < best || value !== value,
  },
}

export interface ExtremumSpec {
  readonly reducer: 'max' | 'min'
}

interface Picked {
  best: Scalar
  at: number
}

function pick({ identity, wins }: Extremum, dtype: DType): Reducer<Picked> {
  const least = identity(dtype)
  return {
    init: () => ({ best: least, at: -1 }),
    step: (state, value, position) => {
      if (wins(value, state.best)) {
        state.best = value
        state.at = position
      } else if (state.at < 0) state.at = position
      return state
    },
    finish: ({ best }) => best,
    index: ({ at }) => at,
  }
}

function entry(extremum: Extremum): ReducerEntry<object> {
  return { parameters: [], integers: true, of: (_, dtype) => pick(extremum, dtype) }
}

export const max = entry(extrema.max)
export const min = entry(extrema.min)
