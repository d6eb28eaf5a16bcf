/**
 * @file The order in which averages add, which decides their bits. It depends on the window, its stride and dilation,
 * and on whether the first and last windows contain elements; not on tiles, threads, chunks or the backend.
 */
import { largestAdaptive } from '../plan/adaptive.ts'
import { type AxisPlan, type Recipe, tapsOf } from '../plan/axis.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'
import { dtypes } from '../tensor/dtype.ts'
import { memoizeWeak } from '../tensor/memoize-weak.ts'
import type { AverageBackward, AverageForward } from './job.ts'

/** Windows with more elements are added in float64, axis by axis: see `isWide`. */
const mostDirect = 256
/**
 * Windows that read each element more often than this are added in that way too. An element is read window / stride times,
 * multiplied over the axes.
 */
const mostReads = 64

/**
 * True for wide sums: float64, one axis after another from the last. Smaller windows add in row-major order in their
 * dtype, which gives PyTorch's bits.
 */
export function isWide(plan: PoolPlan, pass: 'forward' | 'backward'): boolean {
  return pass === 'forward' ? isWideForward(plan) : isWideBackward(plan)
}

const isWideForward = memoizeWeak(
  ({ axes }: PoolPlan) => product(axes, windowReads) > mostReads || product(axes, windowOf) > mostDirect,
)

const isWideBackward = memoizeWeak(({ axes }: PoolPlan) => product(axes, gradientReads) > mostReads)

/** The same for an average. Integers add exactly in any order. */
export function addsWide({ plan, pass, dtype, exact }: AverageForward | AverageBackward): boolean {
  return !exact && dtypes[dtype].float && isWide(plan, pass)
}

/**
 * True if the windows of an axis overlap so much that they share sums, by the van Herk algorithm. Blocks are as long as
 * the window and lie at multiples of it from the beginning of the axis. The part of a window in its first block is
 * summed from the end of the block backwards, the part in the second from its beginning forwards, and then the two are
 * added. Other windows add tap t to partial sum t % 8, and then add the second half of the partial sums to the first until one is left.
 */
export function sharesSums({ regular, step, rule, recipe, source }: AxisPlan): boolean {
  if (regular === null || step !== 1) return false
  const { window, stride } = regular
  const last = (recipe === null ? source!.inSize : outputsOf(recipe)) - 1
  return window >= 5 && window >= 4 * stride && rule.taps(0) > 0 && rule.taps(last) > 0
}

/** True if windows share sums along all axes that are longer than 1. */
export function shareAll(axes: readonly AxisPlan[]): boolean {
  return axes.some(sharesSums) && axes.every((axis) => sharesSums(axis) || isOne(axis))
}

/** True for an axis of length 1 with one window, which reads it. */
export function isOne(axis: AxisPlan): boolean {
  return axis.inSize === 1 && axis.outSize === 1 && tapsOf(axis, 0) === 1
}

/** Taps from which windows of norms that overlap much share sums. */
const leastShared = 13

export function areLong(axes: readonly AxisPlan[]): boolean {
  return axes.some((axis) => sharesSums(axis) && axis.regular!.window >= leastShared)
}

/** True if each window of norms, and of their gradients, is summed by itself. */
export const sumsNormsAlone = memoizeWeak(
  (plan: PoolPlan) => !isWide(plan, 'forward') && !isWide(plan, 'backward') && !areLong(plan.axes),
)

/** True if gradients of norms share sums wherever norms do: norms are then found again as well as if they were given. */
export const sharesNorms = memoizeWeak(
  (plan: PoolPlan) =>
    isWide(plan, 'backward') || areLong(plan.axes.filter(({ regular }) => regular?.stride === 1)),
)

function product(axes: readonly AxisPlan[], of: (axis: AxisPlan) => number): number {
  return axes.reduce((size, axis) => size * of(axis), 1)
}

/** The largest window of the whole axis. */
function windowOf({ regular, rule, recipe }: AxisPlan): number {
  if (regular !== null) return regular.window
  return recipe!.kind === 'adaptive' ? largestAdaptive(recipe!.inSize, recipe!.outSize) : rule.taps(0)
}

/** 1 for adaptive and fractional windows: they overlap much only if there are many outputs, and then the windows are small. */
function windowReads(axis: AxisPlan): number {
  const { regular } = axis
  return regular === null ? 1 : regular.window / regular.stride
}

function gradientReads(axis: AxisPlan): number {
  const { regular, recipe } = axis
  if (regular !== null) return regular.window / regular.stride
  return (windowOf(axis) * outputsOf(recipe!)) / Math.max(1, recipe!.inSize)
}

/** Outputs of the whole axis. */
function outputsOf(recipe: Recipe): number {
  return recipe.kind === 'runs' ? recipe.starts.length : recipe.outSize
}
