/**
 * @file Runs a pooling that leaves elements out: counts the windows' elements first, and fills windows with too few at the end.
 */
import { invalid } from '../../errors.ts'
import type { CountArray, Counted, IndexArray } from '../../kernels/job.ts'
import { copyUnits, type Shared, type SharedPlanes } from '../../kernels/shared-planes.ts'
import { allocateArray } from '../../tensor/allocate.ts'
import { type DType, dtypes, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { assertApart } from '../buffers.ts'
import type { Call } from '../call.ts'
import type { Pooled } from '../options/with-indices.ts'
import { countWindows, divisorsOf, sharedPlan, wholeDivisorsOf } from './counts.ts'
import { countedElements, elementOf, type LeftOut } from './elements.ts'
import { FewWindows, positionsOfFew } from './few-windows.ts'
import { groupOf, parseMask, planesOf, spread } from './mask.ts'
import type { CountedSettings, Counts } from './options.ts'
import { type AllCounted, poolInTiles } from './pool-in-tiles.ts'
import { poolUncounted } from './pool-uncounted.ts'
import { isWrittenLast, written } from './written-last.ts'

/** A result, with counts if they were asked for. */
type Result = Pooled | ({ readonly output: Tensor } & Counts)

/** The elements that a call leaves out, and the counts of its windows on the planes that samples and channels share. */
interface Request extends AllCounted {
  readonly counts: Shared<CountArray>
}

/** What a reduction says of windows. */
export interface Windows {
  /** True if averages keep the plan's divisors. */
  readonly keepsDivisors?: true
  /** True if results are sums, or sums divided by what counts. */
  readonly divides?: true
  /** The result of a window without elements, if no other result depends on how many count. */
  readonly resultOfNone?: (dtype: DType) => Scalar
}

/** Runs `pool` on the elements that count; on all of them if no option says otherwise. */
export function poolCounted(call: Call, windows: Windows, pool: (call: Call) => Pooled): Result {
  const left = leftOutOf(call)
  if (left === null) return pool(call)
  if (!isWrittenLast(call, left)) return poolLeft(call, left, windows, pool)
  const result = poolLeft({ ...call, given: { ...call.given, out: undefined } }, left, windows, pool)
  return result instanceof Tensor
    ? written(call, result)
    : { ...result, output: written(call, result.output) }
}

function poolLeft(call: Call, left: LeftOut, windows: Windows, pool: (call: Call) => Pooled): Result {
  const given = givenFill(call)
  const { resultOfNone } = windows
  const uncounted = resultOfNone === undefined ? null : poolUncounted(call, left, resultOfNone, pool)
  if (uncounted !== null) {
    const { output, few } = uncounted
    if (!few.isEmpty) few.fill(output, given ?? ownFill(call, few))
    return output
  }
  const tiled =
    windows.divides === true
      ? poolInTiles(call, left, given, () => requestOf(call, left, windows), pool)
      : null
  if (tiled !== null) return tiled
  const request = requestOf(call, left, windows)
  const { counted, few } = request
  const fill = few.isEmpty ? undefined : (given ?? ownFill(call, few))
  const pooled = pool({ ...call, counted })
  const output = pooled instanceof Tensor ? pooled : pooled.output
  const indices = pooled instanceof Tensor ? undefined : pooled.indices
  if (fill !== undefined) few.fill(output, fill)
  if (call.counting?.returnCounts !== true) return pooled
  return { output, ...(indices && { indices }), counts: countsOf(call, request) }
}

/** Runs `gradient` on the elements that count; elements that are left out get 0, and windows with too few elements give no gradient. */
export function gradientCounted(call: Call, windows: Windows, gradient: (call: Call) => Tensor): Tensor {
  const left = leftOutOf(call)
  return left === null
    ? gradient(call)
    : gradient({ ...call, counted: requestOf(call, left, windows).counted })
}

/** null if no option asks to leave anything out. */
function leftOutOf(call: Call): LeftOut | null {
  const { op, x, axes, given, counting } = call
  if (counting === undefined || (!counting.isAsked && given.mask === undefined)) return null
  const { nodata } = counting
  const mask = given.mask === undefined ? null : parseMask(op, given.mask, axes)
  if (mask !== null) assertUnwritten(call, mask.data)
  const missing = nodata === undefined ? undefined : elementOf(op, 'nodata', nodata, x.dtype)
  return { mask, missing }
}

function requestOf(call: Call, { mask, missing }: LeftOut, { keepsDivisors }: Windows): Request {
  const { op, x, axes, sizes, counting } = call
  const { minCount: least, countsPadding } = counting!
  if (missing !== undefined) mask?.assertBits()
  const elements = countedElements(op, x, axes, mask, missing)
  const plan = sharedPlan(call.plan(), axes.layout, elements)
  const { counts, areBits, fewest } = countWindows(op, plan, elements)
  if (missing === undefined && areBits !== true) mask?.assertBits()
  const divides = keepsDivisors !== true && (mask !== null || missing !== undefined)
  const divisors = divides ? divisorsOf(op, counts, plan, countsPadding) : null
  const outSize = sizeOf(sizes)
  const bytesOf = ({ data, ...shares }: Shared<CountArray>): SharedPlanes<Uint8Array> | null =>
    data instanceof Uint8Array ? planesOf({ data, ...shares }, axes, outSize) : null
  const copyFrom = (planes: SharedPlanes | null): Counted['copyCounts'] =>
    planes && ((at, into, unit) => copyUnits(planes, at, into, unit))
  const inSize = sizeOf(axes.spatial)
  const marks = planesOf(elements, axes, inSize)
  const countBytes = bytesOf(counts)
  const copyCounts = copyFrom(countBytes)
  const divisorBytes = divisors === counts ? countBytes : divisors && bytesOf(divisors)
  let map: Uint8Array | null = null
  let whole: CountArray | null = null
  let wholeDivisors: CountArray | null = null
  const counted: Counted = {
    get map() {
      map ??= spread(op, elements, axes, inSize)
      return map
    },
    group: groupOf(elements, axes),
    copyMap: (at, into, unit) => copyUnits(marks, at, into, unit),
    get counts() {
      whole ??= spread(op, counts, axes, outSize)
      return whole
    },
    least,
    get divisors() {
      wholeDivisors ??= divisors && wholeDivisorsOf(op, divisors, axes, outSize)
      return wholeDivisors
    },
    copyCounts,
    copyDivisors: divisors === counts ? copyCounts : copyFrom(divisorBytes),
    planes: countBytes &&
      (divisors === null || divisorBytes) && { marks, counts: countBytes, divisors: divisorBytes },
  }
  const few = new FewWindows(positionsOfFew(counts.data, least, fewest), counts, axes, outSize)
  return { counted, counts, few }
}

/** The counts as a new tensor. */
function countsOf({ op, shape }: Call, { counted: { counts } }: Request): Tensor<IndexArray> {
  if (counts instanceof Float64Array) return new Tensor(counts, shape, 'float64')
  const data = allocateArray(op, Int32Array, counts.length)
  data.set(counts)
  return new Tensor(data, shape, 'int32')
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
 * The element that the options give to windows with too few.
 *
 * @throws PoolError "BAD_PARAM" for a `fill` that the dtype does not hold
 */
function givenFill({ op, x: { dtype }, counting }: Call): Scalar | undefined {
  const { fill = counting!.nodata } = counting!
  return fill === undefined ? undefined : elementOf(op, 'fill', fill, dtype)
}

/** That of the dtype. @throws PoolError "BAD_PARAM" for integers */
function ownFill({ op, x: { dtype }, counting }: Call, few: FewWindows): Scalar {
  const { minCount } = counting!
  if (dtypes[dtype].float) return Number.NaN
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'fill', value: undefined },
    `${few.count} windows have fewer than ${minCount} elements that count (minCount), and ${dtype} has no NaN for them`,
    'Pass fill.',
  )
}

/** The `counted` of a job, without data; undefined if every element counts. */
export function outlineOf(counting: CountedSettings | undefined, isMasked: boolean): Counted | undefined {
  if (counting === undefined || (!counting.isAsked && !isMasked)) return undefined
  const counts = new Int32Array(0)
  const outline = { map: new Uint8Array(0), group: 1, copyMap: () => {}, counts, least: counting.minCount }
  return { ...outline, divisors: counts, copyCounts: null, copyDivisors: null }
}
