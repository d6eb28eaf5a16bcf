/**
 * @file Which poolings compute four results in a thread.
 */
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { dtypes } from '../../tensor/dtype.ts'
import type { Slice, Step } from './step.ts'
import type { Blocks } from './wgsl/blocks.ts'
import { perWord } from './wgsl/elements.ts'
import { blockSize } from './wgsl/lanes.ts'
import type { RowWindow } from './wgsl/rows.ts'

/** What of a job decides it. */
export interface BlockJob {
  readonly plan: PoolPlan
  readonly planes: readonly PoolPlan[] | null
  readonly counting: object | null
  readonly x: Omit<Slice, 'part'>
  readonly y: Omit<Slice, 'part'>
}

/**
 * Windows along rows that are read in blocks: window, stride, padding before, and places past the end of the row. With other padding they are
 * read element by element, by one shader for each window and stride.
 */
const inBlocks = [
  [2, 2, 0, 0],
  [3, 2, 0, 0],
  [3, 2, 1, 0],
  [3, 2, 0, 1],
  [3, 1, 0, 0],
  [3, 1, 1, 1],
  [5, 1, 0, 0],
  [5, 1, 2, 2],
] as const

/**
 * Four neighbours along rows, unless rows of narrow results are no whole words; four channels, if channels lie last and are whole blocks;
 * null for others, for windows without taps, and where elements are left out. The caller knows that a thread would fold each window.
 */
export function blocksOf({ plan, planes, counting, x, y }: BlockJob): Blocks | null {
  if (planes !== null || counting !== null) return null
  if (plan.axes.some((axis) => statsOf(axis).fewestTaps === 0)) return null
  const isAligned = x.offset % (blockSize * dtypes[x.dtype].storage.BYTES_PER_ELEMENT) === 0
  if (plan.inner > 1) return isAligned && plan.inner % blockSize === 0 ? 'channels' : null
  const { inSize, outSize } = plan.axes.at(-1)!
  if (perWord(y.dtype) > 1 && outSize % blockSize !== 0) return null
  return rowWindowOf(plan, isAligned && inSize % blockSize === 0)
}

function rowWindowOf({ axes }: PoolPlan, hasBlocks: boolean): RowWindow | null {
  const { regular, step, inSize, outSize } = axes.at(-1)!
  if (regular === null || step !== 1) return null
  const { window, stride, padBefore } = regular
  const known = inBlocks.filter(([size, by]) => window === size && stride === by)
  if (known.length === 0) return null
  const overhang = Math.max(0, (outSize - 1) * stride - padBefore + window - inSize)
  const isAligned = hasBlocks && known.some(([, , before, past]) => before === padBefore && past === overhang)
  return { window, stride, padBefore, overhang, isAligned }
}

/** The threads for a number of planes, and what their shader takes from the run. */
export function blockWork(plan: PoolPlan, blocks: Blocks): Pick<Step, 'invocations' | 'second'> {
  const { outSize } = plan.axes.at(-1)!
  if (blocks === 'channels') {
    const perPlane = (outPlane(plan) * plan.inner) / blockSize
    return { invocations: (planes) => planes * perPlane }
  }
  const perPlane = (outPlane(plan) / outSize) * Math.ceil(outSize / blockSize)
  return { invocations: (planes) => planes * perPlane, second: blocks.padBefore }
}
