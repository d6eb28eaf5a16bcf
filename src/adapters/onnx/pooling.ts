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
  readonly plan: PoolPlan
}

/** Windows by kernel_shape; `countPadding` is what averages count. */
export function slidingPooling(call: NodeCall, shape: readonly number[], countPadding: boolean): Pooling {
  const frame = spatialFrame(call, shape)
  const windows = windowsOf(call.label, call.values, frame.spatial, call.choices)
  const sizes = windows.map(({ outSize }) => outSize)
  assertCountable(call.label, frame.shapeOf(sizes))
  return poolingOf(
    frame,
    windows.map((window) => planAxis(window, countPadding)),
  )
}

/** One window over all spatial axes, which stay with size 1. */
export function globalPooling(call: NodeCall, shape: readonly number[]): Pooling {
  const frame = spatialFrame(call, shape)
  return poolingOf(
    frame,
    frame.spatial.map((size) => planAdaptive(size, 1)),
  )
}

/** [N, C, ...spatial] with at least one spatial axis; only the batch may be 0. */
export function spatialFrame({ label }: NodeCall, shape: readonly number[]): Frame {
  const frame = frameOf(label, shape, 0, 'NCHW')
  assertNotEmpty(label, frame)
  return frame
}

function poolingOf(frame: Frame, axes: readonly AxisPlan[]): Pooling {
  const shape = frame.shapeOf(axes.map(({ outSize }) => outSize))
  return { frame, shape, plan: { outer: frame.outer, axes, inner: frame.inner } }
}
