/**
 * @file A job as numbers in shared memory: arrays become addresses there, the plan is copied.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import type { Division } from '../../reducers/average.ts'
import type { Norm } from '../../reducers/lp.ts'
import { type DType, dtypeNames, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import type { Job } from '../kernel.ts'
import { messageBytes } from './control.ts'

const reducers = ['max', 'min', 'average', 'lp'] as const
const passes = ['forward', 'backward'] as const
const arrayNames = ['x', 'y', 'dy', 'dx', 'indices'] as const
/** Doubles that an axis takes, and 32-bit integers per output. */
const axisNumbers = 9
const axisTables = 3
const headNumbers = 12 + 2 * arrayNames.length

type Arrays = Partial<Record<(typeof arrayNames)[number], TypedArray | null>>
interface Fields extends Arrays {
  readonly division?: Division
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
  const { division, exact, norm } = fieldsOf(job)
  const outputs = plan.axes.reduce((count, { outSize }) => count + outSize, 0)
  const count = headNumbers + axisNumbers * plan.axes.length
  if (8 * count + 4 * axisTables * outputs > messageBytes) return false
  const { p, fullWindow } = (norm ?? { p: 0, fullWindow: null }) as { p: number; fullWindow: number | null }
  const head = [
    ...[reducers.indexOf(reducer), passes.indexOf(pass), dtypeNames.indexOf(dtype), exact ? 1 : 0],
    ...[['product', 'each'].indexOf(String(division)), typeof division === 'number' ? division : 0],
    ...[p, fullWindow === null ? 0 : 1, fullWindow ?? 0, plan.outer, plan.inner, plan.axes.length],
    ...arrayNames.flatMap((name) => placeOf(fieldsOf(job)[name])),
    ...plan.axes.flatMap(({ inSize, outSize, step, interior, regular }) => [
      ...[inSize, outSize, step, ...interior, regular === null ? 0 : 1],
      ...[regular?.window ?? 0, regular?.stride ?? 0, regular?.padBefore ?? 0],
    ]),
  ]
  new Float64Array(buffer, at, count).set(head)
  const tables = new Int32Array(buffer, at + 8 * count, axisTables * outputs)
  let place = 0
  for (const { first, taps, divisor } of plan.axes) {
    for (const table of [first, taps, divisor]) {
      tables.set(table, place)
      place += table.length
    }
  }
  return true
}

/** Address and length; a length of -1 for an array that is not there, of -2 for null. */
function placeOf(array: TypedArray | null | undefined): readonly [number, number] {
  return array ? [array.byteOffset, array.length] : [0, array === null ? -2 : -1]
}

/** The job that was written, over the same arrays. */
export function readJob(buffer: ArrayBufferLike, at: number): Job {
  const head = new Float64Array(buffer, at, headNumbers).slice()
  const [reducer, pass, dtypeAt, exact, division, divisor, p, isFull, full, outer, inner, rank] = head
  const dtype = dtypeNames[dtypeAt!]!
  const job: Record<string, unknown> = {
    reducer: reducers[reducer!],
    pass: passes[pass!],
    dtype,
    plan: readPlan(buffer, at + 8 * headNumbers, { outer: outer!, inner: inner!, rank: rank! }),
    exact: exact === 1,
    division: ['product', 'each'][division!] ?? divisor,
    norm: { p, fullWindow: isFull === 1 ? full : null },
  }
  arrayNames.forEach((name, i) => {
    const [address, length] = head.subarray(12 + 2 * i) as unknown as [number, number]
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
  let table = at + 8 * axisNumbers * rank
  const axes = Array.from({ length: rank }, (_, i): AxisPlan => {
    const [inSize, outSize, step, begin, end, isRegular, window, stride, padBefore] = new Float64Array(
      buffer,
      at + 8 * axisNumbers * i,
      axisNumbers,
    ) as unknown as [number, number, number, number, number, number, number, number, number]
    const next = (): Int32Array => {
      const values = new Int32Array(buffer, table, outSize).slice()
      table += 4 * outSize
      return values
    }
    const [first, taps, divisor] = [next(), next(), next()]
    const regular = isRegular === 1 ? { window, stride, padBefore } : null
    return { inSize, outSize, step, interior: [begin, end], regular, first, taps, divisor }
  })
  return { outer, axes, inner }
}
