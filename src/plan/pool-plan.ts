/**
 * @file The plan of a whole pooling: axis plans between the axes that are not pooled, merged to `[outer][axes...][inner]`.
 */
import type { AxisPlan } from './axis.ts'
import { transposeAxis } from './transpose.ts'

/** `inner` is the number of channels in a channels-last layout and 1 in a channels-first one. */
export interface PoolPlan {
  readonly outer: number
  readonly axes: readonly AxisPlan[]
  readonly inner: number
}

/** Elements of the pooled axes alone, before pooling. */
export function inPlane({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * axis.inSize, 1)
}

/** Elements of the pooled axes alone, after pooling. */
export function outPlane({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * axis.outSize, 1)
}

/** Whether some window touches no element, which takes dilation or padding as wide as the window. */
export function hasEmptyWindow({ axes }: PoolPlan): boolean {
  return axes.some(({ taps }) => taps.includes(0))
}

/** The plan that reads outputs from inputs; its transpose holds the same pairs again. */
export function transposePlan({ outer, axes, inner }: PoolPlan): PoolPlan {
  return { outer, axes: axes.map(transposeAxis), inner }
}

/** Whether the window of this output, a position in the output plane, touches no element. */
export function isEmptyWindow({ axes }: PoolPlan, output: number): boolean {
  let rest = output
  return axes.toReversed().some(({ taps, outSize }) => {
    const i = rest % outSize
    rest = Math.floor(rest / outSize)
    return taps[i] === 0
  })
}

/** How many elements all windows of the plan read. */
export function readsOf({ outer, axes, inner }: PoolPlan): number {
  return axes.reduce((reads, { taps }) => reads * taps.reduce((sum, count) => sum + count, 0), outer * inner)
}
