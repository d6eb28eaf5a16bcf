/**
 * @file Tiles that differ only in where they lie: one pass runs them all.
 */
import { isPeriodicIn } from '../../../plan/tables.ts'
import { sharesSums } from '../../sum-order.ts'
import type { Axis, LoweredPlan } from './lowered-plan.ts'

/** True for tiles of one plan with the same windows. Those of other positions are not alike if passes write `positions`. */
export function areAlike(a: LoweredPlan, b: LoweredPlan, positions: boolean): boolean {
  if (a.planes !== b.planes || a.inner !== b.inner) return false
  if (a.axes === b.axes) return true
  return !positions && a.axes.every((axis, i) => areAlikeAlong(axis, b.axes[i]!))
}

function areAlikeAlong(a: Axis, b: Axis): boolean {
  if (a === b) return true
  if (a.rule !== b.rule || a.inSize !== b.inSize || a.outSize !== b.outSize) return false
  const { periodic } = a.rule
  return (
    isMultiple(b.begin - a.begin, periodic.period) &&
    b.origin - a.origin === ((b.begin - a.begin) / periodic.period) * periodic.shift &&
    isPeriodicIn(a, 0, a.outSize) &&
    isPeriodicIn(b, 0, b.outSize) &&
    haveSameBlocks(a, b.origin - a.origin) &&
    (a.source === null || haveSameBlocks(a.source, b.begin - a.begin)) &&
    haveSameDivisors(a, b)
  )
}

/** Shared sums have blocks at multiples of the window. `moved` is how far the inputs of two tiles lie apart. */
function haveSameBlocks(axis: Axis, moved: number): boolean {
  return !sharesSums(axis) || isMultiple(moved, axis.regular!.window)
}

/** Tiles of a transposed plan divide by the divisors of its source. */
function haveSameDivisors({ source, origin, inSize }: Axis, b: Axis): boolean {
  if (source === null) return true
  const { period } = source.rule.periodic
  return (
    isMultiple(b.origin - origin, period) &&
    isPeriodicIn(source, origin, origin + inSize) &&
    isPeriodicIn(source, b.origin, b.origin + inSize)
  )
}

function isMultiple(count: number, of: number): boolean {
  return count % of === 0
}
