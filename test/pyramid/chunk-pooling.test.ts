/**
 * @file Levels made from chunks that are pooled one by one: the values are those of `downsample` on the whole level.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rand, Tensor } from '../../src/index.ts'
import { downsample, finishPyramid, memoryStore, planPyramid, runPyramid } from '../../src/pyramid/index.ts'
import { areChunksApart } from '../../src/pyramid/run/chunk-pooling.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { narrow } from '../../src/tensor/half.ts'
import { makeImage } from './make-zarr.ts'

const runs = Number(process.env.POOL2D_RUNS ?? 6)
const seed = Number(process.env.POOL2D_SEED ?? 1)

const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray) =>
  Buffer.from(buffer, byteOffset, byteLength)
const whole = (shape: readonly number[]) => ({ from: shape.map(() => 0), to: shape })

const cases = fc.record({
  type: fc.constantFrom('uint8', 'uint16', 'int32', 'uint64', 'float16', 'float32'),
  sides: fc.tuple(fc.integer({ min: 97, max: 230 }), fc.integer({ min: 97, max: 230 })),
  channels: fc.integer({ min: 1, max: 3 }),
  chunk: fc.constantFrom([1, 72, 72], [3, 48, 96], [1, 96, 97], [2, 60, 66]),
  isSharded: fc.boolean(),
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
      async ({ type, sides, channels, chunk, isSharded, memory, holes, ...options }) => {
        const store = memoryStore()
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
        }
      },
    ),
    { numRuns: 3 * runs, seed },
  )
  expect(apart).toBeGreaterThan(0)
})
