/**
 * Elevation and satellite images, pages and frames, end to end.
 */
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  type Image,
  readImage,
  readImages,
  type Samples,
  writeImages,
} from '../../src/adapters/image/index.ts'
import { avgPool2d, maxPool2d } from '../../src/index.ts'
import { type DType, dtypes } from '../../src/tensor/dtype.ts'
import { Tensor } from '../../src/tensor/tensor.ts'
import { chunk, ihdr, pngSignature } from '../adapters/image/png-file.ts'
import { ascii, bytesIn, double, rasterTags, text, tiffFile } from '../adapters/image/tiff-file.ts'
import { useFolder } from './run-cli.ts'

const folder = useFolder()

function dem(dtype: DType, channels = 1): Tensor<Samples> {
  const data = new dtypes[dtype].storage(4 * 6 * channels) as Samples
  const low = dtype.startsWith('u') ? 0 : -1000
  for (let i = 0; i < data.length; i++) data[i] = low + ((i * 977) % 2500) + (dtypes[dtype].float ? 0.25 : 0)
  return new Tensor(data, [4, 6, channels], dtype)
}

function halfEven(value: number): number {
  const floor = Math.floor(value)
  return value - floor === 0.5 ? floor + Math.abs(floor % 2) : Math.round(value)
}

/** Means of 2 x 2, in exact arithmetic; integers to nearest, halves to even. */
function meansOf({ data, dtype }: Tensor<Samples>, channels: number): number[] {
  const means: number[] = []
  for (let row = 0; row < 4; row += 2)
    for (let column = 0; column < 6; column += 2)
      for (let channel = 0; channel < channels; channel++) {
        const at = (y: number, x: number) => data[((row + y) * 6 + column + x) * channels + channel]!
        const mean = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4
        means.push(dtypes[dtype].float ? mean : halfEven(mean))
      }
  return means
}

test.each(['int16', 'uint32', 'int32', 'float32', 'float64', 'int8'] as const)(
  '%s keeps its type, as .tif and as .npy',
  async (dtype) => {
    for (const channels of [1, 5]) {
      const pixels =
        dtype === 'int8'
          ? new Tensor(Int8Array.from(dem('int16', channels).data), [4, 6, channels])
          : dem(dtype, channels)
      const strip = bytesIn(pixels.data, pixels.data.BYTES_PER_ELEMENT, true)
      folder().write('dem.tif', tiffFile({ pages: [{ tags: rasterTags([4, 6, channels], dtype), strip }] }))
      for (const output of ['small.tif', 'small.npy']) {
        const { code, stderr } = await folder().run(`dem.tif -o ${output} --mode average --size 2 --force`)
        expect(code, stderr).toBe(0)
        const small = output.endsWith('.npy')
          ? folder().readArray(output)
          : (await readImage(folder().read(output))).pixels
        expect([small.dtype, small.shape, Array.from(small.data as Samples)]).toEqual([
          dtype,
          [2, 3, channels],
          meansOf(pixels, channels),
        ])
      }
      await folder().run('dem.tif -o max.npy --force')
      expect(folder().readArray('max.npy')).toEqual(
        maxPool2d(pixels as Tensor, { kernelSize: 2, layout: 'NHWC' }),
      )
    }
  },
)

test('notes list what a GeoTIFF loses, with --dry-run too', async () => {
  const pixels = dem('float32')
  const tags = rasterTags([4, 6, 1], 'float32', [
    [33_550, double, [1, 1, 0]],
    [42_113, ascii, text('-9999\0')],
  ])
  folder().write('dem.tif', tiffFile({ pages: [{ tags, strip: bytesIn(pixels.data, 4, true) }] }))
  const notes = [
    'the georeference (GeoTIFF tags) is not kept',
    'the value for missing data (GDAL_NODATA -9999) is not kept',
    'samples of the value for missing data (GDAL_NODATA -9999) are left out; windows with no other give it, or --fill',
  ]
  for (const flag of ['--dry-run', '']) {
    const { stdout } = await folder().run(`dem.tif --json ${flag}`)
    expect(JSON.parse(stdout.toString()).results[0].notes).toEqual(notes)
  }
  const lines = `  note: ${notes[0]}\n  note: ${notes[1]}\n`
  expect((await folder().run('dem.tif -o plan.tif --dry-run')).stdout.toString()).toContain(lines)
  expect((await folder().run('dem.tif --force')).stderr).toContain(lines)
})

test('a float32 raster cannot be written as a PNG', async () => {
  folder().write('dem.tif', await writeImages([{ format: 'tiff', pixels: dem('float32') }]))
  const { code, stderr } = await folder().run('dem.tif -o y.png')
  expect([code, folder().list()]).toEqual([1, ['dem.tif']])
  expect(stderr).toContain('it holds uint8 and uint16, and these are float32. Write TIFF.')
})

test('one page, all pages, and none chosen', async () => {
  const pages = [dem('float32'), dem('float64')].map((pixels): Image => ({ format: 'tiff', pixels }))
  folder().write('x.tif', await writeImages(pages))
  expect((await folder().run('x.tif')).code).toBe(1)
  expect((await folder().run('x.tif --page 3')).code).toBe(1)
  expect((await folder().run('x.tif --page 0')).code).toBe(2)
  expect((await folder().run('x.tif --page all -o y.npy')).code).toBe(1)
  expect((await folder().run('x.tif --page 2 -o y.npy --mode average')).code).toBe(0)
  expect(folder().readArray('y.npy')).toEqual(avgPool2d(pages[1]!.pixels, { kernelSize: 2, layout: 'NHWC' }))
  const { code, stderr } = await folder().run('x.tif --page all -o y.tif')
  expect([code, stderr]).toEqual([
    0,
    'x.tif page 1 4x6x1 float32 -> y.tif page 1 2x3x1\nx.tif page 2 4x6x1 float64 -> y.tif page 2 2x3x1\n',
  ])
  expect((await readImages(folder().read('y.tif'))).map(({ pixels }) => pixels)).toEqual(
    pages.map(({ pixels }) => maxPool2d(pixels, { kernelSize: 2, layout: 'NHWC' })),
  )
})

test('all frames of a WebP, as a WebP and as one array', async () => {
  const frames = [30, 60].map(
    (value, i): Image => ({
      format: 'webp',
      pixels: new Tensor(new Uint8Array(48).fill(value), [4, 4, 3]),
      animation: { delay: 50 * (i + 1), loop: 1 },
    }),
  )
  folder().write('x.webp', await writeImages(frames))
  const { code, stderr } = await folder().run('x.webp')
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('Give --page N, counted from 1, or --page all.'),
  ])
  expect((await folder().run('x.webp --page all -o y.webp')).code).toBe(0)
  const small = await readImages(folder().read('y.webp'))
  expect(small.map(({ pixels, animation }) => [pixels.shape, pixels.data[0], animation])).toEqual([
    [[2, 2, 3], 30, { delay: 50, loop: 1 }],
    [[2, 2, 3], 60, { delay: 100, loop: 1 }],
  ])
  expect((await folder().run('x.webp --page all -o y.npy --indices i.npy')).code).toBe(0)
  expect(folder().readArray('y.npy').shape).toEqual([2, 2, 2, 3])
  expect(folder().readArray('i.npy').shape).toEqual([2, 2, 2, 3])
})

test('an animated PNG needs --page 1, and a PNG without its end is damaged', async () => {
  const control = Buffer.alloc(8)
  control.writeUInt32BE(3)
  const rows = deflateSync(Buffer.alloc(4 * 5))
  const still = [ihdr(4, 4, 8, 0), chunk('IDAT', rows)]
  const end = chunk('IEND', Buffer.alloc(0))
  folder().write('x.png', Buffer.concat([pngSignature, still[0]!, chunk('acTL', control), still[1]!, end]))
  expect((await folder().run('x.png')).stderr).toContain(
    'png frames = 3; of an animated PNG only page 1 is read',
  )
  expect((await folder().run('x.png')).stderr).toContain('Give --page 1, or save')
  const { code, stderr } = await folder().run('x.png --page 1')
  expect([code, stderr]).toEqual([0, expect.stringContaining('note: of an animation of 3 frames only')])
  expect((await folder().run('x.png --page 2 -o y.png')).stderr).toContain('only page 1 is read')
  folder().write('cut.png', Buffer.concat([pngSignature, ...still]))
  expect((await folder().run('cut.png')).stderr).toContain('IEND, is missing')
})
