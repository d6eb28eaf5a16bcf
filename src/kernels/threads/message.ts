/**
 * @file Writes a job as text to shared memory and reads it there: a reducer's spec, arrays as addresses, and axes as
 * recipes.
 */
import type { AxisPlan, Recipe } from '../../plan/axis.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { planFrom } from '../../plan/recipe.ts'
import { sliceAxis } from '../../plan/slice.ts'
import { specOf } from '../../reducers/table.ts'
import { type DType, dtypes, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { countedFrom, countedInTiles, countedWithout } from '../counted.ts'
import type { Counted, Job } from '../job.ts'
import type { SharedPlanes } from '../shared-planes.ts'
import { messageBytes } from './control.ts'

const arrayNames = ['x', 'y', 'dy', 'dx', 'indices'] as const

type Arrays = Partial<Record<(typeof arrayNames)[number], TypedArray | null>>

/** The arrays that a job reads and writes. */
export function arraysOf(job: Job): TypedArray[] {
  return arrayNames.flatMap((name) => (job as Arrays)[name] ?? [])
}

/** True if what the job leaves out is known as bytes, and all its arrays lie in `buffer` and have the classes that `readJob` makes. */
export function isSendable(job: Job, buffer: ArrayBufferLike): boolean {
  const { counted } = job
  if (counted !== undefined && !isCountedSendable(counted)) return false
  const { storage } = dtypes[job.dtype]
  return arrayNames.every((name) => {
    const array = (job as Arrays)[name]
    const wanted = name === 'indices' ? Int32Array : storage
    return !array || (array.buffer === buffer && array.constructor === wanted)
  })
}

function isCountedSendable({ tiles, nodata, planes }: Counted): boolean {
  return tiles !== undefined || nodata !== undefined || Boolean(planes)
}

/** An axis in a message: the recipe of the whole axis, and the range of its outputs. */
interface AxisMessage {
  readonly recipe:
    | Exclude<Recipe, { kind: 'runs' }>
    | { kind: 'runs'; inSize: number; window: number; starts: readonly number[] }
  readonly begin: number
  readonly outSize: number
}

function messageOf(job: Job) {
  const { pass, dtype, plan } = job
  const { outer, inner } = plan
  const axes = plan.axes.map(({ recipe, begin, outSize }): AxisMessage => {
    const plain = recipe!.kind === 'runs' ? { ...recipe!, starts: Array.from(recipe!.starts) } : recipe!
    return { recipe: plain, begin, outSize }
  })
  const arrays = arrayNames.flatMap((name) => {
    const array = (job as Arrays)[name]
    if (array === undefined) return []
    return [{ name, at: array?.byteOffset ?? 0, length: array?.length ?? null }]
  })
  const counted = job.counted && countedMessage(job.counted)
  return { spec: specOf(job), pass, dtype, outer, inner, axes, arrays, counted }
}

/** Bytes in the shared memory, and the samples and channels that share them. */
type PlanesMessage = Omit<SharedPlanes, 'data'> & { readonly at: number; readonly length: number }

/** Values travel as text: JSON has no NaN and no bigints. */
function countedMessage({ planes, least, nodata, tiles }: Counted) {
  if (tiles !== undefined) {
    const left = tiles.nodata === undefined ? null : String(tiles.nodata)
    return {
      tiles: { left, fill: String(tiles.fill), countBytes: tiles.countBytes },
      least,
      marks: planes ? planesMessage(planes.marks) : null,
    }
  }
  if (nodata !== undefined) return { nodata: String(nodata) }
  const { marks, counts, divisors } = planes!
  const isSame = divisors !== null && divisors === counts
  return {
    least,
    marks: planesMessage(marks),
    counts: counts && planesMessage(counts),
    divisors: divisors && (isSame ? ('counts' as const) : planesMessage(divisors)),
  }
}

function planesMessage({ data, ...shares }: SharedPlanes): PlanesMessage {
  return { at: data.byteOffset, length: data.length, ...shares }
}

function countedIn(
  buffer: ArrayBufferLike,
  message: ReturnType<typeof countedMessage>,
  plan: PoolPlan,
  dtype: DType,
): Counted {
  const planesOf = ({ at, length, ...shares }: PlanesMessage) => ({
    data: new Uint8Array(buffer as ArrayBuffer, at, length),
    ...shares,
  })
  if (message.tiles !== undefined) {
    const { tiles, least, marks } = message
    const nodata = tiles.left === null ? undefined : scalarFrom(tiles.left, dtype)
    const own = { nodata, fill: scalarFrom(tiles.fill, dtype), countBytes: tiles.countBytes }
    return countedInTiles(own, marks && planesOf(marks), least, () => {
      throw new Error('workers have the marks alone')
    })
  }
  if ('nodata' in message) return countedWithout(scalarFrom(message.nodata!, dtype), () => new Uint8Array(0))
  const { least, marks, counts, divisors } = message
  const own = counts && planesOf(counts)
  const planes = {
    marks: planesOf(marks),
    counts: own,
    divisors: divisors === 'counts' ? own : divisors && planesOf(divisors),
  }
  return countedFrom(planes, least, plan)
}

function scalarFrom(text: string, dtype: DType): Scalar {
  const { float, storage } = dtypes[dtype]
  return !float && storage.BYTES_PER_ELEMENT === 8 ? BigInt(text) : Number(text)
}

/** A message begins with its length in bytes. */
const headBytes = 4

/** Returns false, having written nothing, if the message is too long. */
export function writeJob(job: Job, buffer: ArrayBufferLike, at: number): boolean {
  const text = new TextEncoder().encode(JSON.stringify(messageOf(job)))
  if (headBytes + text.length > messageBytes) return false
  new Int32Array(buffer, at, 1)[0] = text.length
  new Uint8Array(buffer, at + headBytes, text.length).set(text)
  return true
}

/** The job of a message, over the same arrays. Decodes a copy of the text, since decoders reject shared memory. */
export function readJob(buffer: ArrayBufferLike, at: number): Job {
  const text = new Uint8Array(buffer, at + headBytes, new Int32Array(buffer, at, 1)[0]!).slice()
  const message = JSON.parse(new TextDecoder().decode(text)) as ReturnType<typeof messageOf>
  const { spec, pass, dtype, outer, inner, axes, arrays, counted } = message
  const plan = { outer, axes: axes.map(axisOf), inner }
  const job: Record<string, unknown> = {
    ...spec,
    pass,
    dtype,
    plan,
    ...(counted && { counted: countedIn(buffer, counted, plan, dtype) }),
  }
  for (const { name, at: address, length } of arrays) {
    const { storage } = dtypes[name === 'indices' ? 'int32' : dtype]
    job[name] = length === null ? null : new storage(buffer as ArrayBuffer, address, length)
  }
  return job as unknown as Job
}

function axisOf({ recipe, begin, outSize }: AxisMessage): AxisPlan {
  const axis = planFrom(
    recipe.kind === 'runs' ? { ...recipe, starts: Int32Array.from(recipe.starts) } : recipe,
  )
  return outSize === axis.outSize ? axis : sliceAxis(axis, begin, begin + outSize)
}
