/**
 * @file Averages whose sums are made in float64, axis by axis, in the order that kernels/sum-order.ts states; rounded once, on storing.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { tablesOf } from '../../plan/tables.ts'
import { transposeAxis } from '../../plan/transpose.ts'
import { productOf } from '../../reducers/accumulation.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { AverageBackward, AverageForward } from '../kernel.ts'
import { sharesSums } from '../sum-order.ts'

export function wideForward({ plan, division, x, y }: AverageForward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const divisors = divisorsOf(plan, division)
  for (let o = 0; o < outer; o++) {
    const sums = wideSums(plan, partOf(x, o, inSize))
    y.set(divided(sums, divisors, inner) as never, o * outSize)
  }
}

export function wideBackward({ plan, division, dy, dx }: AverageBackward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const divisors = divisorsOf(plan, division)
  const back = { ...plan, axes: plan.axes.map(transposeAxis) }
  for (let o = 0; o < outer; o++) {
    const shares = divided(partOf(dy, o, outSize), divisors, inner)
    dx.set(wideSums(back, shares) as never, o * inSize)
  }
}

function partOf(data: TypedArray, index: number, size: number): Float64Array {
  return Float64Array.from(data.subarray(index * size, (index + 1) * size) as Float64Array)
}

/** What each output of a plane is divided by; sums of windows without an element are 0. */
function divisorsOf({ axes }: PoolPlan, division: AverageForward['division']): readonly number[] {
  const counts = axes.reduce<readonly (readonly number[])[]>(
    (lead, axis) =>
      lead.flatMap((before) => Array.from(tablesOf(axis).divisor, (count) => [...before, count || 1])),
    [[]],
  )
  return counts.map((each) => (typeof division === 'number' ? division : productOf(each)))
}

/** A mean of -0 is +0. */
function divided(sums: Float64Array, divisors: readonly number[], inner: number): Float64Array {
  return sums.map((sum, i) => sum / divisors[Math.floor(i / inner)]! + 0)
}

/** The sums of all windows of one outer index, the last axis first. */
function wideSums({ axes, inner }: PoolPlan, values: Float64Array): Float64Array {
  let sums = values
  let n = inner
  for (let i = axes.length - 1; i >= 0; i--) {
    const lead = axes.slice(0, i).reduce((size, axis) => size * axis.inSize, 1)
    sums = alongAxis(sums, lead, axes[i]!, n)
    n *= axes[i]!.outSize
  }
  return sums
}

/** Sums along one axis of `[planes][axis][n]`. */
function alongAxis(values: Float64Array, planes: number, axis: AxisPlan, n: number): Float64Array {
  const { inSize, outSize, step, origin } = axis
  const { first, taps } = tablesOf(axis)
  const block = sharesSums(axis) ? axis.regular!.window : null
  const sums = new Float64Array(planes * outSize * n)
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < outSize; i++) {
      for (let c = 0; c < n; c++) {
        const at = (place: number): number => values[(plane * inSize + place - origin) * n + c]!
        const begin = origin + first[i]!
        sums[(plane * outSize + i) * n + c] =
          block === null
            ? partialSums(at, begin, taps[i]!, step)
            : blockSums(at, begin, begin + taps[i]!, block)
      }
    }
  }
  return sums
}

/** The value at a place of the whole axis. */
type At = (place: number) => number

function partialSums(at: At, first: number, taps: number, step: number): number {
  const sums = new Float64Array(8)
  for (let tap = 0; tap < taps; tap++) sums[tap % 8]! += at(first + tap * step)
  for (const half of [4, 2, 1]) for (let i = 0; i < half; i++) sums[i]! += sums[i + half]!
  return sums[0]!
}

/** From `from` down to the next block, and up from there; within one block either way. */
function blockSums(at: At, from: number, to: number, block: number): number {
  const begin = Math.ceil(from / block) * block
  let before = 0
  for (let place = Math.min(begin, to) - 1; place >= from; place--) before += at(place)
  let after = 0
  for (let place = begin; place < to; place++) after += at(place)
  return before + after
}
