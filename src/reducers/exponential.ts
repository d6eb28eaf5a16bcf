/**
 * @file Means with exponential weights: the softmax-weighted mean, and the logarithm of the mean exponential.
 */
import { exponentialParts, type Parts, scaleOf } from './exponential-parts.ts'
import { logarithmOfMean } from './logarithm.ts'
import type { Reducer, ReducerEntry } from './reducer.ts'

export interface SoftSpec {
  readonly reducer: 'soft'
}

export interface LogMeanExpSpec {
  readonly reducer: 'lse'
  /** Finite and not 0. */
  readonly r: number
}

/** Sums of a window as multiples of 2^exponent, the largest so far of its exponentials, so that none overflows. */
export interface Weights {
  exponent: number
  sum: number
}

const parts: Parts = { exponent: 0, fraction: 0 }

/** Makes the exponent at least another one, and returns the factor of the sums. */
export function raise(state: Weights, exponent: number): number {
  if (!(exponent > state.exponent)) return 1
  const factor = scaleOf(state.exponent, exponent)
  state.sum *= factor
  state.exponent = exponent
  return factor
}

/** e^x as a multiple of 2^exponent. */
export function weightOf(x: number, exponent: number): number {
  exponentialParts(x, parts)
  return (1 + parts.fraction) * scaleOf(parts.exponent, exponent)
}

export interface Weighted extends Weights {
  largest: number
  /** The sum of the elements times their weights. */
  weighted: number
}

export function noWeights(): Weighted {
  const least = Number.NEGATIVE_INFINITY
  return { exponent: least, sum: 0, largest: least, weighted: 0 }
}

export function addWeighted(state: Weighted, x: number): void {
  exponentialParts(x, parts)
  const factor = raise(state, parts.exponent)
  if (factor !== 1) state.weighted = factor === 0 ? 0 : state.weighted * factor
  const weight = (1 + parts.fraction) * scaleOf(parts.exponent, state.exponent)
  state.sum += weight
  if (weight !== 0) state.weighted += weight * x
  state.largest = Math.max(state.largest, x)
}

/** A mean that overflows is that of the largest element. */
export function meanOf({ sum, weighted, largest }: Weighted): number {
  const mean = weighted / sum
  return Math.abs(mean) === Number.POSITIVE_INFINITY ? largest : mean
}

/** Computed in float64 for every dtype and rounded once. */
function softmaxMean(): Reducer<Weighted> {
  return {
    init: noWeights,
    step: (state, value) => {
      addWeighted(state, value as number)
      return state
    },
    finish: meanOf,
    slope: (state) => {
      const { sum, exponent } = state
      const mean = meanOf(state)
      return (dy, x) => softShare(dy / sum, x, weightOf(x, exponent), mean)
    },
  }
}

/**
 * The gradient of an element with a weight, of which the gradient of the mean for the sum of the weights is a multiple. An element without
 * weight has none, unless the mean is NaN.
 */
export function softShare(dy: number, x: number, weight: number, mean: number): number {
  return weight === 0 && !Number.isNaN(mean) ? 0 : dy * weight * (1 + (x === mean ? 0 : x - mean))
}

export interface Exponentials extends Weights {
  count: number
  /** The sum of the exponentials less 1, which keeps the digits of small exponents. */
  past: number
}

export function noExponentials(): Exponentials {
  return { exponent: Number.NEGATIVE_INFINITY, sum: 0, count: 0, past: 0 }
}

export function addExponential(state: Exponentials, x: number): void {
  exponentialParts(x, parts)
  raise(state, parts.exponent)
  const whole = 1 + parts.fraction
  state.sum += whole * scaleOf(parts.exponent, state.exponent)
  state.past += parts.exponent === 0 ? parts.fraction : whole * 2 ** parts.exponent - 1
  state.count++
}

/** Computed in float64 for every dtype and rounded once. */
function logMeanExp({ r }: LogMeanExpSpec): Reducer<Exponentials> {
  return {
    init: noExponentials,
    step: (state, value) => {
      addExponential(state, r * (value as number))
      return state
    },
    finish: (state) => logMean(state) / r,
    slope:
      ({ sum, exponent }) =>
      (dy, x) =>
        (dy / sum) * weightOf(r * x, exponent),
  }
}

/** The logarithm of the mean of the exponentials. */
export function logMean({ exponent, sum, count, past }: Exponentials): number {
  return logarithmOfMean(sum / count, exponent, past / count)
}

export const soft: ReducerEntry<SoftSpec> = { parameters: [], integers: false, of: softmaxMean }

export const lse: ReducerEntry<LogMeanExpSpec> = { parameters: ['r'], integers: false, of: logMeanExp }
