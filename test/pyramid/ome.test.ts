/**
 * @file The metadata of images that are written, by the rules of OME-Zarr.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Tensor } from '../../src/index.ts'
import {
  finishPyramid,
  memoryStore,
  type PyramidOptions,
  planPyramid,
  runPyramid,
} from '../../src/pyramid/index.ts'
import { makeArray, makeImage } from './make-zarr.ts'
import { expectOmeImage } from './ome-rules.ts'

const runs = Number(process.env.POOL2D_RUNS ?? 20)
const seed = Number(process.env.POOL2D_SEED ?? 1)

const cases = fc.record({
  rank: fc.integer({ min: 2, max: 5 }),
  version: fc.constantFrom('0.4', '0.5'),
  sourceFormat: fc.constantFrom(2, 3),
  isImage: fc.boolean(),
  isLabel: fc.boolean(),
  levels: fc.integer({ min: 1, max: 3 }),
  factor: fc.constantFrom<('auto' | number)[]>('auto', 2, 3),
  unit: fc.constantFrom(undefined, 'micrometer'),
  shards: fc.constantFrom(undefined, 2),
} as const)

/** The metadata of labels, as images of a version of Zarr have them. */
const labelOf = (zarrFormat: 2 | 3) => ({
  colors: [{ 'label-value': 1, rgba: [255, 0, 0, 255] }, { 'label-value': 2 }],
  properties: [{ 'label-value': 1, area: 7 }],
  source: { image: '../../' },
  ...(zarrFormat === 2 && { version: '0.4' }),
})

const omero = {
  channels: [{ window: { start: 0, min: 0, end: 9, max: 255 }, color: 'FF0000', label: 'red', active: true }],
}

it('images of any rank, source and form follow the rules of both versions', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      async ({ rank, version, sourceFormat, isImage, isLabel, levels, factor, unit, shards }) => {
        const shape = [2, 3, 7, 9, 8].slice(5 - rank)
        const x = new Tensor(new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(3), shape)
        const [source, target] = [memoryStore(), memoryStore()]
        const made = { chunks: [1, 1, 4, 4, 4].slice(5 - rank), zarrFormat: sourceFormat } as const
        if (isImage)
          await makeImage(source, '', x, made, isLabel ? { 'image-label': labelOf(sourceFormat) } : { omero })
        else await makeArray(source, '', x, made)
        const options: PyramidOptions = {
          format: `ome${version}`,
          levels,
          factor,
          unit,
          codec: 'none',
          ...(!isImage && { axes: 'tczyx'.slice(5 - rank) }),
          ...(version === '0.5' && { shards }),
        }
        const plan = await planPyramid({ store: source }, { store: target }, options)
        for await (const { event } of runPyramid(plan, { source, target })) expect(event).not.toBe('failed')
        for await (const { event } of finishPyramid(plan, { source, target }))
          expect(event).not.toBe('failed')
        await expectOmeImage(target, '', version)
      },
    ),
    { numRuns: runs, seed },
  )
})
