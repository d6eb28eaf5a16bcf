/**
 * @file Order statistics: the median and the quantiles of a window, as NumPy defines them. A window with a NaN gives
 * NaN.
 */
import { type DType, dtypes, type Scalar } from '../tensor/dtype.ts'
import { Growing } from './growing.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'
import { type Rounding, roundNumber, roundQuotient } from './rounding.ts'

/** The rules for a quantile between two elements; `linear` is NumPy's default. */
export const interpolations = ['linear', 'lower', 'higher', 'nearest', 'midpoint'] as const

/**
 * The value of a quantile between two elements: interpolated, the lower one, the higher one, the nearest (halfway: the
 * one whose rank is even), or their mean.
 */
export type Interpolation = (typeof interpolations)[number]

/** Used for integers only: how a value between two elements becomes whole. */
interface Rounded {
  readonly rounding?: Rounding
}

export interface MedianSpec extends Rounded {
  readonly reducer: 'median'
}

export interface QuantileSpec extends Rounded {
  readonly reducer: 'quantile'
  /** From 0 to 1. */
  readonly q: number
  readonly interpolation: Interpolation
}

export type OrderSpec = MedianSpec | QuantileSpec

/** Ranks in a sorted window, from 0, and the weight of the second; the first has the rest. */
export interface Ranks {
  readonly low: number
  readonly high: number
  readonly weight: number
}

/** The ranks of a quantile among `count` elements. */
export function ranksOf(q: number, interpolation: Interpolation, count: number): Ranks {
  const at = (count - 1) * q
  const [low, high] = [Math.floor(at), Math.ceil(at)]
  const only = (rank: number): Ranks => ({ low: rank, high: rank, weight: 0 })
  if (interpolation === 'lower') return only(low)
  if (interpolation === 'higher') return only(high)
  if (interpolation === 'nearest') return only(roundNumber['half-even'](at))
  return { low, high, weight: interpolation === 'midpoint' && low !== high ? 0.5 : at - low }
}

/** The value between two different elements of a window, given the weight of the higher one. */
type Between = (low: Scalar, high: Scalar, weight: number) => Scalar

type Mix = (low: number, high: number, weight: number) => number

/** NumPy's median of an even window. */
const middle: Mix = (low, high) => (low + high) / 2

/** NumPy's quantile: interpolates from the nearer element. Beside an infinity NumPy gives NaN; this gives the infinity. */
const nearer: Mix = (low, high, weight) => {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return low + high
  const span = high - low
  return weight >= 0.5 ? high - span * (1 - weight) : low + span * weight
}

function betweenOf(dtype: DType, mix: Mix, rounding: Rounding): Between {
  if (dtype.endsWith('int64'))
    return (low, high, weight) => wide(low as bigint, high as bigint, weight, rounding)
  const round = !dtypes[dtype].float ? roundNumber[rounding] : dtype === 'float64' ? null : Math.fround
  if (round === null) return mix as Between
  return (low, high, weight) => round(mix(low as number, high as number, weight))
}

/** The units per one in which the distance from the nearer element is counted: the step of float64 numbers below 1. */
const unit = 2 ** 53

/** Exact for means; else the distance from the nearer element is rounded to float64. */
function wide(low: bigint, high: bigint, weight: number, rounding: Rounding): bigint {
  const [sign, from, share] = weight >= 0.5 ? [-1n, high, 1 - weight] : [1n, low, weight]
  if (share === 0.5) return roundQuotient(low + high, 2n, rounding)
  const distance = Number(high - low) * share
  const whole = Math.floor(distance)
  const parts = BigInt(whole) * BigInt(unit) + BigInt(Math.round((distance - whole) * unit))
  return roundQuotient(from * BigInt(unit) + sign * parts, BigInt(unit), rounding)
}

/** The same for a spec. */
export function ranksFor(spec: OrderSpec, count: number): Ranks {
  return spec.reducer === 'median'
    ? ranksOf(0.5, 'midpoint', count)
    : ranksOf(spec.q, spec.interpolation, count)
}

/** The value between two elements by the rule of a spec. */
export function betweenBy(spec: OrderSpec, dtype: DType): Between {
  return betweenOf(dtype, spec.reducer === 'median' ? middle : nearer, spec.rounding ?? 'trunc')
}

/** The result of a window without elements. */
export function emptyOf(dtype: DType): Scalar {
  return dtypes[dtype].float ? Number.NaN : dtype.endsWith('int64') ? 0n : 0
}

/** The elements of a window and their positions. */
interface Gathered {
  readonly values: Growing
  readonly positions: Growing
  /** The position of the last NaN, or -1. */
  nan: number
}

/** The result of a window: one or two of its values, with their weights. */
interface Picked {
  readonly low: Scalar
  readonly high: Scalar
  readonly weight: number
}

/** Positions are those of the first element that equals a picked value; -0 comes before +0. */
function orderStatistic(
  spec: OrderSpec,
  dtype: DType,
): Required<Omit<Reducer<Gathered>, 'gradient' | 'slope'>> {
  const { storage } = dtypes[dtype]
  const between = betweenBy(spec, dtype)
  const pick = ({ values }: Gathered): Picked => {
    const sorted = values.sorted()
    const { low, high, weight } = ranksFor(spec, values.length)
    return { low: sorted[low]!, high: sorted[high]!, weight }
  }
  const positionOf = ({ values, positions }: Gathered, value: Scalar): number =>
    positions.at(values.indexOf(value)) as number
  return {
    init: () => ({ values: new Growing(storage), positions: new Growing(Float64Array), nan: -1 }),
    step: (state, value, position) => {
      state.values.push(value)
      state.positions.push(position)
      if (value !== value) state.nan = position
      return state
    },
    finish: (state) => {
      if (state.values.length === 0) return emptyOf(dtype)
      if (state.nan >= 0) return Number.NaN
      const { low, high, weight } = pick(state)
      return Object.is(low, high) ? low : between(low, high, weight)
    },
    index: (state) => {
      if (state.values.length === 0 || state.nan >= 0) return state.nan
      const { low, high } = pick(state)
      return Object.is(low, high) ? positionOf(state, low) : -1
    },
    shares: (state, dy) => {
      if (state.values.length === 0) return []
      if (state.nan >= 0) return [{ position: state.nan, share: dy }]
      const { low, high, weight } = pick(state)
      if (Object.is(low, high)) return [{ position: positionOf(state, low), share: dy }]
      return [
        { position: positionOf(state, low), share: dy * (1 - weight) },
        { position: positionOf(state, high), share: dy * weight },
      ]
    },
  }
}

export const median: ReducerEntry<MedianSpec> = {
  parameters: ['rounding'],
  integers: true,
  of: orderStatistic,
}

export const quantile: ReducerEntry<QuantileSpec> = {
  parameters: ['q', 'interpolation', 'rounding'],
  integers: true,
  of: orderStatistic,
}
