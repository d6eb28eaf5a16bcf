/**
 * @file The plans of passes along one axis after another.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'

/** True unless each result is the element at its position. */
export function pools({ axes: [axis] }: PoolPlan): boolean {
  return !(axis!.regular?.window === 1 && axis!.inSize === axis!.outSize)
}

/** A plan for each axis, the last axis first: what it reads is what the one before it wrote. */
export function alongAxes({ outer, axes, inner }: PoolPlan, isTransposed: boolean): PoolPlan[] {
  const [before, after] = isTransposed
    ? [(axis: AxisPlan) => axis.outSize, (axis: AxisPlan) => axis.inSize]
    : [(axis: AxisPlan) => axis.inSize, (axis: AxisPlan) => axis.outSize]
  const product = (list: readonly AxisPlan[], of: (axis: AxisPlan) => number) =>
    list.reduce((size, axis) => size * of(axis), 1)
  return axes
    .map((axis, i) => ({
      outer: outer * product(axes.slice(0, i), before),
      axes: [axis],
      inner: inner * product(axes.slice(i + 1), after),
    }))
    .reverse()
}
