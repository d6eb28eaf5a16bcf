/**
 * @file A single row of wide pixels, seen as a column of rows of one pixel: long windows are then folded down whole vectors.
 */
import { statsOf } from '../../../plan/tables.ts'
import { type LoweredPlan, unit } from '../tiles/lowered-plan.ts'

/** The least bytes of a pixel of folds, and the least taps of a window. */
const leastBytes = 64
const leastTaps = 8

/** True for windows along a row that hardly overlap. */
export function isColumn({ axes: [a, b, c], inner }: LoweredPlan, bytes: number): boolean {
  const { mostTaps, reads } = statsOf(c)
  const isRow = [a, b].every(({ inSize, outSize }) => inSize === 1 && outSize === 1)
  return isRow && inner * bytes >= leastBytes && mostTaps >= leastTaps && reads <= 2 * c.inSize
}

/** The same elements in the same places. */
export function columnOf({ planes, axes: [a, , c], inner }: LoweredPlan): LoweredPlan {
  return { planes, axes: [a, c, unit], inner }
}
