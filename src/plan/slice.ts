/**
 * @file Parts of a plan: the inputs that a range of outputs reads, and the plan of that range alone.
 */
import { type AxisPlan, firstOf, tapsOf } from './axis.ts'
import type { PoolPlan } from './pool-plan.ts'
import { periodicIn } from './tables.ts'

/**
 * The smallest range `[from, to)` of inputs that holds all taps of outputs `[begin, end)`; [0, 0] if there are none.
 */
export function inputRange(axis: AxisPlan, begin: number, end: number): readonly [from: number, to: number] {
  if (axis.rule.range !== undefined) {
    const [from, to] = axis.rule.range(axis.begin + begin, axis.begin + end)
    return [from - axis.origin, to - axis.origin]
  }
  if (ascends(axis)) return ascendingRange(axis, begin, end)
  const { period } = axis.rule.periodic
  const [periodicFrom, periodicTo] = periodicIn(axis, begin, end)
  let from = Number.POSITIVE_INFINITY
  let to = 0
  const read = (low: number, high: number): void => {
    for (let i = low; i < high; i++) {
      const taps = tapsOf(axis, i)
      if (taps === 0) continue
      const first = firstOf(axis, i)
      from = Math.min(from, first)
      to = Math.max(to, first + (taps - 1) * axis.step + 1)
    }
  }
  const firstEnd = Math.min(periodicFrom + period, periodicTo)
  read(begin, firstEnd)
  read(Math.max(firstEnd, periodicTo - period), end)
  return from < to ? [from, to] : [0, 0]
}

/** True for windows whose starts and ends ascend. */
function ascends({ regular, source }: AxisPlan): boolean {
  return regular === null && (source === null || source.regular === null)
}

/** From the first window that has taps to the last one. */
function ascendingRange(axis: AxisPlan, begin: number, end: number): readonly [from: number, to: number] {
  let [low, high] = [begin, end - 1]
  while (low < high && tapsOf(axis, low) === 0) low++
  while (low < high && tapsOf(axis, high) === 0) high--
  if (low > high || tapsOf(axis, low) === 0) return [0, 0]
  return [firstOf(axis, low), firstOf(axis, high) + tapsOf(axis, high)]
}

/** The plan of outputs `[begin, end)` of an axis over the inputs that they read. */
export function sliceAxis<A extends AxisPlan>(axis: A, begin: number, end: number): A {
  const [from, to] = inputRange(axis, begin, end)
  const { regular } = axis
  return {
    ...axis,
    inSize: to - from,
    outSize: end - begin,
    regular: regular && { ...regular, padBefore: regular.padBefore + from - begin * regular.stride },
    origin: axis.origin + from,
    begin: axis.begin + begin,
  }
}

/** The plan of outputs `[begin, end)` along one axis of a plan; its inputs are those of `inputRange`. */
export function slicePlan(
  plan: PoolPlan,
  axis: number,
  outputs: readonly [begin: number, end: number],
): PoolPlan {
  return { ...plan, axes: plan.axes.with(axis, sliceAxis(plan.axes[axis]!, ...outputs)) }
}

/** The halo of a slice in outputs, roughly: how many outputs also read inputs of the neighbouring slice. */
export function overlapOf(axis: AxisPlan): number {
  const { step, inSize, outSize } = axis
  return Math.floor(((tapsOf(axis, outSize >> 1) - 1) * step * outSize) / inSize)
}
