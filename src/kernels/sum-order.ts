/**
 * @file In which order averages add, which their bits hang on. The window and its stride decide, and nothing else: not the size of an input,
 * not the tiles, threads or chunks it is cut into, not the backend.
 */
import type { AxisPlan, Recipe, WindowRule } from '../plan/axis.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'
import { dtypes } from '../tensor/dtype.ts'
import type { AverageBackward, AverageForward } from './job.ts'

/** Elements of a window that are added in row-major order, in the dtype's own arithmetic. */
const mostDirect = 256
/** How often each element may be read for that, a window's extents over its strides. */
const mostReads = 64

/**
 * Whether sums are made axis by axis in float64, the last axis first. Small windows add in row-major order instead, which gives
 * PyTorch's bits.
 */
export function isWide({ axes }: PoolPlan, pass: 'forward' | 'backward'): boolean {
  const reads = product(axes, pass === 'forward' ? windowReads : gradientReads)
  return reads > mostReads || (pass === 'forward' && product(axes, windowOf) > mostDirect)
}

/** The same for an average; integers add exactly in any order. */
export function addsWide({ plan, pass, dtype, exact }: AverageForward | AverageBackward): boolean {
  return !exact && dtypes[dtype].float && isWide(plan, pass)
}

/**
 * Whether the windows of an axis overlap so much that they share sums. Those are made by blocks as long as the window, at multiples of it
 * from the beginning of the axis: what a window holds of its first block is added from the end of the block down, what it holds of the
 * second from the beginning up, and the two last. Other windows add tap t to partial sum t % 8, and halves to halves.
 */
export function sharesSums({ regular, step, rule, recipe, source }: AxisPlan): boolean {
  if (regular === null || step !== 1) return false
  const { window, stride } = regular
  const last = (recipe === null ? source!.inSize : outputsOf(recipe)) - 1
  return window >= 5 && window >= 4 * stride && rule.taps(0) > 0 && rule.taps(last) > 0
}

function product(axes: readonly AxisPlan[], of: (axis: AxisPlan) => number): number {
  return axes.reduce((size, axis) => size * of(axis), 1)
}

/** The largest window of the whole axis. */
function windowOf({ regular, rule, recipe }: AxisPlan): number {
  if (regular !== null) return regular.window
  return recipe!.kind === 'adaptive' ? largestWindow(recipe!.outSize, rule) : rule.taps(0)
}

const remembered = new WeakMap<WindowRule, number>()

function largestWindow(outSize: number, rule: WindowRule): number {
  let most = remembered.get(rule)
  if (most === undefined) {
    most = 0
    for (let i = 0; i < outSize; i++) most = Math.max(most, rule.taps(i))
    remembered.set(rule, most)
  }
  return most
}

/** Windows that adapt to a larger output are small, however often they are read. */
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
