/**
 * @file The windows of one axis for drawing: the library's plan, and beside it the taps that fall outside the input.
 */

import { planAdaptive } from '../plan/adaptive.ts'
import { type AxisPlan, divisorOf, firstOf, planAxis, tapsOf } from '../plan/axis.ts'
import { planFractional } from '../plan/fractional.ts'
import { resolveAxis } from '../plan/padding.ts'
import { planArea, planBlur, weightsOf } from '../plan/weighted.ts'
import type { AxisWindows, PlaneWindows } from './axis-windows.ts'
import { operationTable } from './operations.ts'
import { isSliding, type Pooling, samplesOf, windowRequest } from './pooling.ts'
import { regionWindows } from './region-windows.ts'

export type { AxisWindows, PlaneWindows }

export function isInside({ inSize }: AxisWindows, position: number): boolean {
  return position >= 0 && position < inSize
}

/** The windows of every channel of an input [1, C, H, W] that the pooling accepts. */
export function windowsOf(pooling: Pooling, shape: readonly number[]): readonly PlaneWindows[] {
  const channels = shape[1]!
  if (operationTable[pooling.op].geometry === 'regions')
    return new Array<PlaneWindows>(channels).fill(regionWindows(pooling, shape))
  const channelAxis = (channel: number, axis: 0 | 1) => axisWindows(pooling, shape, channel, axis)
  return Array.from({ length: channels }, (_, channel) => [channelAxis(channel, 0), channelAxis(channel, 1)])
}

function axisWindows(pooling: Pooling, shape: readonly number[], channel: number, axis: 0 | 1): AxisWindows {
  const inSize = shape[axis + 2]!
  const { geometry } = operationTable[pooling.op]
  if (isSliding(pooling) || pooling.op === 'unpool') return slidingWindows(pooling, axis, inSize)
  if (pooling.op === 'max-blur') return maxBlurWindows(pooling, axis, inSize)
  if (geometry === 'blurring') return blurWindows(pooling, axis, inSize)
  if (geometry === 'boxes') return areaWindows(pooling, axis, inSize)
  if (geometry !== 'fractional') {
    return runs(planAdaptive(inSize, geometry === 'global' ? 1 : pooling.out[axis]))
  }
  const sample = samplesOf(pooling, shape).data[channel * 2 + (1 - axis)]!
  return runs(planFractional(inSize, pooling.out[axis], pooling.kernel[axis], sample, Math.fround))
}

/** Tap j of output i before clipping is `i * stride - padBefore + j * step`: the contract of a regular plan. */
function slidingWindows(pooling: Pooling, axis: 0 | 1, inSize: number): AxisWindows {
  const resolved = resolveAxis(windowRequest(pooling, axis, inSize))
  const { padBefore, padAfter } = resolved
  const plan = planAxis(resolved, pooling.op === 'lp' || pooling.countPad)
  const { window, stride } = plan.regular!
  const taps = Array.from({ length: plan.outSize }, (_, i) =>
    Array.from({ length: window }, (_, j) => i * stride - padBefore + j * plan.step),
  )
  const last = Math.max(...taps.map((positions) => positions.at(-1)!))
  return {
    inSize,
    outSize: plan.outSize,
    padBefore,
    padAfter,
    taps,
    divisor: divisorsOf(plan),
    weighted: null,
    begin: -padBefore,
    end: Math.max(inSize + padAfter, last + 1),
  }
}

/** A binomial filter; its weights are whole numbers, as in [1, 2, 1] / 4. */
function blurWindows({ filter, stride, padMode }: Pooling, axis: 0 | 1, inSize: number): AxisWindows {
  const [size, step] = [filter[axis], stride[axis]]
  const before = Math.floor((size - 1) / 2)
  const plan = planBlur(inSize, size, step, padMode === 'zero' ? 'replicate' : padMode)
  const { outSize } = plan
  const { begins, positions: read, weights } = weightsOf(plan)
  const taps = Array.from({ length: outSize }, (_, i) =>
    Array.from({ length: size }, (_, tap) => i * step - before + tap),
  )
  const isOutside = (position: number) => position < 0 || position >= inSize
  const positions = taps.map((row, i) =>
    row.map((position, tap) => (padMode === 'zero' && isOutside(position) ? null : read[begins[i]! + tap]!)),
  )
  const total = 2 ** (size - 1)
  const row = Array.from(weights.subarray(0, size), (weight) => weight * total)
  const padAfter = Math.max(0, taps.at(-1)!.at(-1)! + 1 - inSize)
  return {
    inSize,
    outSize,
    padBefore: before,
    padAfter,
    taps,
    divisor: taps.map(() => total),
    weighted: { positions, weights: taps.map(() => row), total },
    begin: -before,
    end: inSize + padAfter,
  }
}

/** The inputs that the blurred maxima read; padding is the maxima's, and does not show. */
function maxBlurWindows(pooling: Pooling, axis: 0 | 1, inSize: number): AxisWindows {
  const window = pooling.kernel[axis]
  const blurred = blurWindows(pooling, axis, inSize - window + 1)
  const taps = blurred.weighted!.positions.map((maxima) => {
    const read = maxima.filter((position) => position !== null)
    const [first, last] = [Math.min(...read), Math.max(...read) + window - 1]
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
  return { ...blurred, inSize, padBefore: 0, padAfter: 0, taps, begin: 0, end: inSize }
}

/** Weights are the elements' shares in their part. */
function areaWindows({ out }: Pooling, axis: 0 | 1, inSize: number): AxisWindows {
  const plan = planArea(inSize, out[axis])
  const { begins, positions, weights } = weightsOf(plan)
  const total = inSize / out[axis]
  const partOf = <T>(i: number, list: { slice(from: number, to: number): Iterable<T> }): T[] => [
    ...list.slice(begins[i]!, begins[i + 1]!),
  ]
  const taps = Array.from({ length: plan.outSize }, (_, i) => partOf(i, positions))
  const shares = taps.map((_, i) => partOf(i, weights).map((weight) => weight * total))
  const divisor = taps.map(() => total)
  return { ...runs(plan), taps, divisor, weighted: { positions: taps, weights: shares, total } }
}

function divisorsOf(plan: AxisPlan): readonly number[] {
  return Array.from({ length: plan.outSize }, (_, i) => divisorOf(plan, i))
}

function runs(plan: AxisPlan): AxisWindows {
  const { inSize, outSize } = plan
  const taps = Array.from({ length: outSize }, (_, i) =>
    Array.from({ length: tapsOf(plan, i) }, (_, j) => firstOf(plan, i) + j),
  )
  return {
    inSize,
    outSize,
    padBefore: 0,
    padAfter: 0,
    taps,
    divisor: divisorsOf(plan),
    weighted: null,
    begin: 0,
    end: inSize,
  }
}

/** The outputs whose windows read this position of the input, as positions in the output plane. */
export function readersOf([rows, columns]: PlaneWindows, row: number, column: number): readonly number[] {
  const reading = (axis: AxisWindows, position: number) =>
    axis.taps.flatMap((taps, i) => (taps.includes(position) ? [i] : []))
  const across = reading(columns, column)
  return reading(rows, row).flatMap((i) => across.map((j) => i * columns.outSize + j))
}
