/**
 * @file Pyramids in stores: the values are those of `downsample`, however the work is cut; torn input, resumption, refusals.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as zarrita from 'zarrita'
import { rand, Tensor } from '../../src/index.ts'
import {
  downsample,
  finishPyramid,
  memoryStore,
  type PyramidOptions,
  type PyramidPlan,
  type PyramidProgress,
  planPyramid,
  pyramidStatus,
  runPyramid,
  type Store,
  verifyPyramid,
} from '../../src/pyramid/index.ts'
import { storeFailure } from '../../src/pyramid/store/store.ts'
import type { ArrayMetadata } from '../../src/pyramid/zarr/array-metadata.ts'
import { formatArray } from '../../src/pyramid/zarr/format-array.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'
import { dtypes, type Scalar, type TypedArray } from '../../src/tensor/dtype.ts'
import { makeArray, makeImage } from './make-zarr.ts'

const runs = Number(process.env.POOL2D_RUNS ?? 6)
const seed = Number(process.env.POOL2D_SEED ?? 1)

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const event of events) list.push(event)
  return list
}

async function make(source: Store, options: PyramidOptions, target = memoryStore(), path = '') {
  const plan = await planPyramid({ store: source, path }, { store: target }, options)
  const events = await all(runPyramid(plan, { source, target }))
  const failed = events.filter(({ event }) => event === 'failed')
  if (failed.length === 0) await all(finishPyramid(plan, { source, target }))
  return { plan, target, events, failed }
}

async function levelsOf(plan: PyramidPlan, target: Store): Promise<Tensor[]> {
  return await Promise.all(
    plan.levels.map(async ({ path, shape }) => {
      const { data } = await (await ZarrArray.open(target, path)).read({
        from: shape.map(() => 0),
        to: shape,
      })
      return new Tensor(data, shape, plan.source.type === 'bool' ? 'uint8' : plan.source.type)
    }),
  )
}

type Given = PyramidOptions & { readonly nodata?: Scalar }

/** The levels in memory, each from the one before. */
function expected(x: Tensor, plan: PyramidPlan, options: Given): Tensor[] {
  const levels = [x]
  for (const { step } of plan.levels.slice(1)) {
    const { nodata, background, edges } = options
    levels.push(downsample(levels.at(-1)!, { factor: step, method: plan.method, nodata, background, edges }))
  }
  return levels
}

function noise(
  shape: readonly number[],
  type: 'uint8' | 'uint16' | 'int32' | 'float32' | 'uint64',
  few = 251,
): Tensor {
  const floats = rand(shape, { seed: 7, dtype: 'float64' }).data
  const data = new dtypes[type].storage(floats.length) as TypedArray
  floats.forEach((value, i) => {
    const whole = Math.floor(value * few)
    data[i] = (type === 'uint64' ? 2n ** 64n - 1n - BigInt(whole) : whole) as never
  })
  return new Tensor(data, shape, type)
}

const cases = fc.record({
  type: fc.constantFrom('uint8', 'uint16', 'int32', 'float32', 'uint64'),
  shape: fc.array(fc.integer({ min: 1, max: 23 }), { minLength: 1, maxLength: 3 }),
  chunks: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }),
  out: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 3 }),
  shards: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  method: fc.constantFrom('mean', 'mode', 'median', 'min', 'max', 'stride'),
  factor: fc.integer({ min: 2, max: 3 }),
  memory: fc.constantFrom(100_000, 300_000, 10_000_000),
  edges: fc.constantFrom('keep', 'trim'),
  count: fc.integer({ min: 1, max: 3 }),
} as const)

describe('values', () => {
  it('are those of downsample, for any chunks, shards, memory and shares', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ type, shape, chunks, out, shards, count, memory, ...options }) => {
        const rank = shape.length
        const x = noise(shape, type, 5)
        const [source, target] = [memoryStore(), memoryStore()]
        await makeArray(source, '', x, { chunks: chunks.slice(0, rank) })
        const given = {
          ...options,
          shards,
          memory,
          chunks: out.slice(0, rank),
          format: 'zarr3' as const,
          minSize: 2,
          codec: 'none',
          axes: 'zyx'.slice(3 - rank),
        }
        const plan = await planPyramid({ store: source }, { store: target }, given)
        await all(runPyramid({ ...plan }, { source, target })).then((events) =>
          expect(events.at(-1)!.event).not.toBe('failed'),
        )
        const other = memoryStore()
        const otherPlan = await planPyramid(
          { store: source },
          { store: other },
          { ...given, memory: 10_000_000 },
        )
        for (let index = 0; index < count; index++)
          await all(runPyramid(otherPlan, { source, target: other, shard: { index, count } }))
        await all(finishPyramid(otherPlan, { source, target: other }))
        const wanted = expected(x, plan, given as Given)
        for (const made of [await levelsOf(plan, target), await levelsOf(otherPlan, other)]) {
          expect(made.map(({ shape }) => shape)).toEqual(wanted.map(({ shape }) => shape))
          for (const [i, level] of made.entries()) expect(level.data).toEqual(wanted[i]!.data)
        }
      }),
      { numRuns: 5 * runs, seed },
    )
  })

  it('labels keep their ids over all levels, an OME image its placement, omero and name', async () => {
    const source = memoryStore()
    const x = noise([2, 33, 47], 'uint64', 4)
    await makeImage(
      source,
      '',
      x,
      { chunks: [1, 8, 8], zarrFormat: 2 },
      { 'image-label': { source: { image: '../../' } } },
    )
    const { plan, target } = await make(source, { minSize: 8 })
    expect([plan.method, plan.format]).toEqual(['mode', 'ome0.4'])
    const ids = new Set(x.data as BigUint64Array)
    for (const { data } of await levelsOf(plan, target))
      for (const id of data as BigUint64Array) expect(ids.has(id)).toBe(true)
    const { multiscales, ...beside } = JSON.parse(new TextDecoder().decode(await target.get('.zattrs')))
    expect(beside).toEqual({ 'image-label': { source: { image: '../../' }, version: '0.4' } })
    expect(multiscales[0].name).toBe('made')
    expect(multiscales[0].datasets.map((dataset: object) => Object.values(dataset)[1])).toEqual(
      plan.levels.map(({ scale, translation }) => [
        { type: 'scale', scale },
        { type: 'translation', translation },
      ]),
    )
    expect(plan.levels[1]).toMatchObject({
      shape: [1, 17, 24],
      scale: [1, 3, 5],
      translation: [0.25, 1.75, 3.25],
    })
  })

  it('a ramp in physical units stays that ramp on all levels', async () => {
    const data = Float64Array.from({ length: 32 * 32 }, (_, i) => 3 + 0.5 * (i % 32) + 2 * Math.floor(i / 32))
    const source = memoryStore()
    await makeArray(source, '', new Tensor(data, [32, 32]), { chunks: [8, 8] })
    const { plan, target } = await make(source, { scale: { x: 0.5, y: 2 }, minSize: 1 })
    expect(plan.levels).toHaveLength(6)
    for (const [i, { shape, data }] of (await levelsOf(plan, target)).entries()) {
      const { scale, translation } = plan.levels[i]!
      ;(data as Float64Array).forEach((value, at) => {
        const [y, x] = [Math.floor(at / shape[1]!), at % shape[1]!]
        expect(value).toBeCloseTo(3 + translation[0]! + scale[0]! * y + translation[1]! + scale[1]! * x, 9)
      })
    }
  })

  it('zarrita reads every level', async () => {
    const source = memoryStore()
    const x = noise([3, 20, 30], 'uint16')
    await makeArray(source, '', x, { chunks: [1, 8, 8], axisNames: ['c', 'y', 'x'] })
    for (const options of [
      {},
      { shards: 2 },
      { codec: 'blosc:lz4:5' },
      { format: 'ome0.4' as const, codec: 'zstd:1' },
    ]) {
      const { plan, target } = await make(source, {
        ...options,
        codec: options.codec ?? 'none',
      })
      const wanted = expected(x, plan, {})
      const root = zarrita.root({
        get: (key: string) => target.get(key.slice(1)),
        getRange: (key: string, range: never) => rangeOf(target, key.slice(1), range),
      } as never)
      for (const [i, { path }] of plan.levels.entries()) {
        const array = await zarrita.open(root.resolve(path), { kind: 'array' })
        expect(((await zarrita.get(array as never)) as { data: TypedArray }).data).toEqual(wanted[i]!.data)
      }
    }
  })
})

function rangeOf(
  store: Store,
  key: string,
  range: { offset: number; length: number } | { suffixLength: number },
) {
  if ('suffixLength' in range) return store.getRange(key, -range.suffixLength, range.suffixLength)
  return store.getRange(key, range.offset, range.length)
}

describe('anisotropic images', () => {
  it.each([
    [
      { z: 40, y: 4, x: 4 },
      [
        [1, 2, 2],
        [1, 2, 2],
        [1, 2, 2],
        [2, 2, 2],
      ],
    ],
    [
      { z: 1, y: 1, x: 1 },
      [
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
        [2, 2, 2],
      ],
    ],
  ])('%o is halved where it is finest', async (scale, steps) => {
    const source = memoryStore()
    await makeArray(source, '', noise([16, 16, 16], 'uint8'), { chunks: [8, 8, 8] })
    const plan = await planPyramid(
      { store: source },
      { store: memoryStore() },
      { scale, factor: 'auto', levels: 5 },
    )
    expect(plan.levels.slice(1).map(({ step }) => step)).toEqual(steps)
  })
})

describe('what is torn', () => {
  const torn = async () => {
    const objects = new Map<string, Uint8Array>()
    const source = memoryStore(objects)
    await makeArray(source, '', noise([64, 64], 'uint16'), { chunks: [8, 8] })
    objects.set('c/3/3', objects.get('c/3/3')!.slice(0, 5))
    return { source, objects }
  }

  it('fails its task by the name of its key, and the run goes on; nothing is marked as done', async () => {
    const { source } = await torn()
    const { failed, events, target, plan } = await make(source, { memory: 5000, minSize: 4 })
    const reasons = failed.map((each) => (each as { error: Error | null }).error?.message ?? null)
    expect(reasons[0]).toContain('c/3/3: torn or damaged')
    expect(reasons.filter((reason) => reason !== null)).toHaveLength(1)
    expect(events.filter(({ event }) => event === 'task').length + failed.length).toBe(plan.tasks)
    expect(await target.get('zarr.json')).toBeUndefined()
    await expect(all(finishPyramid(plan, { source, target }))).rejects.toMatchObject({ code: 'BAD_PARAM' })
  })

  it('missing chunks are counted, or fail', async () => {
    const { source, objects } = await torn()
    objects.delete('c/3/3')
    const { events } = await make(source, {})
    expect(events.reduce((sum, each) => sum + ('missing' in each ? each.missing : 0), 0)).toBe(1)
    const { failed } = await make(source, { missing: 'error' })
    expect((failed[0] as { error: Error }).error.message).toContain('c/3/3')
  })
})

describe('a run', () => {
  const begun = async (options: PyramidOptions = {}) => {
    const [source, objects] = [memoryStore(), new Map<string, Uint8Array>()]
    await makeArray(source, '', noise([64, 48], 'uint16'), { chunks: [8, 8] })
    const target = memoryStore(objects)
    const plan = await planPyramid(
      { store: source },
      { store: target },
      { memory: 5000, codec: 'none', ...options },
    )
    return { source, target, objects, plan }
  }
  const tasks = (events: PyramidProgress[]) => events.filter(({ event }) => event === 'task').length

  it('that was ended goes on where it was', async () => {
    const { source, target, plan } = await begun()
    const control = new AbortController()
    const first: PyramidProgress[] = []
    for await (const event of runPyramid(plan, { source, target, signal: control.signal })) {
      first.push(event)
      if (tasks(first) === 3) control.abort()
    }
    expect(tasks(first)).toBeLessThan(plan.tasks)
    expect((await pyramidStatus({ store: target })).finished).toBe(false)
    const second = await all(runPyramid(plan, { source, target, resume: true }))
    expect(tasks(first) + tasks(second)).toBe(plan.tasks)
    expect(tasks(await all(runPyramid(plan, { source, target, resume: true })))).toBe(0)
    await all(finishPyramid(plan, { source, target }))
    expect(await pyramidStatus({ store: target })).toMatchObject({ finished: true, tasks: plan.tasks })
    expect(await all(verifyPyramid({ store: target }))).toEqual([])
  })

  it('of shares reads the parts of the manifest that tell of its own tasks, and no others', async () => {
    const { source, target, objects, plan } = await begun({ memory: 2000 })
    const [{ tasks: first }] = plan.stages as [PyramidPlan['stages'][0]]
    const count = 5
    const run = async (index: number, store: Store) =>
      await all(runPyramid(plan, { source, target: store, shard: { index, count } }))
    for (let index = 0; index < count; index++) await run(index, target)
    const parts = (store: Map<string, Uint8Array>) =>
      [...store.keys()].filter((key) => key.startsWith('.pool2d/manifest/'))
    expect(parts(objects)).toHaveLength(count)
    for (let index = 0; index < count; index++) {
      const read: string[] = []
      const counting: Store = {
        ...target,
        get: (key) => {
          if (key.startsWith('.pool2d/manifest/')) read.push(key)
          return target.get(key)
        },
      }
      const events = await run(index, counting)
      const share = Math.floor(((index + 1) * first) / count) - Math.floor((index * first) / count)
      expect(events).toEqual([{ event: 'begin', done: share, total: share }])
      expect(read).toHaveLength(1)
    }
    expect((await pyramidStatus({ store: target })).done[0]).toBe(first)
    await all(finishPyramid(plan, { source, target }))
    expect(await all(verifyPyramid({ store: target }))).toEqual([])
  })

  it('computes again what is gone, and only that', async () => {
    const { source, target, objects, plan } = await begun()
    await all(runPyramid(plan, { source, target }))
    objects.delete('0/c/0/0')
    expect((await all(verifyPyramid({ store: target })))[0]).toEqual({
      key: '0/c/0/0',
      reason: 'it is missing',
    })
    expect(tasks(await all(runPyramid(plan, { source, target, resume: true })))).toBe(1)
    objects.get('1/c/0/0')![0]! ^= 1
    expect((await all(verifyPyramid({ store: target })))[0]).toMatchObject({ key: '1/c/0/0' })
  })

  it('refuses another plan, a changed source, a taken target', async () => {
    const { source, target, plan } = await begun()
    await all(runPyramid(plan, { source, target }))
    const taken = { code: 'BAD_PATH', details: { exists: true } }
    await expect(all(runPyramid(plan, { source, target }))).rejects.toMatchObject(taken)
    const other = await planPyramid({ store: source }, { store: target }, { memory: 5000, method: 'max' })
    await expect(all(runPyramid(other, { source, target, resume: true }))).rejects.toThrow(
      /other settings: method/,
    )
    const narrower = await planPyramid({ store: source }, { store: target }, { memory: 2000, codec: 'none' })
    expect(narrower.hash).toBe(plan.hash)
    await expect(all(runPyramid(narrower, { source, target, resume: true }))).rejects.toThrow(/cut otherwise/)
    const newer = { ...plan, program: '99.0.0' }
    await expect(all(runPyramid(newer, { source, target, resume: true }))).rejects.toThrow(
      /was begun by pool2d/,
    )
    await source.set('c/0/0', new Uint8Array(128))
    await expect(all(runPyramid(plan, { source, target, resume: true }))).rejects.toThrow(
      /has changed since the run began, where task 0 has read it/,
    )
    const metadata = JSON.parse(new TextDecoder().decode(await source.get('zarr.json')))
    await source.set(
      'zarr.json',
      new TextEncoder().encode(JSON.stringify({ ...metadata, attributes: { a: 1 } })),
    )
    await expect(all(runPyramid(plan, { source, target, resume: true }))).rejects.toThrow(
      /since it was planned/,
    )
  })

  it('goes on where an object that failed was repaired, and not where one that was read has changed or come', async () => {
    const { source, target, plan } = await begun()
    const whole = (await source.get('c/3/3'))!
    await source.set('c/3/3', whole.subarray(0, 5))
    const failed = (events: PyramidProgress[]) => events.filter(({ event }) => event === 'failed').length
    expect(failed(await all(runPyramid(plan, { source, target })))).toBeGreaterThan(0)
    await source.set('c/3/3', whole)
    expect(failed(await all(runPyramid(plan, { source, target, resume: true })))).toBe(0)
    await all(finishPyramid(plan, { source, target }))
    expect(await all(verifyPyramid({ store: target }))).toEqual([])

    const { plan: holed, ...places } = await begun()
    const stores = { source: places.source, target: places.target }
    await stores.source.delete('c/3/3')
    await all(runPyramid(holed, stores))
    await stores.source.set('c/3/3', whole)
    await expect(all(finishPyramid(holed, stores))).rejects.toThrow(/has changed since the run began/)
  })

  it.each(['ENOSPC', 'EIO', 'EACCES'])(
    'that meets %s on writing ends with it, and goes on later',
    async (errno) => {
      const { source, target, plan } = await begun()
      let writes = 0
      const failing: Store = {
        ...target,
        set: (key, bytes, options) => {
          if (!/\/c\//.test(key) || ++writes <= 7) return target.set(key, bytes, options)
          throw storeFailure('memory', key, 'written', Object.assign(new Error(errno), { code: errno }))
        },
      }
      const failure = { code: 'BAD_PATH', details: { errno, act: 'written' } }
      await expect(all(runPyramid(plan, { source, target: failing }))).rejects.toMatchObject(failure)
      expect(await target.get('zarr.json')).toBeUndefined()
      await all(runPyramid(plan, { source, target, resume: true }))
      await all(finishPyramid(plan, { source, target }))
      expect(await all(verifyPyramid({ store: target }))).toEqual([])
    },
  )

  it('that meets EIO on reading fails the tasks that read there, and runs all others', async () => {
    const { source, target, plan } = await begun()
    const failing: Store = {
      ...source,
      get: (key) => {
        if (key !== 'c/3/3') return source.get(key)
        throw storeFailure('memory', key, 'read', Object.assign(new Error('EIO'), { code: 'EIO' }))
      },
    }
    const events = await all(runPyramid(plan, { source: failing, target }))
    const failed = events.flatMap((event) => (event.event === 'failed' && event.error ? [event.error] : []))
    expect(failed).toMatchObject([{ code: 'BAD_PATH', details: { errno: 'EIO', argument: 'c/3/3' } }])
  })

  it('of a petabyte, and of a million tasks, is planned without listing them', async () => {
    const source = memoryStore()
    const side = 1 << 16
    const metadata: ArrayMetadata = {
      zarrFormat: 3,
      shape: [side, side, side * 2],
      type: 'uint16',
      grid: [64, 256, 256],
      encoding: { littleEndian: true, codecs: [] },
      fill: 0,
      keys: { separator: '/', prefix: true },
      attributes: {},
      axisNames: ['z', 'y', 'x'],
    }
    await source.set('zarr.json', formatArray(metadata)['zarr.json']!)
    const target = memoryStore()
    const plan = await planPyramid({ store: source }, { store: target }, { memory: 1e9 })
    expect(plan.bytes.read).toBeGreaterThan(1e15)
    expect(plan.tasks).toBeGreaterThan(1e6)
    expect(JSON.stringify(plan).length).toBeLessThan(10_000)
    for await (const { event, total } of runPyramid(plan, {
      source,
      target,
      shard: { index: 77, count: 100_000 },
    })) {
      expect(event).toBe('begin')
      expect(total).toBeLessThan(plan.stages[0]!.tasks / 99_000 + 1)
      break
    }
  })

  it('adds levels in place', async () => {
    const store = memoryStore()
    const x = noise([40, 40], 'uint16')
    await makeImage(store, '', x, { chunks: [8, 8] }, { omero: { channels: [] } })
    const plan = await planPyramid({ store }, { store }, { inPlace: true })
    await all(runPyramid(plan, { source: store, target: store }))
    await all(finishPyramid(plan, { source: store, target: store }))
    const wanted = expected(x, plan, {})
    for (const [i, level] of (await levelsOf(plan, store)).entries())
      expect(level.data).toEqual(wanted[i]!.data)
    const { ome } = JSON.parse(new TextDecoder().decode(await store.get('zarr.json'))).attributes
    expect([ome.omero, ome.multiscales[0].datasets.length]).toEqual([{ channels: [] }, plan.levels.length])
    await expect(planPyramid({ store }, { store }, { inPlace: true })).rejects.toThrow(/levels already/)
  })

  it.each([
    [{ factor: { c: 2 } }, /the axes are y, x/],
    [{ method: 'average' as never }, /must be one of auto/],
    [{ levels: 99 }, /has 7 levels at most/],
    [{ levels: 2, minSize: 3 }, /Leave one of them out/],
    [{ memory: 10 }, /smallest task holds/],
    [{ chunks: [8] }, /for each of 2 axes/],
    [{ shards: 2, format: 'ome0.4' as const }, /Zarr 2 has no shards/],
    [{ codec: 'zstd:99' }, /level must be a whole number/],
    [{ alpha: 3 }, /no axis c/],
    [{ nodata: -1 }, /uint16 holds/],
    [{ edges: 'ceil' as never }, /must be one of keep, trim/],
    [{ inPlace: true }, /the source is an array of 64x48/],
    [{ mehtod: 'mean' } as never, /no such option/],
  ])('refuses %o', async (options, message) => {
    const { source, target } = await begun()
    await expect(planPyramid({ store: source }, { store: target }, options)).rejects.toThrow(message)
  })

  it('asks what 32-bit ids are, and whether a short axis holds channels', async () => {
    const source = memoryStore()
    await makeArray(source, '', new Tensor(new Uint32Array(64), [8, 8]), { chunks: [8, 8] })
    await expect(planPyramid({ store: source }, 'x')).rejects.toThrow(/ids of labels or quantities/)
    await makeArray(source, '', new Tensor(new Uint8Array(192), [8, 8, 3]), { chunks: [8, 8, 3] })
    await expect(planPyramid({ store: source }, 'x')).rejects.toThrow(/may hold channels/)
  })
})
