/**
 * @file Runs a pooling that leaves elements out without counting them: windows without elements are found by their results.
 */
import { countedWithout } from '../../kernels/counted.ts'
import { firstPosition } from '../../kernels/first-position.ts'
import type { Counted, IndexArray } from '../../kernels/job.ts'
import { positionsOf } from '../../kernels/mark.ts'
import { copyUnits, type SharedPlanes } from '../../kernels/shared-planes.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { type DType, dtypes, type Scalar } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Call } from '../call.ts'
import { countWindows } from './counts.ts'
import { countedElements, type LeftOut } from './elements.ts'
import { FewWindows, positionsOfFew } from './few-windows.ts'
import { groupOf, type Mask, planesOf } from './mask.ts'
import { type Copies, watchCopies } from './watched-marks.ts'
import { writesOwn } from './written-last.ts'

/** A result, and the windows without elements, whose results are still open. */
export interface Uncounted {
  readonly output: Tensor
  readonly few: FewWindows
}

/**
 * Null, with nothing written, if the call needs counts or may be refused because of them, or if samples or channels share a mask, whose
 * few windows are counted soon.
 *
 * @param resultOfNone  the result of a window without elements, by dtype
 */
export function poolUncounted<P>(
  call: Call,
  { mask, missing }: LeftOut,
  resultOfNone: (dtype: DType) => Scalar,
  pool: (call: Call) => P,
): Uncounted | null {
  const { op, x, axes, sizes } = call
  if (needsCounts(call) || isHalf(x.dtype) || x.isBoolean) return null
  const isWhole = mask !== null && mask.batch === axes.batch && mask.channels === axes.channels
  if (missing === undefined ? !isWhole : mask !== null) return null
  const marks = mask && planesOf(mask, axes, sizeOf(axes.spatial))
  const copies = marks && !writesOwn(call) ? watchCopies(marks, x.data.length) : null
  if (copies === null) mask?.assertBits()
  const mapOf = (): Uint8Array => countedElements(op, x, axes, mask, missing).data
  const counted =
    missing === undefined ? countedBy(call, mask!, marks!, copies) : countedWithout(missing, mapOf)
  const output = pool({ ...call, counted }) as Tensor
  if (copies?.areBits() === false) mask?.assertBits()
  const plan = call.plan()
  const whole = { batch: axes.batch, channels: axes.channels }
  const positions =
    emptyWindows(plan, counted, output, resultOfNone(x.dtype)) ??
    positionsOfFew(countWindows(op, plan, { ...whole, data: counted.map }).counts.data, 1, null)
  return { output, few: new FewWindows(positions, whole, axes, sizeOf(sizes)) }
}

/** True for indices, counts, a minimum above 1, and for integers without a fill whose output is the caller's or lies in its memory. */
function needsCounts(call: Call<unknown>): boolean {
  const { x, settings: returnIndices, counting } = call
  const { minCount, returnCounts, fill, nodata } = counting!
  const hasFill = dtypes[x.dtype].float || fill !== undefined || nodata !== undefined
  const mayBeRefused = !hasFill && writesOwn(call)
  return returnIndices === true || returnCounts || minCount !== 1 || mayBeRefused
}

/** The marks of a whole mask. */
function countedBy(
  { axes }: Call,
  mask: Mask,
  marks: SharedPlanes<Uint8Array>,
  copies: Copies | null,
): Counted {
  const none = { counts: new Uint8Array(0), divisors: null, copyCounts: null, copyDivisors: null }
  return {
    map: mask.data,
    group: groupOf(mask, axes),
    copyMap: copies?.copy ?? ((at, into, unit) => copyUnits(marks, at, into, unit)),
    least: 1,
    planes: { marks, counts: null, divisors: null },
    ...none,
  }
}

/** The elements that may be read to find empty windows, beside those of the output; counting reads all. */
const fewReads = 1024

/** The windows whose result is `none` and in which no element counts; null if reading them would cost more than counting. */
function emptyWindows(
  plan: PoolPlan,
  counted: Counted,
  { data, dtype }: Tensor,
  none: Scalar,
): IndexArray | null {
  const { axes, inner } = plan
  const taps = axes.reduce((size, axis) => size * statsOf(axis).mostTaps, 1)
  const most = Math.floor((fewReads + data.length / 64) / Math.max(1, taps))
  const found = positionsOf(data, dtype, none, most)
  if (found === null) return null
  if (found.length === 0) return new Int32Array(0)
  const { map } = counted
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  const empty = found.filter((at) => {
    const pixel = Math.floor(at / inner)
    const from = Math.floor(pixel / outSize) * inSize
    const isCounted = (position: number): boolean => map[(from + position) * inner + (at % inner)] === 1
    return firstPosition(plan, pixel % outSize, isCounted) < 0
  })
  return Int32Array.from(empty)
}
