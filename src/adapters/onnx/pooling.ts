/**
 * @file From a node to a job: the axes of X, the plan of its windows, and the output's shape.
 */
import {
  assertCountable,
  assertNotEmpty,
  type TensorAxes,
  tensorAxesOf,
} from '../../ops/geometry/tensor-axes.ts'
import { planAdaptive } from '../../plan/adaptive.ts'
import { type AxisPlan, planAxis } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import type { NodeCall } from './call.ts'
import { windowsOf } from './windows.ts'

/** The windows of one node over one shape. */
export interface Pooling {
  readonly axes: TensorAxes
  /** Shape of the output. */
  readonly shape: readonly number[]
  /** Allocates per output of each axis; `countPadding` is what averages count. */
  plan(countPadding?: boolean): PoolPlan
}

/** Windows by kernel_shape. */
export function slidingPooling(call: NodeCall, shape: readonly number[]): Pooling {
  const axes = spatialAxes(call, shape)
  const windows = windowsOf(call.label, call.values, axes.spatial, call.choices)
  return poolingOf(
    call,
    axes,
    windows.map(({ outSize }) => outSize),
    (countPadding) => windows.map((window) => planAxis(window, countPadding)),
  )
}

/** One window over all spatial axes, which stay with size 1. */
export function globalPooling(call: NodeCall, shape: readonly number[]): Pooling {
  const axes = spatialAxes(call, shape)
  return poolingOf(
    call,
    axes,
    axes.spatial.map(() => 1),
    () => axes.spatial.map((size) => planAdaptive(size, 1)),
  )
}

/** [N, C, ...spatial] with at least one spatial axis; only the batch may be 0. */
export function spatialAxes({ label }: NodeCall, shape: readonly number[]): TensorAxes {
  const axes = tensorAxesOf(label, shape, 0, 'NCHW')
  assertNotEmpty(label, axes)
  return axes
}

function poolingOf(
  { label }: NodeCall,
  axes: TensorAxes,
  sizes: readonly number[],
  planned: (countPadding: boolean) => readonly AxisPlan[],
): Pooling {
  const shape = axes.shapeOf(sizes)
  assertCountable(label, shape)
  const { outer, inner } = axes
  return { axes, shape, plan: (countPadding = false) => ({ outer, axes: planned(countPadding), inner }) }
}
