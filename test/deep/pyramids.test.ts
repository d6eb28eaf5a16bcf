/**
 * @file Pyramids of arrays that are written by hand, in files, in a bucket and in memory, in shares, ended and gone on with: every level is
 * that of the definition.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { f16round, getFloat16, setFloat16 } from '@petamoriken/float16'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as zarrita from 'zarrita'
import { isPoolError } from '../../src/errors.ts'
import {
  fileStore,
  finishPyramid,
  memoryStore,
  type PyramidOptions,
  type PyramidPlan,
  type PyramidProgress,
  planPyramid,
  pyramidStatus,
  runPyramid,
  type Store,
  s3Store,
  verifyPyramid,
} from '../../src/pyramid/index.ts'
import { define } from '../pyramid/definition.ts'
import { S3Server } from '../pyramid/s3-server.ts'

const runs = Number(process.env.POOL2D_PYRAMIDS ?? 300)
const seed = Number(process.env.POOL2D_SEED ?? 1)

type Value = number | bigint

/** Of each type: its code in Zarr 2, and the calls of a DataView. */
const types = {
  bool: ['b1', 'Uint8'],
  int8: ['i1', 'Int8'],
  uint8: ['u1', 'Uint8'],
  int16: ['i2', 'Int16'],
  uint16: ['u2', 'Uint16'],
  int32: ['i4', 'Int32'],
  uint32: ['u4', 'Uint32'],
  int64: ['i8', 'BigInt64'],
  uint64: ['u8', 'BigUint64'],
  float16: ['f2', 'Float16'],
  float32: ['f4', 'Float32'],
  float64: ['f8', 'Float64'],
} as const
type TypeName = keyof typeof types

const bytesOf = (type: TypeName): number => Number(types[type][0].slice(1))
const rounds: Partial<Record<TypeName, (value: number) => number>> = {
  float16: f16round,
  float32: Math.fround,
  float64: (value) => value,
}

function read(view: DataView, type: TypeName, at: number, little: boolean): Value {
  if (type === 'float16') return getFloat16(view, at, little)
  return view[`get${types[type][1]}` as 'getInt16'](at, little)
}

function write(view: DataView, type: TypeName, at: number, value: Value, little: boolean): void {
  if (type === 'float16') setFloat16(view, at, value as number, little)
  else view[`set${types[type][1]}` as 'setInt16'](at, value as number, little)
}

/** The element of the next larger number, of the largest the one before. */
function stepFrom(type: TypeName): (value: Value) => Value {
  if (rounds[type] === undefined) {
    const high = rangeOf(type)[1]
    return (value) =>
      typeof value === 'bigint'
        ? value === high
          ? value - 1n
          : value + 1n
        : value === high
          ? value - 1
          : value + 1
  }
  const [bytes, view] = [bytesOf(type), new DataView(new ArrayBuffer(8))]
  const word = bytes === 2 ? 'Uint16' : bytes === 4 ? 'Uint32' : 'BigUint64'
  const move = (value: number, by: number): number => {
    write(view, type, 0, value, false)
    const bits = view[`get${word}` as 'getBigUint64'](0) as bigint | number
    const moved = typeof bits === 'bigint' ? bits + BigInt(by) : bits + by
    view[`set${word}` as 'setBigUint64'](0, moved as never)
    return read(view, type, 0, false) as number
  }
  return (value) => {
    const from = value as number
    if (from === Number.POSITIVE_INFINITY) return move(from, -1)
    if (from === 0) return move(0, 1)
    return move(from, from > 0 ? 1 : -1)
  }
}

function rangeOf(type: TypeName): readonly [Value, Value] {
  if (type === 'bool') return [0, 1]
  const bits = 8 * bytesOf(type)
  const [low, high] = type.startsWith('u')
    ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n]
  return bits === 64 ? [low, high] : [Number(low), Number(high)]
}

/** Few values that tie, the ends of the range, or any. */
function drawn(type: TypeName, kind: 'few' | 'ends' | 'any', draw: number): Value {
  const part = draw / 2 ** 32
  const round = rounds[type]
  if (round !== undefined) {
    const few = [0, -0, 1, 1.5, -2, 3, 100, -1000]
    const ends = [...few, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 65504, 2 ** -24]
    if (kind === 'any') return round((part - 0.3) * 1000)
    const list = kind === 'few' ? few : ends
    return list[Math.floor(part * list.length)]!
  }
  const [low, high] = rangeOf(type)
  if (kind === 'any') {
    const value = BigInt(low) + ((BigInt(high) - BigInt(low) + 1n) * BigInt(draw)) / 2n ** 32n
    return typeof low === 'bigint' ? value : Number(value)
  }
  const few = [0n, 1n, 2n, 3n, 7n]
  const ends = [...few, BigInt(low), BigInt(high), BigInt(high) - 1n]
  const list = (kind === 'few' ? few : ends).filter((value) => value <= high)
  const value = list[Math.floor(part * list.length)]!
  return typeof low === 'bigint' ? value : Number(value)
}

function* draws(from: number): Generator<number> {
  for (let state = from >>> 0; ; ) {
    state = (state + 0x9e3779b9) >>> 0
    let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
    yield (word ^ (word >>> 16)) >>> 0
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

function placesIn(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((place) => Array.from({ length }, (_, i) => [...place, i])),
    [[]],
  )
}

const flat = (place: readonly number[], shape: readonly number[]): number =>
  place.reduce((sum, at, axis) => sum * shape[axis]! + at, 0)

interface Written {
  readonly type: TypeName
  readonly shape: readonly number[]
  readonly chunks: readonly number[]
  readonly form: 2 | 3
  readonly little: boolean
  readonly codec: 'none' | 'gzip'
  readonly separator: '/' | '.'
  readonly order: 'C' | 'F'
  /** Chunks that are not written. */
  readonly holes: readonly number[]
}

/** Writes an array, and gives its elements, with 0 where chunks are left out. */
async function writeArray(store: Store, values: Value[], given: Written): Promise<Value[]> {
  const { type, shape, chunks, form, little, codec, separator, order, holes } = given
  const text = (json: object) => new TextEncoder().encode(JSON.stringify(json))
  const configuration = { endian: little ? 'little' : 'big' }
  const bytesCodec = bytesOf(type) > 1 ? { name: 'bytes', configuration } : { name: 'bytes' }
  const v3 = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: type,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: chunks } },
    chunk_key_encoding: { name: 'default', configuration: { separator } },
    codecs: [bytesCodec, ...(codec === 'none' ? [] : [{ name: 'gzip', configuration: { level: 1 } }])],
    fill_value: type === 'bool' ? false : 0,
    attributes: {},
  }
  const v2 = {
    zarr_format: 2,
    shape,
    chunks,
    dtype: `${bytesOf(type) === 1 ? '|' : little ? '<' : '>'}${types[type][0]}`,
    compressor: codec === 'none' ? null : { id: 'zlib', level: 1 },
    fill_value: 0,
    order,
    filters: null,
    dimension_separator: separator,
  }
  await store.set(form === 3 ? 'zarr.json' : '.zarray', text(form === 3 ? v3 : v2))
  const counts = shape.map((length, axis) => Math.ceil(length / chunks[axis]!))
  const kept = [...values]
  const zero = (typeof values[0] === 'bigint' ? 0n : 0) as Value
  const all = placesIn(counts)
  for (const [i, chunk] of all.entries()) {
    const isHole = holes.some((hole) => hole % all.length === i)
    const view = new DataView(new ArrayBuffer(sizeOf(chunks) * bytesOf(type)))
    for (const place of placesIn(chunks)) {
      const at = place.map((p, axis) => chunk[axis]! * chunks[axis]! + p)
      if (at.some((p, axis) => p >= shape[axis]!)) continue
      const index = flat(at, shape)
      if (isHole) kept[index] = zero
      const inChunk =
        form === 2 && order === 'F' ? flat(place.toReversed(), chunks.toReversed()) : flat(place, chunks)
      write(view, type, inChunk * bytesOf(type), values[index]!, little)
    }
    if (isHole) continue
    const name = chunk.join(separator)
    const raw = new Uint8Array(view.buffer)
    const bytes = codec === 'none' ? raw : form === 3 ? gzipSync(raw) : deflateSync(raw)
    await store.set(form === 3 ? `c${separator}${name}` : name, new Uint8Array(bytes))
  }
  return kept
}

/** A level as zarrita reads it; it has no float16 in Node 20, whose bits are read instead. */
async function readLevel(store: Store, path: string, type: TypeName, form: 2 | 3): Promise<Value[]> {
  const name = form === 3 ? 'zarr.json' : '.zarray'
  const asBits = (bytes: Uint8Array): Uint8Array => {
    const text = new TextDecoder().decode(bytes).replace('"float16"', '"uint16"').replace('<f2', '<u2')
    return new TextEncoder().encode(text.replace(/"fill_value": ?"?[\w.]+"?/, '"fill_value":0'))
  }
  // zarrita asks for all chunks at once: of thousands, a busy machine does not answer the last within the ten seconds of a connection.
  let turn: Promise<unknown> = Promise.resolve()
  const get = async (key: string) => {
    const answer = turn.then(() => store.get(key.slice(1)))
    turn = answer.catch(() => undefined)
    const bytes = await answer
    return bytes !== undefined && type === 'float16' && key.endsWith(name) ? asBits(bytes) : bytes
  }
  const getRange = (key: string, range: { offset: number; length: number } | { suffixLength: number }) =>
    'suffixLength' in range
      ? store.getRange(key.slice(1), -range.suffixLength, range.suffixLength)
      : store.getRange(key.slice(1), range.offset, range.length)
  const array = await zarrita.open(zarrita.root({ get, getRange } as never).resolve(path), { kind: 'array' })
  const { data } = (await zarrita.get(array as never)) as unknown as { data: Iterable<Value | boolean> }
  const values = Array.from(data, (value) => (typeof value === 'boolean' ? Number(value) : value))
  if (type !== 'float16') return values
  const view = new DataView(new ArrayBuffer(2))
  return values.map((bits) => {
    view.setUint16(0, bits as number)
    return getFloat16(view, 0)
  })
}

const folder = mkdtempSync(join(tmpdir(), 'pool2d-pyramids-'))
const server = new S3Server(1000)
let places = 0

beforeAll(async () => {
  await server.start()
})
afterAll(async () => {
  await server.stop()
})

function storeOf(kind: 'memory' | 'file' | 's3'): Store {
  if (kind === 'memory') return memoryStore()
  const name = String(places++)
  return kind === 'file' ? fileStore(join(folder, name)) : s3Store(`s3://bucket/${name}`, server.options)
}

const upTo = (most: number) => fc.integer({ min: 1, max: most })
const stores = fc.constantFrom('memory', 'memory', 'file', 's3')
const five = (most: number) => fc.array(upTo(most), { minLength: 5, maxLength: 5 })

const cases = fc.record({
  type: fc.constantFrom(...(Object.keys(types) as TypeName[])),
  kind: fc.constantFrom('few', 'ends', 'any'),
  draw: fc.nat(),
  lengths: fc.array(upTo(40), { minLength: 1, maxLength: 5 }),
  chunks: five(12),
  out: fc.option(five(12), { nil: undefined }),
  holes: fc.array(fc.nat(), { maxLength: 3 }),
  form: fc.constantFrom(2, 3),
  little: fc.boolean(),
  codec: fc.constantFrom('none', 'gzip'),
  separator: fc.constantFrom('/', '.'),
  order: fc.constantFrom('C', 'F'),
  from: stores,
  to: stores,
  method: fc.constantFrom('mean', 'mode', 'median', 'min', 'max', 'stride'),
  factors: fc.option(five(4), { nil: undefined }),
  factor: fc.integer({ min: 2, max: 4 }),
  levels: fc.option(upTo(4), { nil: undefined }),
  minSize: fc.option(upTo(9), { nil: undefined }),
  nodata: fc.option(fc.nat(), { nil: undefined }),
  background: fc.option(fc.nat(), { nil: undefined }),
  edges: fc.constantFrom('keep', 'trim'),
  shards: fc.option(upTo(4), { nil: undefined }),
  format: fc.constantFrom('zarr2', 'zarr3'),
  outCodec: fc.constantFrom('keep', 'none', 'gzip:1', 'zstd:1', 'blosc:lz4:5', 'blosc:zstd:1'),
  memory: fc.constantFrom(2e3, 2e4, 2e5, 1e7),
  count: upTo(4),
  stop: fc.nat(9),
} as const)

/** Axes are cut so that arrays stay small. */
function shapeOf(lengths: readonly number[]): number[] {
  let left = 4000
  return lengths.map((length) => {
    const cut = Math.max(1, Math.min(length, left))
    left = Math.floor(left / cut)
    return cut
  })
}

async function all(events: AsyncIterable<PyramidProgress>): Promise<void> {
  for await (const event of events) if (event.event === 'failed') throw event.error ?? new Error('blocked')
}

/** Runs the shares in turn; the first is ended after some tasks, and gone on with. */
async function make(
  plan: PyramidPlan,
  stores: { source: Store; target: Store },
  count: number,
  stop: number,
) {
  const control = new AbortController()
  let tasks = 0
  for await (const { event } of runPyramid(plan, {
    ...stores,
    shard: { index: 0, count },
    signal: control.signal,
  })) {
    expect(event).not.toBe('failed')
    if (event === 'task' && ++tasks > stop) control.abort()
  }
  for (let index = count - 1; index >= 0; index--)
    await all(runPyramid(plan, { ...stores, shard: { index, count } }))
  await all(finishPyramid(plan, stores))
  for await (const fault of verifyPyramid({ store: stores.target })) expect(fault).toBeUndefined()
  expect(await pyramidStatus({ store: stores.target })).toMatchObject({ finished: true, tasks: plan.tasks })
}

let planned = 0

it('every level is that of the definition', { timeout: 7_200_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ type, kind, draw, lengths, factors, ...given }) => {
      const shape = shapeOf(lengths)
      const rank = shape.length
      const random = draws(draw)
      const values = Array.from({ length: sizeOf(shape) }, () => drawn(type, kind, random.next().value!))
      const [source, target] = [storeOf(given.from), storeOf(given.to)]
      const chunks = given.chunks.slice(0, rank)
      const { form, little, codec, separator, order, holes } = given
      const written = { type, shape, chunks, form, little, codec, separator, order, holes } as const
      const x = await writeArray(source, values, written)
      const picked = (draw: number | undefined) =>
        draw === undefined ? undefined : drawn(type, kind === 'any' ? 'few' : kind, draw * 2)
      const axes = 'vwzyx'.slice(5 - rank)
      const named = factors && Object.fromEntries(axes.split('').map((name, axis) => [name, factors[axis]!]))
      const { method, levels, minSize, edges, shards, format, memory } = given
      const options = {
        method,
        axes,
        factor: named && Object.values(named).some((factor) => factor > 1) ? named : given.factor,
        levels,
        minSize: levels === undefined ? minSize : undefined,
        nodata: picked(given.nodata),
        background: method === 'mode' ? picked(given.background) : undefined,
        edges,
        shards: format === 'zarr3' ? shards : undefined,
        chunks: given.out?.slice(0, rank),
        format,
        codec: given.outCodec,
        memory,
      } as PyramidOptions
      let plan: PyramidPlan
      try {
        plan = await planPyramid({ store: source }, { store: target }, options)
      } catch (error) {
        // Too little memory, or more levels than there can be.
        if (isPoolError(error, 'LIMIT') || /levels/.test((error as Error).message)) return
        throw error
      }
      planned++
      await make(plan, { source, target }, given.count, given.stop)
      let wanted = x
      for (const [level, { path, shape: own, step }] of plan.levels.entries()) {
        if (level > 0) {
          const rules = {
            factors: step,
            method,
            background: options.background as Value | undefined,
            nodata: options.nodata as Value | undefined,
            edges,
            ...(rounds[type] && { round: rounds[type] }),
            step: stepFrom(type),
          }
          wanted = define(wanted, plan.levels[level - 1]!.shape, rules)
        }
        expect(wanted.length).toBe(sizeOf(own))
        const made = await readLevel(target, path, type, format === 'zarr2' ? 2 : 3)
        const plain = (list: Value[]) => list.map((value) => (value === 0 ? 0 : value))
        expect(plain(made), `level ${level}`).toEqual(plain(wanted))
      }
      server.objects.clear()
      rmSync(folder, { recursive: true, force: true })
    }),
    { numRuns: runs, seed, endOnFailure: process.env.POOL2D_SHRINK === undefined },
  )
  console.info(`${planned} of ${runs} cases were planned and made`)
  expect(planned).toBeGreaterThan(runs / 4)
})
