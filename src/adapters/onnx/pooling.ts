/**
 * @file From a node to a job: the frame of X, the plan of its windows, and the output's shape.
 */
import { assertCountable, assertNotEmpty, type Frame, frameOf } from '../../ops/frame.ts'
import { planAdaptive } from '../../plan/adaptive.ts'
import { type AxisPlan, planAxis } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import type { NodeCall } from './call.ts'
import { windowsOf } from './windows.ts'

/** The windows of one node over one shape. */
export interface Pooling {
  readonly frame: Frame
  /** Shape of the output. */
  readonly shape: readonly number[]
  /** Allocates per output of each axis; `countPadding` is what averages count. */
  plan(countPadding?: boolean): PoolPlan
}

/** Windows by kernel_shape. */
export function slidingPooling(call: NodeCall, shape: readonly number[]): Pooling {
  const frame = spatialFrame(call, shape)
  const windows = windowsOf(call.label, call.values, frame.spatial, call.choices)
  return poolingOf(
    call,
    frame,
    windows.map(({ outSize }) => outSize),
    (countPadding) => windows.map((window) => planAxis(window, countPadding)),
  )
}

/** One window over all spatial axes, which stay with size 1. */
export function globalPooling(call: NodeCall, shape: readonly number[]): Pooling {
  const frame = spatialFrame(call, shape)
  return poolingOf(
    call,
    frame,
    frame.spatial.map(() => 1),
    () => frame.spatial.map((size) => planAdaptive(size, 1)),
  )
}

/** [N, C, ...spatial] with at least one spatial axis; only the batch may be 0. */
export function spatialFrame({ label }: NodeCall, shape: readonly number[]): Frame {
  const frame = frameOf(label, shape, 0, 'NCHW')
  assertNotEmpty(label, frame)
  return frame
}

function poolingOf(
  { label }: NodeCall,
  frame: Frame,
  sizes: readonly number[],
  axes: (countPadding: boolean) => readonly AxisPlan[],
): Pooling {
  const shape = frame.shapeOf(sizes)
  assertCountable(label, shape)
  const { outer, inner } = frame
  return { frame, shape, plan: (countPadding = false) => ({ outer, axes: axes(countPadding), inner }) }
}
