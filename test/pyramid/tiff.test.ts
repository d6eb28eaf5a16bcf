/**
 * @file TIFFs as sources: tiles and strips that GDAL wrote, against levels that numpy computed; damage, memory and what is refused.
 */
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseNpy } from '../../src/adapters/npy/index.ts'
import { Tensor } from '../../src/index.ts'
import {
  downsample,
  memoryStore,
  type PyramidOptions,
  type PyramidProgress,
  planPyramid,
  runPyramid,
} from '../../src/pyramid/index.ts'
import { openSource } from '../../src/pyramid/source/open-source.ts'
import { ZarrArray } from '../../src/pyramid/zarr/zarr-array.ts'

const fixtures = new URL('../fixtures/tiff/', import.meta.url).pathname
const names = readdirSync(fixtures)
  .filter((name) => name.endsWith('.tif'))
  .map((name) => name.slice(0, -4))

/** Nothing says whether integers of 64 bits are ids. */
function usual(path: string): PyramidOptions {
  return path.includes('uint64') ? { method: 'mean' } : {}
}

async function run(path: string, options: PyramidOptions = {}) {
  const target = memoryStore()
  const plan = await planPyramid(
    path,
    { store: target },
    { levels: 2, codec: 'none', ...usual(path), ...options },
  )
  const events: PyramidProgress[] = []
  for await (const event of runPyramid(plan, { target })) events.push(event)
  const read = async (level: number) => {
    const { shape } = plan.levels[level]!
    return (await (await ZarrArray.open(target, String(level))).read({ from: shape.map(() => 0), to: shape }))
      .data
  }
  return { plan, events, target, read }
}

describe('a TIFF of GDAL', () => {
  it.each(names)('%s: level 0 as it is stored, level 1 as numpy computes it', async (name) => {
    const [base, half] = ['0', '1'].map((level) => parseNpy(readFileSync(`${fixtures}${name}.${level}.npy`)))
    for (const options of [{}, { chunks: base!.shape.length === 2 ? [9, 7] : [1, 9, 7], memory: 100_000 }]) {
      const { plan, read } = await run(`${fixtures}${name}.tif`, options)
      expect(plan.levels.map(({ shape }) => shape)).toEqual([base!.shape, half!.shape])
      expect(await read(0)).toEqual(base!.data)
      expect(await read(1)).toEqual(half!.data)
    }
  })

  it('a part of it is read from the tiles that hold it', async () => {
    const path = `${fixtures}tiles-planar-rgb.tif`
    const whole = parseNpy(readFileSync(path.replace('.tif', '.0.npy')))
    const { read, close, info } = await openSource(path)
    const { data } = await read({ from: [1, 30, 14], to: [3, 34, 35] }, 'error')
    close?.()
    const wanted = [1, 2].flatMap((c) =>
      [30, 31, 32, 33].flatMap((y) =>
        Array.from({ length: 21 }, (_, x) => whole.data[(c * 37 + y) * 53 + 14 + x]),
      ),
    )
    expect([info.decoded, Array.from(data as Uint8Array)]).toEqual([[1, 32, 16], wanted])
  })

  it('palettes are pooled by mode; means of indices are refused', async () => {
    const path = `${fixtures}palette.tif`
    expect((await run(path)).plan.method).toBe('mode')
    await expect(run(path, { method: 'mean' })).rejects.toThrow(/indices of a palette/)
    expect((await run(path, { method: 'stride' })).plan.method).toBe('stride')
  })

  it('nodata of the tag gives way to an option', async () => {
    const path = `${fixtures}tiles-lzw-int16-big-endian-nodata.tif`
    expect((await run(path)).plan.nodata).toBe('-9999')
    expect((await run(path, { nodata: 3 })).plan.nodata).toBe('3')
    const { plan, read } = await run(path, { nodata: 'none' })
    expect([plan.nodata, plan.fill]).toEqual([undefined, '-9999'])
    const base = new Tensor(await read(0), plan.levels[0]!.shape, 'int16')
    expect(base.data).toContain(-9999)
    expect(await read(1)).toEqual(downsample(base, { factor: 2, method: 'mean' }).data)
  })

  it('blocks that are not stored are counted, and hold nodata', async () => {
    const { events } = await run(`${fixtures}sparse-nodata.tif`)
    expect(events.reduce((sum, event) => sum + ('missing' in event ? event.missing : 0), 0)).toBe(7)
  })
})

describe('a damaged TIFF', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pool2d-tiff-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))
  const copy = (name: string, change: (bytes: Uint8Array) => void): string => {
    const bytes = readFileSync(`${fixtures}${name}.tif`)
    change(bytes)
    const path = join(folder, `${name}.tif`)
    writeFileSync(path, bytes)
    return path
  }

  it.each(names)('%s cut short is refused or fails by its block', async (name) => {
    const path = copy(name, () => undefined)
    const { length } = readFileSync(path)
    truncateSync(path, length - 9)
    const ran = await run(path).catch((error: unknown) => error)
    if (ran instanceof Error) expect(ran).toMatchObject({ code: 'BAD_FORMAT' })
    else {
      const { events } = ran as Awaited<ReturnType<typeof run>>
      const failed = events.filter(({ event }) => event === 'failed')
      expect(failed.length).toBeGreaterThan(0)
      expect((failed[0] as { error: Error }).error.message).toMatch(/torn or damaged/)
    }
  })

  it('a tile whose stream is broken fails by its number', async () => {
    const path = copy('tiles-deflate-uint64', (bytes) => bytes.fill(0xff, bytes.length - 600))
    const { events } = await run(path)
    const [failed] = events.filter(({ event }) => event === 'failed')
    expect((failed as { error: Error }).error.message).toMatch(/block \d cannot be decoded/)
  })
})
