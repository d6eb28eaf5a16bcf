/**
 * @file The plan of a whole pooling: one plan per pooled axis; the axes around them are merged into
 * `[outer][axes...][inner]`.
 */
import { type AxisPlan, tapsOf } from './axis.ts'
import { statsOf } from './tables.ts'

/** `inner` is the number of channels in a channels-last layout, and 1 in a channels-first one. */
export interface PoolPlan {
  readonly outer: number
  readonly axes: readonly AxisPlan[]
  readonly inner: number
}

/** Elements of a plane before pooling. */
export function inPlane({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * axis.inSize, 1)
}

/** Elements of a plane after pooling. */
export function outPlane({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * axis.outSize, 1)
}

/** True if some window has no tap. This takes dilation, or padding as wide as the window. */
export function hasEmptyWindow({ axes }: PoolPlan): boolean {
  return axes.some((axis) => statsOf(axis).fewestTaps === 0)
}

/** True if the window of `output`, a position in the output plane, has no tap. */
export function isEmptyWindow({ axes }: PoolPlan, output: number): boolean {
  let rest = output
  return axes.toReversed().some((axis) => {
    const i = rest % axis.outSize
    rest = Math.floor(rest / axis.outSize)
    return tapsOf(axis, i) === 0
  })
}

/** The number of elements that all windows of the plan read together. */
export function readsOf({ outer, axes, inner }: PoolPlan): number {
  return axes.reduce((reads, axis) => reads * statsOf(axis).reads, outer * inner)
}
