/**
 * @file Weighted sums along one axis after another, from the last, in float64.
 */
import type { Weights } from '../plan/weighted.ts'

/** The axes of `[outer][axes...][inner]`, with their weights. */
export interface WeightedPlan {
  readonly outer: number
  readonly axes: readonly { readonly inSize: number; readonly outSize: number; readonly weights: Weights }[]
  readonly inner: number
}

/** The weighted sums of all windows, rounded to float64 after each axis. Weights that sum to 1 keep a constant to the bit. */
export function weightedSums({ outer, axes, inner }: WeightedPlan, x: ArrayLike<number>): Float64Array {
  let values = Float64Array.from(x)
  let n = inner
  for (let i = axes.length - 1; i >= 0; i--) {
    const planes = axes.slice(0, i).reduce((size, axis) => size * axis.inSize, outer)
    const { inSize, outSize, weights } = axes[i]!
    const sums = new Float64Array(planes * outSize * n)
    for (let plane = 0; plane < planes; plane++) {
      const [from, to] = [plane * inSize * n, plane * outSize * n]
      for (let output = 0; output < outSize; output++)
        sumWindow(weights, output, values, from, sums, to + output * n, n)
    }
    values = sums
    n *= outSize
  }
  return values
}

function sumWindow(
  { begins, places, weights, isMean }: Weights,
  output: number,
  values: Float64Array,
  from: number,
  sums: Float64Array,
  to: number,
  n: number,
): void {
  const [begin, end] = [begins[output]!, begins[output + 1]!]
  for (let c = 0; c < n; c++) {
    const at = (k: number): number => values[from + places[k]! * n + c]!
    const first = isMean && begin < end ? at(begin) : 0
    let sum = 0
    for (let k = begin; k < end; k++) sum += weights[k]! * (at(k) - first)
    sums[to + c] = first + sum
    if (Number.isFinite(sum)) continue
    sum = 0
    for (let k = begin; k < end; k++) sum += weights[k]! * at(k)
    sums[to + c] = sum
  }
}
