import { deflateSync } from 'node:zlib'
import { fromArrayBuffer } from 'geotiff'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import {
  type Image,
  readImage,
  readImageInfo,
  readImageInfos,
  readImages,
  type Samples,
  writeImage,
  writeImages,
} from '../../../src/adapters/image/index.ts'
import type { PoolErrorCode } from '../../../src/errors.ts'
import { rand } from '../../../src/tensor/create.ts'
import { type DType, dtypes } from '../../../src/tensor/dtype.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'
import { ascii, bytesIn, double, long, rasterTags, short, type Tag, text, tiffFile } from './tiff-file.ts'

type Shape = readonly [number, number, number]
const rasterTypes = [
  'uint8',
  'uint16',
  'uint32',
  'int8',
  'int16',
  'int32',
  'float16',
  'float32',
  'float64',
] as const

/** Every bit pattern is a sample, but for floats, which are finite. */
function raster(shape: Shape, dtype: DType): Tensor<Samples> {
  const values = rand(shape, { seed: 3 }).data
  const data = new dtypes[dtype].storage(values.length) as Samples
  const isFloat = dtype === 'float32' || dtype === 'float64'
  const scale = dtype === 'float16' ? 0x7bff : 2 ** (data.BYTES_PER_ELEMENT * 8)
  values.forEach((value, i) => {
    data[i] = isFloat ? (value - 0.5) * 1e4 : value * scale
  })
  return new Tensor(data, shape, dtype)
}

function rasterFile(
  pixels: Tensor<Samples>,
  others: readonly Tag[] = [],
  form: { little?: boolean; big?: boolean } = {},
) {
  const strip = bytesIn(pixels.data, pixels.data.BYTES_PER_ELEMENT, form.little ?? true)
  return tiffFile({
    pages: [{ tags: rasterTags(pixels.shape as never, pixels.dtype, others), strip }],
    ...form,
  })
}

async function expectRefused(bytes: Uint8Array, code: PoolErrorCode, message: string): Promise<void> {
  await expect(readImage(bytes, { name: 'x.tif' })).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message),
  })
}

describe('samples are read as stored and written as they are', () => {
  const rows = rasterTypes.flatMap((dtype) => [1, 3, 5].map((channels) => [dtype, channels] as const))

  test.each(rows)('%s, %i bands', async (dtype, channels) => {
    const pixels = raster([5, 7, channels], dtype)
    for (const form of [{}, { little: false }, { big: true }, { little: false, big: true }]) {
      const image = await readImage(rasterFile(pixels, [], form))
      expect(image.pixels).toEqual(pixels)
      expect(image.bands).toBe(channels > 1 ? true : undefined)
      const written = await writeImage(image)
      expect(await readImage(written)).toEqual(image)
      expect(await readImageInfo(written)).toEqual({ format: 'tiff', shape: pixels.shape, dtype, pages: 1 })
    }
  })

  test.each(['uint32', 'int16', 'float32', 'float64'] as const)(
    'what is written, other readers read: %s',
    async (dtype) => {
      const pixels = raster([300, 2000, 1], dtype)
      const written = await writeImage({ format: 'tiff', pixels })
      const tiff = await fromArrayBuffer(Uint8Array.from(written).buffer)
      const values = await (await tiff.getImage()).readRasters({ interleave: true })
      expect(Buffer.from(values.buffer).equals(Buffer.from(pixels.data.buffer))).toBe(true)
      if (dtype === 'float64' || dtype === 'int16') return
      const depth = dtype === 'uint32' ? 'uint' : 'float'
      const raw = await sharp(written).toColourspace('b-w').raw({ depth }).toBuffer()
      expect(raw.equals(Buffer.from(pixels.data.buffer))).toBe(true)
    },
  )

  test('missing values, infinities and -0 keep their bits', async () => {
    const data = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0)
    const { pixels } = await readImage(
      await writeImage({ format: 'tiff', pixels: new Tensor(data, [2, 2, 1]) }),
    )
    expect(Buffer.from(pixels.data.buffer, pixels.data.byteOffset, 16).equals(Buffer.from(data.buffer))).toBe(
      true,
    )
  })

  test('plane by plane, big-endian', async () => {
    const pixels = raster([40, 37, 4], 'float64')
    const planes = new Float64Array(pixels.size)
    pixels.data.forEach((value, i) => {
      planes[(i % 4) * 40 * 37 + Math.floor(i / 4)] = value
    })
    const planar = rasterTags([40, 37, 4], 'float64', [
      [278, long, [40]],
      [284, short, [2]],
    ])
    const bytes = bytesIn(planes, 8, false)
    const length = 40 * 37 * 8
    const offsets: Tag = [273, long, [0, 1, 2, 3].map((i) => 8 + i * length)]
    const lengths: Tag = [279, long, new Array(4).fill(length)]
    const tagged = tiffFile({ pages: [{ tags: [offsets, lengths, ...planar], strip: bytes }], little: false })
    expect((await readImage(tagged)).pixels).toEqual(pixels)
  })
})

describe('odd tags do not damage a file', () => {
  const pixels = raster([4, 4, 1], 'uint8')
  test.each<[string, Tag[], string[]]>([
    ['an ASCII tag without its NUL', [[270, ascii, text('four')]], []],
    ['private tags', [[65_000, long, [1, 2, 3]]], []],
    [
      'resolutions of the wrong kind',
      [
        [282, short, [1]],
        [296, short, [1, 2, 3]],
      ],
      [],
    ],
    ['planes of one channel', [[284, short, [2]]], []],
    [
      'a georeference',
      [
        [33_550, double, [1, 1, 0]],
        [34_735, short, [1, 1, 0, 0]],
      ],
      ['the georeference (GeoTIFF tags) is not kept'],
    ],
    [
      'GDAL_NODATA',
      [[42_113, ascii, text('-9999\0')]],
      ['the value for missing data (GDAL_NODATA -9999) is not kept'],
    ],
  ])('%s', async (_, tags, notes) => {
    for (const dtype of ['uint8', 'float32', 'int16'] as const) {
      const x = dtype === 'uint8' ? pixels : raster([4, 4, 1], dtype)
      const image = await readImage(rasterFile(x, tags))
      expect(image.pixels).toEqual(x)
      expect(image.notes ?? []).toEqual(notes)
    }
  })
})

describe('what is unsupported is not called damaged', () => {
  const strip = deflateSync(new Uint8Array(400))
  const page = (dtype: string, ...others: Tag[]) =>
    tiffFile({ pages: [{ tags: rasterTags([4, 4, 1], dtype, others), strip }] })
  test.each<[string, Uint8Array, string]>([
    ['LZMA', page('uint8', [259, short, [34_925]]), 'tiff compression = "LZMA"'],
    ['old JPEG', page('uint8', [259, short, [6]]), 'JPEG of the old kind'],
    ['12 bits', page('uint12'), '1 of 12 bits'],
    ['L*a*b*', page('uint8', [262, short, [8]]), 'CIE L*a*b*'],
    ['64-bit integers', page('int64'), '1 of 64 bits, int'],
    ['complex numbers', page('float64', [339, short, [6]]), 'complex float'],
    ['floats as JPEG', page('float32', [259, short, [7]]), 'packed by JPEG'],
    ['floats, turned', page('float32', [274, short, [6]]), 'turned'],
  ])('%s', async (_, bytes, message) => {
    await expectRefused(bytes, 'UNAVAILABLE', message)
  })
})

describe('what is damaged is refused', () => {
  const pixels = raster([64, 64, 1], 'uint8')

  test('tiles whose deflate stream is damaged', async () => {
    const whole = await sharp(pixels.data as Uint8Array, { raw: { width: 64, height: 64, channels: 1 } })
      .tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 })
      .toBuffer()
    const at = whole.indexOf(Buffer.from([0x78]), 8) + 20
    const bytes = Uint8Array.from(whole)
    bytes[at]! ^= 0x10
    expect((await readImage(whole)).pixels.shape.slice(0, 2)).toEqual([64, 64])
    await expectRefused(bytes, 'BAD_FORMAT', 'damaged')
  })

  test.each(['uint8', 'float32', 'int16'] as const)('a file cut short anywhere: %s', async (dtype) => {
    const written = await writeImage({ format: 'tiff', pixels: raster([9, 9, 1], dtype) })
    for (let length = 8; length < written.length * 0.9; length += 13)
      await expect(readImage(written.subarray(0, length))).rejects.toMatchObject({ code: 'BAD_FORMAT' })
  })

  test('strips outside the file, of no bytes, and directories in a loop', async () => {
    const tags = rasterTags([4, 4, 1], 'float32')
    const outside = tiffFile({
      pages: [{ tags: [[273, long, [8]], [279, long, [9999]], ...tags], strip: new Uint8Array(64) }],
    })
    await expectRefused(outside, 'BAD_FORMAT', 'strip 0 lies at bytes 8 to 10007')
    const empty = tiffFile({ pages: [{ tags, strip: new Uint8Array(0) }] })
    await expectRefused(empty, 'BAD_FORMAT', 'strip 0 lies')
    const loop = tiffFile({ pages: [{ tags, strip: new Uint8Array(64) }] })
    const view = new DataView(loop.buffer)
    const first = view.getUint32(4, true)
    view.setUint32(first + 2 + view.getUint16(first, true) * 12, first, true)
    await expectRefused(loop, 'BAD_FORMAT', 'form a loop')
  })
})

describe('pages', () => {
  const [a, b] = [raster([4, 6, 1], 'int16'), raster([2, 3, 5], 'float32')]
  const images: Image[] = [
    { format: 'tiff', pixels: a },
    { format: 'tiff', pixels: b, bands: true },
  ]

  test('one is chosen, all are read and written, several are not read as one', async () => {
    const bytes = await writeImages(images)
    expect(await readImages(bytes)).toEqual(images)
    expect((await readImage(bytes, { page: 2 })).pixels).toEqual(b)
    expect((await readImageInfos(bytes)).map(({ shape, pages }) => [shape, pages])).toEqual([
      [[4, 6, 1], 2],
      [[2, 3, 5], 2],
    ])
    await expectRefused(bytes, 'BAD_FORMAT', 'tiff pages = 2; must be 1 unless one of them is chosen')
    for (const page of [0, 3, 1.5, -1, 'all', Number.NaN])
      await expect(readImage(bytes, { page: page as number })).rejects.toMatchObject({ code: 'BAD_PARAM' })
    await expect(readImages(bytes, { maxPixels: 29 })).rejects.toMatchObject({ code: 'LIMIT' })
    expect(await readImages(bytes, { maxPixels: 30 })).toHaveLength(2)
  })

  test('smaller copies and masks are no pages', async () => {
    const page = (pixels: Tensor<Samples>, kind: number) => ({
      tags: rasterTags(pixels.shape as never, pixels.dtype, [[254, long, [kind]]]),
      strip: bytesIn(pixels.data, 2, true),
    })
    const image = await readImage(tiffFile({ pages: [page(a, 0), page(a, 1), page(a, 4)] }))
    expect(image.pixels).toEqual(a)
    expect(image.notes).toEqual([
      'masks are not used or kept: 1',
      'smaller copies (overviews) are not kept: 1',
    ])
  })

  test('images inside a page are noted', async () => {
    const tags = rasterTags(a.shape as never, a.dtype, [[330, long, [8, 8]]])
    const { pixels, notes } = await readImage(
      tiffFile({ pages: [{ tags, strip: bytesIn(a.data, 2, true) }] }),
    )
    expect(pixels).toEqual(a)
    expect(notes).toEqual(['images inside the page (SubIFDs, as for overviews) are not kept: 2'])
  })

  test('frames of a WebP keep their times', async () => {
    const frames = [10, 200].map(
      (value, i): Image => ({
        format: 'webp',
        pixels: new Tensor(new Uint8Array(36).fill(value), [3, 4, 3]),
        animation: { delay: 100 * (i + 1), loop: 2 },
      }),
    )
    const bytes = await writeImages(frames)
    expect(await readImages(bytes)).toEqual(frames)
    expect((await readImage(bytes, { page: 2 })).pixels).toEqual(frames[1]!.pixels)
  })

  test.each<[PoolErrorCode, unknown, unknown]>([
    ['BAD_PARAM', images, { format: 'png' }],
    ['BAD_PARAM', [], {}],
    ['BAD_PARAM', undefined, {}],
    ['BAD_PARAM', images, { formats: 'tiff' }],
    ['BAD_PARAM', [a], {}],
    ['BAD_SHAPE', [{ format: 'webp', pixels: raster([2, 2, 3], 'uint8') }, { format: 'webp', pixels: raster([3, 2, 3], 'uint8') }], {}], // biome-ignore format: frames
  ])('%s', async (code, pages, options) => {
    await expect(writeImages(pages as never, options as never)).rejects.toMatchObject({ code })
  })
})

test('writeImage of what is no image names the repair', async () => {
  const pixels = raster([2, 2, 3], 'uint8')
  for (const image of [pixels, undefined, null, {}, { pixels }, 'x.png'])
    await expect(writeImage(image as never)).rejects.toMatchObject({
      code: expect.stringMatching('BAD_PARAM'),
    })
})
