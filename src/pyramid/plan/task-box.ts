/**
 * @file The boxes of a task: what it reads, and what that becomes on the levels after.
 */
import { type Box, placeAt } from '../zarr/block.ts'
import type { PyramidPlan } from './pyramid-plan.ts'

/** The box that a task reads, within its level. */
export function boxOfTask({ stages, levels }: PyramidPlan, stage: number, task: number): Box {
  const { from, block, counts } = stages[stage]!
  const first = placeAt(task, counts).map((at, axis) => at * block[axis]!)
  return {
    from: first,
    to: first.map((begin, axis) => Math.min(begin + block[axis]!, levels[from]!.shape[axis]!)),
  }
}

/** A box of the level before as one of this level. */
export function reducedBox({ levels }: PyramidPlan, { from, to }: Box, level: number): Box {
  const { step, shape } = levels[level]!
  return {
    from: from.map((begin, axis) => begin / step[axis]!),
    to: to.map((end, axis) => Math.min(Math.ceil(end / step[axis]!), shape[axis]!)),
  }
}
