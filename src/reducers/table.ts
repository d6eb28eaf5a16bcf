/**
 * @file The table of all reducers by name. A spec, plain data, is a name with its parameters.
 */
import { type DType, dtypes } from '../tensor/dtype.ts'
import { type AverageSpec, average } from './average.ts'
import { type LogMeanExpSpec, lse, type SoftSpec, soft } from './exponential.ts'
import { type ExtremumSpec, max, min } from './extremum.ts'
import { type GeneralizedMeanSpec, gem } from './generalized-mean.ts'
import { type LpSpec, lp } from './lp.ts'
import { type ModeSpec, mode } from './mode.ts'
import { type MedianSpec, median, type QuantileSpec, quantile } from './order.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'
import { type StochasticMeanSpec, stochasticMean } from './stochastic-mean.ts'
import { type VarianceSpec, variance } from './variance.ts'

/** Reducers whose gradient folds each window again. */
export type WindowSpec = VarianceSpec | GeneralizedMeanSpec | SoftSpec | LogMeanExpSpec | StochasticMeanSpec

export type ReducerSpec =
  | ExtremumSpec
  | AverageSpec
  | LpSpec
  | WindowSpec
  | MedianSpec
  | QuantileSpec
  | ModeSpec

export const reducers = {
  max,
  min,
  average,
  lp,
  variance,
  median,
  quantile,
  mode,
  gem,
  soft,
  lse,
  'stochastic-mean': stochasticMean,
} as const

export type ReducerName = keyof typeof reducers

export const reducerNames = Object.keys(reducers) as ReducerName[]

/** The reducer of a spec, for a dtype. */
export function reducerOf(spec: ReducerSpec, dtype: DType): Reducer {
  return (reducers[spec.reducer] as ReducerEntry).of(spec as never, dtype)
}

/** True if a reducer is defined for a dtype. Integers have no gradient, and some reducers support only one kind of number. */
export function isDefined(name: ReducerName, pass: 'forward' | 'backward', dtype: DType): boolean {
  const { integers, floats = true }: Pick<ReducerEntry, 'integers' | 'floats'> = reducers[name]
  return dtypes[dtype].float ? floats : pass === 'forward' && integers
}

/** The spec in an object with more fields, such as a job. */
export function specOf(given: Pick<ReducerSpec, 'reducer'>): ReducerSpec {
  const { reducer } = given
  const fields = given as Readonly<Record<string, unknown>>
  const parameters: readonly string[] = reducers[reducer].parameters
  return Object.fromEntries([
    ['reducer', reducer],
    ...parameters.map((name) => [name, fields[name]]),
  ]) as unknown as ReducerSpec
}
