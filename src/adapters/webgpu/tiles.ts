/**
 * @file How workgroups share the windows of an axis: the tiles of a pass by doubling, and the results of a workgroup that folds by a tree.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { memoizeWeak } from '../../tensor/memoize-weak.ts'
import { type AxisTables, forwardTables, transposedTables } from './plan-tables.ts'
import type { Team } from './step.ts'
import { type GpuDType, perWord } from './wgsl/elements.ts'
import { teamSize } from './wgsl/monoid.ts'

/** Lines along an axis; results of each, and the inputs that they read; doublings, and one. Of a tree, `lines` is the number of results. */
export type Tile = Omit<Team, 'groups'>

/** Lines side by side whose elements fill a transaction of memory: 8 words. */
const sideBySide = 8

/** The tile of so many entries for an axis with `inner` elements between neighbours; null if windows are empty, do not ascend or are too long. */
export function tileOf(plan: PoolPlan, isTransposed: boolean, entries: number): Tile | null {
  const axis = (isTransposed ? transposedTables : forwardTables)(plan.axes[0]!)
  const ends = endsOf(axis)
  if (ends === null) return null
  const { inSize, outSize } = axis
  const [first] = axis.tables as [Int32Array]
  const reach = first.reduce((most, begin, i) => Math.max(most, ends[i]! - begin), 0)
  const whole = Math.floor(entries / inSize)
  const least = plan.inner === 1 ? 1 : sideBySide
  const most = Math.max(1, whole, Math.min(least, Math.floor(entries / 2 / reach)))
  const lines = Math.min(most, plan.outer * plan.inner)
  const longest = Math.min(inSize, Math.floor(entries / lines))
  if (reach > longest) return null
  const fits = (length: number): boolean => {
    for (let i = 0; i < outSize; i++)
      if (ends[Math.min(i + length, outSize) - 1]! - first[i]! > longest) return false
    return true
  }
  let [length, above] = [1, Math.min(outSize, Math.floor(entries / lines)) + 1]
  while (above - length > 1) {
    const middle = (length + above) >> 1
    if (fits(middle)) length = middle
    else above = middle
  }
  let span = 0
  for (let i = 0; i < outSize; i += length)
    span = Math.max(span, ends[Math.min(i + length, outSize) - 1]! - first[i]!)
  const mostTaps = axis.tables[1]!.reduce((most, taps) => Math.max(most, taps), 0)
  return { lines, length, span, levels: Math.floor(Math.log2(mostTaps)) + 1 }
}

/** True if windows have taps, and begin and end in ascending order. */
export const ascends = memoizeWeak((axis: AxisPlan): boolean => endsOf(forwardTables(axis)) !== null)

/** The ends of windows; null if some window is empty, or begins or ends before an earlier one. */
function endsOf({ tables, step }: AxisTables): Int32Array | null {
  const [first, taps] = tables as [Int32Array, Int32Array]
  const ends = first.map((begin, i) => begin + (taps[i]! - 1) * step + 1)
  for (let i = 0; i < first.length; i++) {
    if (taps[i] === 0) return null
    if (i > 0 && (first[i]! < first[i - 1]! || ends[i]! < ends[i - 1]!)) return null
  }
  return ends
}

/** The workgroups of a pass by doubling over a number of planes. */
export function doublingTeam(plan: PoolPlan, tile: Tile, isTransposed: boolean): Team {
  const { lines, length } = tile
  const tiles = Math.ceil((isTransposed ? inPlane : outPlane)(plan) / length)
  return { ...tile, groups: (planes) => Math.ceil((planes * plan.inner) / lines) * tiles }
}

/** Taps that are enough for one thread of a tree. */
const tapsPerThread = 4

/** A tree of few taps has few threads for each result, and one of channels reads those side by side. */
export function treeTeam(plan: PoolPlan, to: GpuDType): Team {
  const perPlane = outPlane(plan) * plan.inner
  const taps = readsOf(plan) / Math.max(1, plan.outer * perPlane)
  const idle = Math.max(1, (teamSize * tapsPerThread) / Math.max(1, taps))
  const most = Math.min(64, Math.max(idle, Math.min(plan.inner, sideBySide)))
  const lines = Math.max(2 ** Math.floor(Math.log2(most)), perWord(to))
  return { lines, length: 1, span: 0, levels: 0, groups: (planes) => Math.ceil((planes * perPlane) / lines) }
}

/** A workgroup for each word of the result. */
export function sharedTeam(plan: PoolPlan, to: GpuDType): Team {
  const perPlane = outPlane(plan) * plan.inner
  const lines = perWord(to)
  return { lines, length: 1, span: 0, levels: 0, groups: (planes) => Math.ceil((planes * perPlane) / lines) }
}
