/**
 * @file A job as numbers in shared memory: arrays become addresses there, axes the recipes of their plans.
 */
import type { AxisPlan, Recipe } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { planFrom } from '../../plan/recipe.ts'
import { sliceAxis } from '../../plan/slice.ts'
import type { Division } from '../../reducers/average.ts'
import type { Norm } from '../../reducers/lp.ts'
import { type Rounding, roundings } from '../../reducers/rounding.ts'
import { type DType, dtypeNames, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import type { Job } from '../job.ts'
import { messageBytes } from './control.ts'

const reducers = ['max', 'min', 'average', 'lp'] as const
const passes = ['forward', 'backward'] as const
const arrayNames = ['x', 'y', 'dy', 'dx', 'indices'] as const
const kinds = ['sliding', 'adaptive', 'runs'] as const
/** Doubles that an axis takes; the starts of runs follow as 32-bit integers. */
const axisNumbers = 11
type AxisNumbers = [number, number, number, number, number, number, number, number, number, number, number]
const headNumbers = 13 + 2 * arrayNames.length

type Arrays = Partial<Record<(typeof arrayNames)[number], TypedArray | null>>
interface Fields extends Arrays {
  readonly division?: Division
  readonly rounding?: Rounding
  readonly exact?: boolean
  readonly norm?: Norm
}

function fieldsOf(job: Job): Fields {
  return job as Fields
}

/** The arrays that a job reads and writes. */
export function arraysOf(job: Job): TypedArray[] {
  return arrayNames.flatMap((name) => fieldsOf(job)[name] ?? [])
}

/** Whether all of a job lies in `buffer`, as the arrays that a thread there would make of it. */
export function isSendable(job: Job, buffer: ArrayBufferLike): boolean {
  const { storage } = dtypes[job.dtype]
  return arrayNames.every((name) => {
    const array = fieldsOf(job)[name]
    const wanted = name === 'indices' ? Int32Array : storage
    return !array || (array.buffer === buffer && array.constructor === wanted)
  })
}

/** False if the plan is too long; what was written then means nothing. */
export function writeJob(job: Job, buffer: ArrayBufferLike, at: number): boolean {
  const { plan, dtype, reducer, pass } = job
  const { division, rounding, exact, norm } = fieldsOf(job)
  const recipes = plan.axes.map((axis) => axis.recipe!)
  const starts = recipes.map((recipe) => (recipe.kind === 'runs' ? recipe.starts : new Int32Array(0)))
  const count = headNumbers + axisNumbers * plan.axes.length
  if (8 * count + starts.reduce((bytes, { byteLength }) => bytes + byteLength, 0) > messageBytes) return false
  const { p, fullWindow } = (norm ?? { p: 0, fullWindow: null }) as { p: number; fullWindow: number | null }
  const head = [
    ...[reducers.indexOf(reducer), passes.indexOf(pass), dtypeNames.indexOf(dtype), exact ? 1 : 0],
    ...[['product', 'each'].indexOf(String(division)), typeof division === 'number' ? division : 0],
    rounding === undefined ? -1 : roundings.indexOf(rounding),
    ...[p, fullWindow === null ? 0 : 1, fullWindow ?? 0, plan.outer, plan.inner, plan.axes.length],
    ...arrayNames.flatMap((name) => placeOf(fieldsOf(job)[name])),
    ...plan.axes.flatMap(({ begin, outSize }, axis) => [...numbersOf(recipes[axis]!), begin, outSize]),
  ]
  new Float64Array(buffer, at, count).set(head)
  let address = at + 8 * count
  for (const table of starts) {
    new Int32Array(buffer, address, table.length).set(table)
    address += table.byteLength
  }
  return true
}

function numbersOf(recipe: Recipe): readonly number[] {
  const [window, stride, dilation, padBefore, padAfter, countPadding] =
    recipe.kind === 'sliding'
      ? [
          recipe.window,
          recipe.stride,
          recipe.dilation,
          recipe.padBefore,
          recipe.padAfter,
          recipe.countPadding,
        ]
      : [recipe.kind === 'runs' ? recipe.window : 0, 0, 0, 0, 0, false]
  const outSize = recipe.kind === 'runs' ? recipe.starts.length : recipe.outSize
  const sizes = [kinds.indexOf(recipe.kind), recipe.inSize, outSize]
  return [...sizes, window, stride, dilation, padBefore, padAfter, countPadding ? 1 : 0]
}

/** Address and length; a length of -1 for an array that is not there, of -2 for null. */
function placeOf(array: TypedArray | null | undefined): readonly [number, number] {
  return array ? [array.byteOffset, array.length] : [0, array === null ? -2 : -1]
}

/** The job that was written, over the same arrays. */
export function readJob(buffer: ArrayBufferLike, at: number): Job {
  const head = new Float64Array(buffer, at, headNumbers).slice()
  const [reducer, pass, dtypeAt, exact, division, divisor, rounding, p, isFull, full, outer, inner, rank] =
    head
  const dtype = dtypeNames[dtypeAt!]!
  const job: Record<string, unknown> = {
    reducer: reducers[reducer!],
    pass: passes[pass!],
    dtype,
    plan: readPlan(buffer, at + 8 * headNumbers, { outer: outer!, inner: inner!, rank: rank! }),
    exact: exact === 1,
    division: ['product', 'each'][division!] ?? divisor,
    rounding: roundings[rounding!],
    norm: { p, fullWindow: isFull === 1 ? full : null },
  }
  arrayNames.forEach((name, i) => {
    const [address, length] = head.subarray(13 + 2 * i) as unknown as [number, number]
    if (length === -1) return
    job[name] = length === -2 ? null : arrayAt(buffer, name === 'indices' ? 'int32' : dtype, address, length)
  })
  return job as unknown as Job
}

function arrayAt(buffer: ArrayBufferLike, dtype: DType, address: number, length: number): TypedArray {
  return new dtypes[dtype].storage(buffer as ArrayBuffer, address, length)
}

function readPlan(
  buffer: ArrayBufferLike,
  at: number,
  { outer, inner, rank }: { outer: number; inner: number; rank: number },
): PoolPlan {
  let address = at + 8 * axisNumbers * rank
  const axes = Array.from({ length: rank }, (_, i) => {
    const numbers = new Float64Array(buffer, at + 8 * axisNumbers * i, axisNumbers)
    const [kindAt, inSize, size, window, stride, dilation, padBefore, padAfter, counts, begin, outSize] =
      numbers as unknown as AxisNumbers
    const kind = kinds[kindAt]!
    const windows = { inSize, outSize: size, window, stride, dilation, padBefore, padAfter }
    if (kind !== 'runs')
      return part(planFrom({ kind, ...windows, countPadding: counts === 1 }), begin, outSize)
    const starts = new Int32Array(buffer, address, size).slice()
    address += starts.byteLength
    return part(planFrom({ kind, inSize, window, starts }), begin, outSize)
  })
  return { outer, axes, inner }
}

function part(axis: AxisPlan, begin: number, outSize: number): AxisPlan {
  return outSize === axis.outSize ? axis : sliceAxis(axis, begin, begin + outSize)
}
