/**
 * @file Levels made from chunks that are pooled one by one: the values are those of `downsample` on the whole level.
 */
import { appendFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { rand, Tensor } from '../../src/index.ts'
import {
  downsample,
  fileStore,
  finishPyramid,
  memoryStore,
  planPyramid,
  runPyramid,
  type Store,
} from '../../src/pyramid/index.ts'
import { areChunksApart, ChunkPooling } from '../../src/pyramid/run/chunk-pooling.ts'
import { copyShared, type Placed } from '../../src/pyramid/zarr/block.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { narrow } from '../../src/tensor/half.ts'
import { makeImage } from './make-zarr.ts'

const runs = Number(process.env.POOL2D_RUNS ?? 6)
const seed = Number(process.env.POOL2D_SEED ?? 1)

const folder = mkdtempSync(join(tmpdir(), 'pool2d-chunks-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray) =>
  Buffer.from(buffer, byteOffset, byteLength)
const whole = (shape: readonly number[]) => ({ from: shape.map(() => 0), to: shape })

const stores = {
  memory: memoryStore,
  disk: () => fileStore(mkdtempSync(join(folder, 'x'))),
  'far away': () => late(memoryStore()),
}

/** Answers some requests later than others, in the memory that is given. */
function late(store: Store): Store {
  let turns = 0
  return {
    ...store,
    get: async (key, memory) => {
      for (let left = turns++ % 5; left > 0; left--) await setImmediate()
      const bytes = await store.get(key)
      const own = bytes && memory?.take(bytes.length).subarray(0, bytes.length)
      own?.set(bytes!)
      return own ?? bytes
    },
  }
}

/** What a chunk holds beyond the end of its array is the fill value, 0. */
function expectFilled(chunk: Placed, array: Placed): void {
  const Storage = chunk.data.constructor as Uint8ArrayConstructor
  const wanted = { data: new Storage(chunk.data.length), box: chunk.box }
  copyShared(array, wanted)
  expect(bytesOf(chunk.data).equals(bytesOf(wanted.data))).toBe(true)
}

const cases = fc.record({
  type: fc.constantFrom('uint8', 'uint16', 'int32', 'uint64', 'float16', 'float32'),
  sides: fc.tuple(fc.integer({ min: 97, max: 230 }), fc.integer({ min: 97, max: 230 })),
  channels: fc.integer({ min: 1, max: 3 }),
  chunk: fc.constantFrom([1, 72, 72], [3, 48, 96], [1, 96, 97], [2, 60, 66]),
  isSharded: fc.boolean(),
  place: fc.constantFrom('memory', 'disk', 'far away'),
  method: fc.constantFrom('mean', 'mode', 'median', 'min', 'max', 'stride'),
  factor: fc.integer({ min: 2, max: 3 }),
  edges: fc.constantFrom('keep', 'trim'),
  nodata: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  memory: fc.constantFrom(2_000_000, 20_000_000),
  holes: fc.array(fc.nat(), { maxLength: 3 }),
} as const)

it('equal downsample of the level before, with edges, shards, holes and nodata', async () => {
  let apart = 0
  await fc.assert(
    fc.asyncProperty(
      cases,
      async ({ type, sides, channels, chunk, isSharded, place, memory, holes, ...options }) => {
        const store = stores[place]()
        const shape = [channels, ...sides]
        const floats = rand(shape, { seed: 7, dtype: 'float64' }).data
        const data = new dtypes[type].storage(floats.length) as TypedArray
        const wholes = Array.from(floats, (value) => Math.floor(5 * value))
        if (type === 'float16') narrow(wholes, type, data as Uint16Array)
        else
          for (const [i, value] of wholes.entries())
            data[i] = (type === 'uint64' ? 2n ** 63n + BigInt(value) : value) as never
        const shard = isSharded ? chunk.map((length, axis) => length * [1, 2, 2][axis]!) : undefined
        await makeImage(store, '', new Tensor(data, shape, type), { chunks: chunk, ...(shard && { shard }) })
        const objects = []
        for await (const { key } of store.list('0/c/')) objects.push(key)
        for (const hole of holes) await store.delete(objects[hole % objects.length]!)
        const base = await (await ZarrArray.open(store, '0')).read(whole(shape))
        const { factor } = options
        const given = { ...options, factor: { y: factor, x: factor }, levels: 4, memory, inPlace: true }
        const plan = await planPyramid({ store }, { store }, given)
        for await (const { event } of runPyramid(plan, { source: store, target: store }))
          expect(event).not.toBe('failed')
        for await (const _ of finishPyramid(plan, { source: store, target: store }));
        let wanted = new Tensor(base.data, shape, type)
        for (const [i, level] of plan.levels.entries()) {
          const array = await ZarrArray.open(store, level.path)
          const { method, edges, nodata } = plan
          const rules = {
            factor: level.step,
            method,
            edges,
            ...(nodata !== undefined && { nodata: type === 'uint64' ? BigInt(nodata) : Number(nodata) }),
          }
          if (i > 0) wanted = downsample(wanted, rules) as typeof wanted
          else if (areChunksApart(array, { ...rules, factor: plan.levels[1]!.step })) apart++
          const { data: made } = await array.read(whole(level.shape))
          expect(bytesOf(made).equals(bytesOf(wanted.data)), level.path).toBe(true)
          const stored = { data: made, box: whole(level.shape) }
          if (i > 0) await array.readChunks(stored.box, { take: (chunk) => expectFilled(chunk, stored) })
        }
      },
    ),
    { numRuns: 3 * runs, seed },
  )
  expect(apart).toBeGreaterThan(0)
})

it.each([
  ['a byte too long', (path: string) => appendFileSync(path, 'x')],
  ['far too long', (path: string) => appendFileSync(path, 'x'.repeat(20_000))],
  ['cut short', (path: string) => truncateSync(path, 100)],
])('a chunk that is %s fails by its key, and no other chunk takes harm', async (name, damage) => {
  const place = join(folder, name)
  const store = fileStore(place)
  const shape = [512, 512]
  const data = Uint8Array.from(rand(shape, { seed: 3 }).data, (value) => 200 * value)
  await makeImage(store, '', new Tensor(data, shape, 'uint8'), { chunks: [64, 64] })
  damage(join(place, '0/c/1/2'))
  const plan = await planPyramid(place, place, { levels: 2, method: 'mean', memory: 200_000, inPlace: true })
  const failed: unknown[] = []
  for await (const event of runPyramid(plan))
    if (event.event === 'failed') failed.push(event.error?.details.argument)
  expect(failed).toEqual(['0/c/1/2'])
  const wanted = downsample(new Tensor(data, shape, 'uint8'), { factor: 2, method: 'mean' })
  const { data: made } = await (await ZarrArray.open(store, '1')).read(whole([256, 256]))
  const differing = new Set<string>()
  for (const [i, value] of (made as Uint8Array).entries())
    if (value !== wanted.data[i]) differing.add(`${i >> 14}/${(i & 255) >> 6}`)
  expect([...differing]).toEqual(['0/1'])
})

it('batches fill, are pooled and fill again while chunks come in any order', async () => {
  const store = late(memoryStore())
  const shape = [1000, 640]
  const x = new Tensor(
    Uint8Array.from(rand(shape, { seed: 5 }).data, (value) => 200 * value),
    shape,
    'uint8',
  )
  await makeImage(store, '', x, { chunks: [64, 64] })
  const settings = { factor: [2, 2], method: 'mean' } as const
  const pooling = new ChunkPooling(await ZarrArray.open(store, '0'), settings)
  const { batch, pooled } = pooling.lengths
  const target = { data: new Uint8Array(500 * 320), box: whole([500, 320]) }
  const memory = { batches: [new Uint8Array(batch), new Uint8Array(batch)], pooled: new Uint8Array(pooled) }
  await pooling.pool(whole(shape), target, 'fill', memory)
  expect(bytesOf(target.data).equals(bytesOf(downsample(x, settings).data))).toBe(true)
})
