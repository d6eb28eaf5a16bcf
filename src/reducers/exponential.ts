/**
 * @file Means with exponential weights: the softmax-weighted mean, and the logarithm of the mean exponential.
 */
import type { Reducer, ReducerEntry } from './reducer.ts'

export interface SoftSpec {
  readonly reducer: 'soft'
}

export interface LogMeanExpSpec {
  readonly reducer: 'lse'
  /** Finite and not 0. */
  readonly r: number
}

/** Weights are relative to the largest exponent so far, so that no weight overflows. */
interface Weights {
  count: number
  largest: number
  sum: number
  /** The weighted sum of the differences from the largest exponent. */
  below: number
}

function init(): Weights {
  return { count: 0, largest: Number.NEGATIVE_INFINITY, sum: 0, below: 0 }
}

/** e^(exponent - largest), where equal infinities have weight 1. */
function weightOf(exponent: number, largest: number): number {
  return exponent === largest ? 1 : Math.exp(exponent - largest)
}

function add(state: Weights, exponent: number): Weights {
  state.count++
  if (exponent > state.largest) {
    const weight = weightOf(state.largest, exponent)
    state.below = weight === 0 ? 0 : weight * (state.below + (state.largest - exponent) * state.sum)
    state.sum = weight * state.sum + 1
    state.largest = exponent
  } else {
    const weight = weightOf(exponent, state.largest)
    state.sum += weight
    if (weight !== 0 && exponent !== state.largest) state.below += weight * (exponent - state.largest)
  }
  return state
}

/** Computed in float64 for every dtype and rounded once. */
function softmaxMean(): Reducer<Weights> {
  return {
    init,
    step: (state, value) => add(state, value as number),
    finish: ({ largest, sum, below }) => largest + below / sum,
    slope: ({ largest, sum, below }) => {
      const mean = below / sum
      return (dy, x) => {
        const weight = weightOf(x, largest)
        const difference = x === largest || weight === 0 ? 0 : x - largest
        return (dy * weight * (1 + difference - mean)) / sum
      }
    },
  }
}

/** Computed in float64 for every dtype and rounded once. */
function logMeanExp({ r }: LogMeanExpSpec): Reducer<Weights> {
  return {
    init,
    step: (state, value) => add(state, r * (value as number)),
    finish: ({ count, largest, sum }) => (largest + Math.log(sum / count)) / r,
    slope: ({ largest, sum }) => {
      return (dy, x) => (dy * weightOf(r * x, largest)) / sum
    },
  }
}

export const soft: ReducerEntry<SoftSpec> = { parameters: [], integers: false, of: softmaxMean }

export const lse: ReducerEntry<LogMeanExpSpec> = { parameters: ['r'], integers: false, of: logMeanExp }
