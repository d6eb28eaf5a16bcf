/**
 * @file Runs a pooling that leaves elements out on kernels that count the elements of each tile.
 */
import { countedInTiles } from '../../kernels/counted.ts'
import type { Counted } from '../../kernels/job.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { type DType, dtypes, type Scalar } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Call } from '../call.ts'
import type { Pooled } from '../options/with-indices.ts'
import { mostIn } from './counts.ts'
import type { LeftOut } from './elements.ts'
import type { FewWindows } from './few-windows.ts'
import { planesOf } from './mask.ts'
import { watchCopies } from './watched-marks.ts'
import { writesOwn } from './written-last.ts'

const mostByte = 255

/** What is known when all windows are counted. */
export interface AllCounted {
  readonly counted: Counted
  readonly few: FewWindows
}

/** Elements of a plane up to which its marks surely fit the memory. */
const mostElements = 2 ** 26

/** Elements of a window that are counted again for each plane sooner than counts are read. */
const fewElements = 4

/** True if marks that are shared soon stand beside each element: those of one channel, or of many bytes to a pixel. */
function isSpreadSoon(plan: PoolPlan, dtype: DType): boolean {
  const bytes = dtypes[dtype].storage.BYTES_PER_ELEMENT
  return plan.inner === 1 ? bytes < 8 : bytes === 1 && plan.inner >= 16 && hardlyOverlap(plan)
}

/** True if windows read no more elements than there are: they hardly overlap. */
function hardlyOverlap({ axes }: PoolPlan): boolean {
  return axes.every((axis) => statsOf(axis).reads <= axis.inSize)
}

/**
 * Null, with nothing written, if the call needs counts, if it may be refused because of them, or if samples or channels share a mask,
 * whose windows are counted once for all if they are not small.
 *
 * @param given  the result of windows with too few elements
 * @param count  counts all windows, for kernels that do not count in tiles
 */
export function poolInTiles(
  call: Call,
  { mask, missing }: LeftOut,
  given: Scalar | undefined,
  count: () => AllCounted,
  pool: (call: Call) => Pooled,
): Tensor | null {
  const { x, axes, counting } = call
  const fill = given ?? (dtypes[x.dtype].float ? Number.NaN : undefined)
  if (fill === undefined || counting!.returnCounts || counting!.countsPadding) return null
  const isWhole = mask !== null && mask.batch === axes.batch && mask.channels === axes.channels
  const plan = call.plan()
  const isSpread = mask !== null && mostIn(plan) <= fewElements && isSpreadSoon(plan, x.dtype)
  if (missing === undefined && !isWhole && !isSpread) return null
  const plane = inPlane(plan) * plan.inner
  const most = Math.max(mostIn(plan), counting!.minCount)
  if (most >= 2 ** 31 || plane > mostElements || outPlane(plan) === 0) return null
  const marks = mask && planesOf(mask, axes, sizeOf(axes.spatial))
  const copies = marks !== null && isWhole && !writesOwn(call) ? watchCopies(marks, x.data.length) : null
  if (copies === null) mask?.assertBits()
  let request: AllCounted | null = null
  const counted = countedInTiles(
    { nodata: missing, fill, countBytes: most > mostByte ? 4 : 1 },
    marks,
    counting!.minCount,
    () => {
      request ??= count()
      return request.counted
    },
    copies?.copy,
  )
  const output = pool({ ...call, counted }) as Tensor
  if (copies?.areBits() === false) mask?.assertBits()
  const late = request as AllCounted | null
  if (late !== null && !late.few.isEmpty) late.few.fill(output, fill)
  return output
}
