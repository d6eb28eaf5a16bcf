import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import {
  type Image,
  type ImageFormat,
  imageFormatOf,
  readImage,
  readImageInfo,
  writeImage,
} from '../../../src/adapters/image/index.ts'
import { rand, tensor } from '../../../src/tensor/create.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { pngFile } from './png-file.ts'

type Pixels = Tensor<Uint8Array | Uint16Array>

function noise(shape: readonly [number, number, number], bits: 8 | 16): Pixels {
  const values = rand(shape, { seed: bits }).data
  const samples = bits === 8 ? new Uint8Array(values.length) : new Uint16Array(values.length)
  values.forEach((value, i) => {
    samples[i] = Math.floor(value * 2 ** bits)
  })
  return tensor(samples, shape)
}

const bitsAndChannels = [8, 16].flatMap((bits) =>
  [1, 2, 3, 4].map((channels) => [bits as 8 | 16, channels] as const),
)

describe('samples are read as stored', () => {
  test.each(bitsAndChannels)('PNG of %i bits, %i channels', async (bits, channels) => {
    const pixels = noise([5, 7, channels], bits)
    const bytes = pngFile([5, 7, channels], pixels.data)
    expect(await readImage(bytes)).toEqual({ format: 'png', pixels })
    expect(await readImageInfo(bytes)).toEqual({
      format: 'png',
      shape: [5, 7, channels],
      dtype: pixels.dtype,
      pages: 1,
    })
  })

  test('palettes and single bits become whole samples', async () => {
    const black = await sharp(pngFile([2, 2, 1], Uint8Array.of(0, 255, 255, 0)))
      .png({ palette: true })
      .toBuffer()
    expect((await readImage(black)).pixels.data).toEqual(
      Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0),
    )
  })

  test('the orientation is applied', async () => {
    const tall = await sharp(pngFile([2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 6)))
      .withMetadata({ orientation: 6 })
      .png()
      .toBuffer()
    expect((await readImage(tall)).pixels).toMatchObject({
      shape: [1, 2, 3],
      data: Uint8Array.of(4, 5, 6, 1, 2, 3),
    })
    expect((await readImageInfo(tall)).shape).toEqual([1, 2, 3])
  })

  test('CMYK becomes RGB', async () => {
    const bytes = await sharp(pngFile([1, 1, 3], Uint8Array.of(255, 255, 255)))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer()
    const { pixels, profile } = await readImage(bytes)
    expect([pixels.shape, profile]).toEqual([[1, 1, 3], undefined])
    expect(Math.min(...pixels.data)).toBeGreaterThan(245)
  })
})

describe('samples are written as they are', () => {
  const lossless: [ImageFormat, 8 | 16, number][] = bitsAndChannels.flatMap(([bits, channels]) => [
    ['png', bits, channels],
    ['tiff', bits, channels],
    ...(bits === 8 && channels > 2 ? [['webp', bits, channels] as [ImageFormat, 8, number]] : []),
  ])

  test.each(lossless)('%s of %i bits, %i channels', async (format, bits, channels) => {
    const image: Image = { format, pixels: noise([9, 300, channels], bits) }
    const bytes = await writeImage(image)
    expect(imageFormatOf(bytes)).toBe(format)
    expect(await readImage(bytes)).toEqual(image)
  })

  test('JPEG: close, grey stays grey', async () => {
    const pixels = tensor(new Uint8Array(64).fill(77), [8, 8, 1])
    const read = await readImage(await writeImage({ format: 'jpeg', pixels }))
    expect(read).toEqual({ format: 'jpeg', pixels })
  })

  test('WebP has no grey: it comes back as RGB', async () => {
    const pixels = tensor(Uint8Array.of(1, 2), [1, 2, 1])
    const read = await readImage(await writeImage({ format: 'webp', pixels }))
    expect(read.pixels.data).toEqual(Uint8Array.of(1, 1, 1, 2, 2, 2))
  })

  test('colour under transparent pixels is kept', async () => {
    const pixels = tensor(Uint8Array.of(10, 20, 30, 0, 40, 50, 60, 255), [1, 2, 4])
    for (const format of ['png', 'webp', 'tiff'] as const) {
      expect((await readImage(await writeImage({ format, pixels }))).pixels.data).toEqual(pixels.data)
    }
  })

  test.each(['png', 'jpeg', 'webp', 'tiff'] as const)('the ICC profile goes along: %s', async (format) => {
    const tagged = await sharp(pngFile([4, 4, 3], new Uint8Array(48).fill(99)))
      .withIccProfile('p3')
      .png()
      .toBuffer()
    const image = await readImage(tagged)
    expect(image.profile!.length).toBeGreaterThan(100)
    const again = await readImage(await writeImage(image, { format }))
    expect(again.profile).toEqual(image.profile)
    if (format !== 'jpeg') expect(again.pixels).toEqual(image.pixels)
  })
})
