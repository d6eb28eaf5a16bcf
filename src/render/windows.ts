/**
 * @file The windows of one axis for drawing: the library's plan, and beside it the taps that fall outside the input.
 */
import { planAdaptive } from '../plan/adaptive.ts'
import { type AxisPlan, divisorOf, firstOf, planAxis, tapsOf } from '../plan/axis.ts'
import { planFractional } from '../plan/fractional.ts'
import { resolveAxis } from '../plan/padding.ts'
import { isSliding, operationIn, type Pooling, samplesOf, windowRequest } from './pooling.ts'

export interface AxisWindows {
  readonly inSize: number
  readonly outSize: number
  readonly padBefore: number
  readonly padAfter: number
  /** Per output, all its taps: from `-padBefore` on, and past the padding where ceil mode hangs over. */
  readonly taps: readonly (readonly number[])[]
  /** The divisor of an average along this axis, for each output. */
  readonly divisor: readonly number[]
  /** The run of places to draw: input, padding and overhang. */
  readonly begin: number
  readonly end: number
}

export function isInside({ inSize }: AxisWindows, place: number): boolean {
  return place >= 0 && place < inSize
}

/** Height and width, for one channel: fractional windows differ from channel to channel. */
export type PlaneWindows = readonly [rows: AxisWindows, columns: AxisWindows]

/** The windows of every channel of an input [1, C, H, W] that the pooling accepts. */
export function windowsOf(pooling: Pooling, shape: readonly number[]): readonly PlaneWindows[] {
  const channels = shape[1]!
  const channelAxis = (channel: number, axis: 0 | 1) => axisWindows(pooling, shape, channel, axis)
  return Array.from({ length: channels }, (_, channel) => [channelAxis(channel, 0), channelAxis(channel, 1)])
}

function axisWindows(pooling: Pooling, shape: readonly number[], channel: number, axis: 0 | 1): AxisWindows {
  const inSize = shape[axis + 2]!
  if (isSliding(pooling) || pooling.op === 'unpool') return slidingWindows(pooling, axis, inSize)
  if (pooling.op !== 'fractional') {
    return runs(planAdaptive(inSize, operationIn(pooling).geometry === 'global' ? 1 : pooling.out[axis]))
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
  const last = Math.max(...taps.map((places) => places.at(-1)!))
  return {
    inSize,
    outSize: plan.outSize,
    padBefore,
    padAfter,
    taps,
    divisor: divisorsOf(plan),
    begin: -padBefore,
    end: Math.max(inSize + padAfter, last + 1),
  }
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
    begin: 0,
    end: inSize,
  }
}

/** The outputs whose windows read this place of the input, as places in the output plane. */
export function readersOf([rows, columns]: PlaneWindows, row: number, column: number): readonly number[] {
  const reading = (axis: AxisWindows, place: number) =>
    axis.taps.flatMap((taps, i) => (taps.includes(place) ? [i] : []))
  const across = reading(columns, column)
  return reading(rows, row).flatMap((i) => across.map((j) => i * columns.outSize + j))
}
