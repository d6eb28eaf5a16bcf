/**
 * @file Which poolings compute four results in a thread.
 */
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { dtypes } from '../../tensor/dtype.ts'
import type { Slice } from './step.ts'
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

/** Windows and strides along rows whose shaders are worth compiling. */
const windows = [
  [2, 2],
  [3, 2],
  [3, 1],
] as const

/**
 * Four neighbours along rows, if these are whole blocks, and rows of narrow results whole words; four channels, if channels lie last
 * and are whole blocks; null for others, for windows without taps, and where elements are left out. The caller knows that a thread would
 * fold each window.
 */
export function blocksOf({ plan, planes, counting, x, y }: BlockJob): Blocks | null {
  if (planes !== null || counting !== null) return null
  if (plan.axes.some((axis) => statsOf(axis).fewestTaps === 0)) return null
  if (x.offset % (blockSize * dtypes[x.dtype].storage.BYTES_PER_ELEMENT) !== 0) return null
  if (plan.inner > 1) return plan.inner % blockSize === 0 ? 'channels' : null
  const { inSize, outSize } = plan.axes.at(-1)!
  if (inSize % blockSize !== 0 || (perWord(y.dtype) > 1 && outSize % blockSize !== 0)) return null
  return rowWindowOf(plan)
}

function rowWindowOf({ axes }: PoolPlan): RowWindow | null {
  const { regular, step, inSize, outSize } = axes.at(-1)!
  if (regular === null || step !== 1) return null
  const { window, stride, padBefore } = regular
  if (!windows.some(([size, by]) => window === size && stride === by)) return null
  const overhang = Math.max(0, (outSize - 1) * stride - padBefore + window - inSize)
  return { window, stride, padBefore, overhang }
}

/** The threads for a number of planes. */
export function blockInvocations(plan: PoolPlan, blocks: Blocks): (planes: number) => number {
  const { outSize } = plan.axes.at(-1)!
  const perPlane =
    blocks === 'channels'
      ? (outPlane(plan) * plan.inner) / blockSize
      : (outPlane(plan) / outSize) * Math.ceil(outSize / blockSize)
  return (planes) => planes * perPlane
}
