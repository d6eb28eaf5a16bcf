/**
 * @file Runs a pooling that leaves elements out: counts the windows' elements first, and fills windows with too few at the end.
 */
import { invalid } from '../../errors.ts'
import type { Counted, IndexArray } from '../../kernels/job.ts'
import { dtypes, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { narrow } from '../../tensor/half.ts'
import { isHalf, storageOf } from '../../tensor/storage.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { assertApart } from '../buffers.ts'
import type { Call } from '../call.ts'
import type { Pooled } from '../options/with-indices.ts'
import { countWindows, divisorsOf } from './counts.ts'
import { countedElements, elementOf } from './elements.ts'
import { parseMask, spread } from './mask.ts'
import type { CountedSettings, Counts } from './options.ts'

/** A result, with counts if they were asked for. */
type Result = Pooled | ({ readonly output: Tensor } & Counts)

/** Runs `pool` on the elements that count; on all of them if no option says otherwise. */
export function poolCounted(call: Call, keepsDivisors: boolean, pool: (call: Call) => Pooled): Result {
  const { shape, counting } = call
  const counted = countedOf(call, keepsDivisors)
  if (counted === null) return pool(call)
  const { counts, least } = counted
  const fill = fillOf(call, counted)
  const pooled = pool({ ...call, counted })
  const output = pooled instanceof Tensor ? pooled : pooled.output
  const indices = pooled instanceof Tensor ? undefined : pooled.indices
  if (fill !== undefined) fillWindows(output, fill, counts, least)
  if (indices !== undefined) fillWindows(indices, -1, counts, least)
  if (counting?.returnCounts !== true) return pooled
  const dtype = counts instanceof Int32Array ? 'int32' : 'float64'
  return { output, ...(indices && { indices }), counts: new Tensor(counts, shape, dtype) }
}

/** Runs `gradient` on the elements that count; elements left out, and windows with too few, have none. */
export function gradientCounted(
  call: Call,
  keepsDivisors: boolean,
  gradient: (call: Call) => Tensor,
): Tensor {
  const counted = countedOf(call, keepsDivisors)
  if (counted === null) return gradient(call)
  return gradient({ ...call, counted })
}

/** What to leave out; null if no option asks for it. */
function countedOf(call: Call, keepsDivisors: boolean): Counted | null {
  const { op, x, axes, given, counting } = call
  if (counting === undefined || (!counting.isAsked && given.mask === undefined)) return null
  const { minCount, nodata } = counting
  const mask = given.mask === undefined ? null : parseMask(op, given.mask, axes)
  if (mask !== null) assertUnwritten(call, mask.data)
  const missing = nodata === undefined ? undefined : elementOf(op, 'nodata', nodata, x.dtype)
  const elements = countedElements(op, x, axes, mask, missing)
  const plan = call.plan()
  const counts = countWindows(op, plan, axes, elements)
  const leavesOut = given.mask !== undefined || nodata !== undefined
  return {
    map: spread(
      op,
      elements,
      axes,
      axes.spatial.reduce((size, dim) => size * dim, 1),
    ),
    counts,
    least: minCount,
    divisors:
      keepsDivisors || !leavesOut ? null : divisorsOf(op, counts, counting.countsPadding ? plan : null),
  }
}

/** The outputs must not overwrite the mask. */
function assertUnwritten({ op, given: { out, indicesOut } }: Call, mask: Uint8Array): void {
  for (const [argument, array] of [
    ['out', out],
    ['indicesOut', indicesOut],
  ] as const) {
    const data = Tensor.isTensor(array) ? array.data : array
    if (ArrayBuffer.isView(data))
      assertApart(op, argument, data as unknown as TypedArray, [{ data: mask }], 'the mask')
  }
}

/**
 * The element that windows with too few get; undefined if there is no such window.
 *
 * @throws PoolError "BAD_PARAM" for integers without a `fill` if there is such a window, or a `fill` that the dtype does not hold
 */
function fillOf({ op, x: { dtype }, counting }: Call, { counts, least }: Counted): Scalar | undefined {
  const { fill = counting!.nodata } = counting!
  const given = fill === undefined ? undefined : elementOf(op, 'fill', fill, dtype)
  let few = 0
  for (let i = 0; i < counts.length; i++) if (counts[i]! < least) few++
  if (few === 0) return undefined
  if (given !== undefined) return given
  if (dtypes[dtype].float) return Number.NaN
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'fill', value: undefined },
    `${few} of ${counts.length} windows have fewer than ${least} elements that count (minCount), and ${dtype} has no NaN for them`,
    'Pass fill.',
  )
}

function fillWindows({ data, dtype }: Tensor, value: Scalar, counts: IndexArray, least: number): void {
  const elements = storageOf(data)
  const element = isHalf(dtype) ? bitsOf(value as number, dtype) : value
  for (let i = 0; i < counts.length; i++) if (counts[i]! < least) elements[i] = element as never
}

function bitsOf(value: number, dtype: Parameters<typeof narrow>[1]): number {
  const bits = new Uint16Array(1)
  narrow([value], dtype, bits)
  return bits[0]!
}

/** What a job leaves out, without data; undefined if it leaves out nothing. */
export function outlineOf(counting: CountedSettings | undefined, isMasked: boolean): Counted | undefined {
  if (counting === undefined || (!counting.isAsked && !isMasked)) return undefined
  const counts = new Int32Array(0)
  return { map: new Uint8Array(0), counts, least: counting.minCount, divisors: counts }
}
