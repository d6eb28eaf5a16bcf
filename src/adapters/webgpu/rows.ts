/**
 * @file Which poolings compute four neighbours in a thread.
 */
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { dtypes } from '../../tensor/dtype.ts'
import type { Slice } from './step.ts'
import { perWord } from './wgsl/elements.ts'
import { blockSize, type RowWindow } from './wgsl/rows.ts'

/** What of a job decides it. */
export interface RowJob {
  readonly plan: PoolPlan
  readonly planes: readonly PoolPlan[] | null
  readonly counting: object | null
  readonly x: Omit<Slice, 'part'>
  readonly y: Omit<Slice, 'part'>
}

/** Windows and strides whose shaders are worth compiling. */
const windows = [
  [2, 2],
  [3, 2],
  [3, 1],
] as const

/**
 * The windows along the rows, if they are whole, rows of x are whole blocks, and rows of narrow results whole words; null for others.
 * The caller knows that a thread would fold each window.
 */
export function rowWindowOf({ plan, planes, counting, x, y }: RowJob): RowWindow | null {
  const axis = plan.axes.at(-1)!
  const { regular, step, inSize, outSize } = axis
  if (planes !== null || counting !== null || plan.inner !== 1 || regular === null || step !== 1) return null
  const { window, stride, padBefore } = regular
  if (!windows.some(([size, by]) => window === size && stride === by)) return null
  const isWhole = padBefore === 0 && statsOf(axis).fewestTaps === window
  if (!isWhole || plan.axes.some((other) => statsOf(other).fewestTaps === 0)) return null
  const bytes = blockSize * dtypes[x.dtype].storage.BYTES_PER_ELEMENT
  if (inSize % blockSize !== 0 || x.offset % bytes !== 0) return null
  return perWord(y.dtype) > 1 && outSize % blockSize !== 0 ? null : { window, stride }
}

/** The threads for a number of planes. */
export function rowInvocations({ plan }: RowJob): (planes: number) => number {
  const { outSize } = plan.axes.at(-1)!
  const blocks = (outPlane(plan) / outSize) * Math.ceil(outSize / blockSize)
  return (planes) => planes * blocks
}
