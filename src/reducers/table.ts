/**
 * @file The table of all reducers by name. A spec, plain data, is a name with its parameters.
 */
import { type DType, dtypes } from '../tensor/dtype.ts'
import { type AverageSpec, average } from './average.ts'
import { type ExtremumSpec, max, min } from './extremum.ts'
import { type LpSpec, lp } from './lp.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'
import { type VarianceSpec, variance } from './variance.ts'

export type ReducerSpec = ExtremumSpec | AverageSpec | LpSpec | VarianceSpec

export const reducers = { max, min, average, lp, variance } as const

export type ReducerName = keyof typeof reducers

export const reducerNames = Object.keys(reducers) as ReducerName[]

/** The reducer of a spec, for a dtype. */
export function reducerOf(spec: ReducerSpec, dtype: DType): Reducer {
  return (reducers[spec.reducer] as ReducerEntry).of(spec as never, dtype)
}

/** True if a reducer is defined for a dtype. Integers have no gradient, and some reducers do not support them. */
export function isDefined(name: ReducerName, pass: 'forward' | 'backward', dtype: DType): boolean {
  return dtypes[dtype].float || (pass === 'forward' && reducers[name].integers)
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
