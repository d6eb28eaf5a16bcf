/**
 * @file The reducers whose gradient folds each window again, as loops over the gathered elements of one window. They compute what
 * src/reducers defines, step by step, so that the bits are the same.
 */
import {
  addExponential,
  addWeighted,
  type Exponentials,
  logMean,
  meanOf,
  noExponentials,
  noWeights,
  softShare,
  type Weighted,
  weightOf,
} from '../../reducers/exponential.ts'
import { type GeneralizedMeanSpec, powerShare } from '../../reducers/generalized-mean.ts'
import { exponentOf, powerOf, rootOf } from '../../reducers/power.ts'
import type { WindowSpec } from '../../reducers/table.ts'
import type { VarianceSpec } from '../../reducers/variance.ts'

/** The loops of a reducer over the first `n` values. */
export interface WindowFold {
  /** What a forward pass makes of each element for `value`. Absent if that takes the elements themselves. */
  readonly lift?: (value: number) => number
  value(values: Float64Array, n: number): number
  /** Writes the share of each value in the gradient `dy`. */
  share(values: Float64Array, n: number, dy: number, shares: Float64Array): void
}

export function windowFoldOf(spec: WindowSpec): WindowFold {
  if (spec.reducer === 'variance') return varianceFold(spec)
  if (spec.reducer === 'gem') return powerFold(spec)
  if (spec.reducer === 'stochastic-mean') return expectedFold()
  return spec.reducer === 'soft' ? softFold() : logMeanFold(spec.r)
}

function varianceFold({ correction, root: isRoot }: VarianceSpec): WindowFold {
  let sum = 0
  const variance = (values: Float64Array, n: number): number => {
    const first = values[0]!
    let squares = 0
    sum = 0
    for (let i = 0; i < n; i++) {
      const deviation = values[i]! - first
      sum += deviation
      squares += deviation * deviation
    }
    return Math.max(0, squares - (sum * sum) / n) / Math.max(0, n - correction)
  }
  return {
    value: (values, n) => (isRoot ? Math.sqrt(variance(values, n)) : variance(values, n)),
    share(values, n, dy, shares) {
      const own = variance(values, n)
      const deviation = isRoot ? Math.sqrt(own) : 0.5
      const [first, mean] = [values[0]!, sum / n]
      const factor = deviation === 0 ? 0 : dy / (Math.max(0, n - correction) * deviation)
      for (let i = 0; i < n; i++) shares[i] = (values[i]! - first - mean) * factor
    },
  }
}

function powerFold({ p, eps }: GeneralizedMeanSpec): WindowFold {
  const exponent = exponentOf(p)
  const weighed = exponentOf(p - 1)
  const root = rootOf(p)
  const power = (value: number): number => powerOf(Math.max(value, eps), exponent)
  return {
    lift: power,
    value(powers, n) {
      let sum = 0
      for (let i = 0; i < n; i++) sum += powers[i]!
      return root(sum / n)
    },
    share(values, n, dy, shares) {
      let sum = 0
      for (let i = 0; i < n; i++) sum += power(values[i]!)
      const y = root(sum / n)
      const whole = powerOf(y, weighed)
      for (let i = 0; i < n; i++) {
        const x = values[i]!
        const weight = x < eps ? 0 : powerOf(Math.max(x, eps), weighed)
        shares[i] = weight === 0 || y === 0 ? 0 : powerShare(dy, weight, whole, n)
      }
    },
  }
}

function softFold(): WindowFold {
  const sums = (values: Float64Array, n: number): Weighted => {
    const state = noWeights()
    for (let i = 0; i < n; i++) addWeighted(state, values[i]!)
    return state
  }
  return {
    value: (values, n) => meanOf(sums(values, n)),
    share(values, n, dy, shares) {
      const state = sums(values, n)
      const mean = meanOf(state)
      const factor = dy / state.sum
      for (let i = 0; i < n; i++) {
        const x = values[i]!
        shares[i] = softShare(factor, x, weightOf(x, state.exponent), mean)
      }
    },
  }
}

function logMeanFold(r: number): WindowFold {
  const sums = (values: Float64Array, n: number): Exponentials => {
    const state = noExponentials()
    for (let i = 0; i < n; i++) addExponential(state, r * values[i]!)
    return state
  }
  return {
    value: (values, n) => logMean(sums(values, n)) / r,
    share(values, n, dy, shares) {
      const { exponent, sum } = sums(values, n)
      const factor = dy / sum
      for (let i = 0; i < n; i++) shares[i] = factor * weightOf(r * values[i]!, exponent)
    },
  }
}

/** Parts of the largest element, as in reducers/stochastic-mean.ts. */
function expectedFold(): WindowFold {
  let [largest, sum, squares] = [0, 0, 0]
  const addUp = (values: Float64Array, n: number): void => {
    largest = 0
    sum = 0
    squares = 0
    for (let i = 0; i < n; i++) {
      const value = values[i]!
      if (value > largest) {
        const scale = largest / value
        sum *= scale
        squares *= scale * scale
        largest = value
      }
      const part = partOf(value, largest)
      sum += part
      squares += part * part
    }
  }
  return {
    value(values, n) {
      addUp(values, n)
      return sum === 0 ? 0 : largest * (squares / sum)
    },
    share(values, n, dy, shares) {
      addUp(values, n)
      const mean = squares / sum
      for (let i = 0; i < n; i++) {
        const part = partOf(values[i]!, largest)
        shares[i] = part === 0 ? 0 : (dy * (2 * part - mean)) / sum
      }
    },
  }
}

function partOf(value: number, largest: number): number {
  if (value <= 0) return 0
  return value === largest ? 1 : value / largest
}
