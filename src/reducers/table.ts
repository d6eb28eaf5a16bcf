/**
 * @file All reducers by name. A spec is plain data: a name with its parameters.
 */
import { type DType, dtypes } from '../tensor/dtype.ts'
import { type AverageSpec, average } from './average.ts'
import { type ExtremumSpec, max, min } from './extremum.ts'
import { type LpSpec, lp } from './lp.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'

export type ReducerSpec = ExtremumSpec | AverageSpec | LpSpec

export const reducers = { max, min, average, lp } as const

export type ReducerName = keyof typeof reducers

export const reducerNames = Object.keys(reducers) as ReducerName[]

/** The reducer that a spec names, in the arithmetic of a dtype. */
export function reducerOf(spec: ReducerSpec, dtype: DType): Reducer {
  return (reducers[spec.reducer] as ReducerEntry).of(spec as never, dtype)
}

/** Whether a reducer is defined for a dtype: integers have no gradient, and some reducers take none. */
export function isDefined(name: ReducerName, pass: 'forward' | 'backward', dtype: DType): boolean {
  return dtypes[dtype].float || (pass === 'forward' && reducers[name].integers)
}

/** A spec alone, of an object that has more fields. */
export function specOf(given: Pick<ReducerSpec, 'reducer'>): ReducerSpec {
  const { reducer } = given
  const fields = given as Readonly<Record<string, unknown>>
  const parameters: readonly string[] = reducers[reducer].parameters
  return Object.fromEntries([
    ['reducer', reducer],
    ...parameters.map((name) => [name, fields[name]]),
  ]) as unknown as ReducerSpec
}
