/**
 * @file Weighted sums along one axis after another, from the last, in float64.
 */
import type { WeightedPlan, Weights } from '../plan/weighted.ts'
import { weighInVectors } from './wasm/order/weigh.ts'

/**
 * Writes the weighted sums of all windows, rounded to float64 after each axis. Weights that sum to 1 keep a constant to the bit.
 */
export function weightedSums(
  plan: WeightedPlan,
  x: Float32Array | Float64Array,
  y: Float32Array | Float64Array,
): void {
  if (x.length < leastInVectors || !weighInVectors(plan, x, y)) y.set(sumInLoops(plan, x))
}

/** Below this the tables of vectors cost more than they save. */
const leastInVectors = 128

/** The same in plain loops. */
export function sumInLoops({ outer, axes, inner }: WeightedPlan, x: ArrayLike<number>): Float64Array {
  let values = new Float64Array(x)
  let n = inner
  for (let i = axes.length - 1; i >= 0; i--) {
    const planes = axes.slice(0, i).reduce((size, axis) => size * axis.inSize, outer)
    const { inSize, outSize, weights } = axes[i]!
    const sums = new Float64Array(planes * outSize * n)
    for (let plane = 0; plane < planes; plane++) {
      const [from, to] = [plane * inSize * n, plane * outSize * n]
      if (n === 1) sumSequence(weights, outSize, values, from, sums, to)
      else
        for (let output = 0; output < outSize; output++)
          sumRows(weights, output, values, from, sums, to + output * n, n)
    }
    values = sums
    n *= outSize
  }
  return values
}

/** The outputs of one sequence. Means are summed as differences from their first element, unless one of them is not finite. */
function sumSequence(
  { begins, positions, weights, isMean }: Weights,
  outSize: number,
  values: Float64Array,
  from: number,
  sums: Float64Array,
  to: number,
): void {
  for (let output = 0; output < outSize; output++) {
    const [begin, end] = [begins[output]!, begins[output + 1]!]
    const first = isMean && begin < end ? values[from + positions[begin]!]! : 0
    let sum = 0
    for (let k = begin; k < end; k++) sum += weights[k]! * (values[from + positions[k]!]! - first)
    sums[to + output] = first + sum
    if (Number.isFinite(sum)) continue
    sum = 0
    for (let k = begin; k < end; k++) sum += weights[k]! * values[from + positions[k]!]!
    sums[to + output] = sum
  }
}

/** One output of `n` neighbouring sequences: row by row, in the same order for each. */
function sumRows(
  { begins, positions, weights, isMean }: Weights,
  output: number,
  values: Float64Array,
  from: number,
  sums: Float64Array,
  to: number,
  n: number,
): void {
  const [begin, end] = [begins[output]!, begins[output + 1]!]
  const first = isMean && begin < end ? from + positions[begin]! * n : -1
  for (let k = begin; k < end; k++) {
    const weight = weights[k]!
    const at = from + positions[k]! * n
    if (first < 0) for (let c = 0; c < n; c++) sums[to + c]! += weight * values[at + c]!
    else for (let c = 0; c < n; c++) sums[to + c]! += weight * (values[at + c]! - values[first + c]!)
  }
  if (first < 0) return
  for (let c = 0; c < n; c++) {
    if (Number.isFinite(sums[to + c]!)) {
      sums[to + c]! += values[first + c]!
      continue
    }
    let sum = 0
    for (let k = begin; k < end; k++) sum += weights[k]! * values[from + positions[k]! * n + c]!
    sums[to + c] = sum
  }
}
