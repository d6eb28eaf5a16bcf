import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import { type ImageFormat, readImage, writeImage } from '../../../src/adapters/image/index.ts'
import type { PoolErrorCode } from '../../../src/errors.ts'
import { tensor, zeros } from '../../../src/tensor/create.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { chunk, ihdr, pngFile, pngSignature } from './png-file.ts'

const small = pngFile(
  [4, 4, 3],
  Uint8Array.from({ length: 48 }, (_, i) => (i * 89) % 256),
)

async function expectRefused(bytes: Uint8Array, code: PoolErrorCode, message: string): Promise<void> {
  await expect(readImage(bytes, { name: 'x.png' })).rejects.toMatchObject({
    code,
    message: expect.stringMatching(new RegExp(`^x\\.png: .+ = .+; .*${message}.*\\. .+`, 's')),
  })
  expect((await readImage(small)).pixels.shape).toEqual([4, 4, 3])
}

describe('pictures too large to decode, refused by their heads', () => {
  test('14000x14000 of one colour', async () => {
    const rows = deflateSync(Buffer.alloc(14_000 * (14_000 / 8 + 1)))
    const bytes = Buffer.concat([pngSignature, ihdr(14_000, 14_000, 1, 0), chunk('IDAT', rows)])
    await expectRefused(bytes, 'LIMIT', '196000000 pixels are more than the 100000000')
  })

  test.each([
    ['a head alone', 60_000, Buffer.alloc(0)],
    ['a head and a start of data', 60_000, chunk('IDAT', Buffer.alloc(9))],
    ['a head of 2^31 - 1 a side', 2 ** 31 - 1, Buffer.alloc(0)],
  ])('%s', async (_, side, rest) => {
    const bytes = Buffer.concat([pngSignature, ihdr(side, side, 8, 2), rest])
    await expectRefused(bytes, 'LIMIT', 'pixels are more than')
  })

  test('the limit is an option', async () => {
    await expect(readImage(small, { maxPixels: 15 })).rejects.toMatchObject({ code: 'LIMIT' })
    expect((await readImage(small, { maxPixels: 16 })).format).toBe('png')
    for (const maxPixels of [0, -1, 1.5, Number.NaN, '9' as never]) {
      await expect(readImage(small, { maxPixels })).rejects.toMatchObject({ code: 'BAD_PARAM' })
    }
  })
})

describe('other bytes under an image name', () => {
  test.each([
    ['BMP', Buffer.from('BM\x46\0\0\0\0\0\0\0', 'latin1')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1')],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['SVG with a head', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')],
    ['PDF', Buffer.from('%PDF-1.7\n')],
    ['AVIF', Buffer.from('\0\0\0\x20ftypavif\0\0\0\0', 'latin1')],
    ['RIFF that is no WebP', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1')],
    ['text', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
  ])('%s', async (name, bytes) => {
    await expectRefused(bytes, 'BAD_FORMAT', 'only PNG, JPEG, WebP and TIFF')
    const known = /^(BMP|HEIC|SVG|GIF|PDF|AVIF)/.exec(name)?.[0]
    if (known !== undefined) await expectRefused(bytes, 'BAD_FORMAT', `this is ${known}; `)
  })

  test('TIFF under the name of a PNG is read as the TIFF it is', async () => {
    const bytes = await sharp(small).tiff().toBuffer()
    expect((await readImage(bytes, { name: 'x.png' })).format).toBe('tiff')
  })

  test('several pages', async () => {
    const frames = [Buffer.from(small), Buffer.from(pngFile([4, 4, 3], new Uint8Array(48)))]
    const bytes = await sharp(frames, { join: { animated: true } })
      .webp()
      .toBuffer()
    await expectRefused(bytes, 'BAD_FORMAT', 'must be 1')
  })
})

describe('files cut short or damaged', () => {
  test.each(['png', 'jpeg', 'webp', 'tiff'] as const)('half a %s', async (format) => {
    const pixels = tensor(
      Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i) % 251),
      [64, 64, 3],
    )
    const whole = await writeImage({ format, pixels })
    await expectRefused(
      whole.subarray(0, whole.length / 2),
      'BAD_FORMAT',
      'cut short or not what its head says',
    )
  })

  test('a PNG whose data does not match its checksum', async () => {
    const damaged = Uint8Array.from(small)
    damaged[damaged.length - 20]! ^= 0xff
    await expectRefused(damaged, 'BAD_FORMAT', 'cut short or not what its head says')
  })

  test('a JPEG without its last bytes', async () => {
    const whole = await writeImage({
      format: 'jpeg',
      pixels: tensor(new Uint8Array(768).fill(9), [16, 16, 3]),
    })
    await expectRefused(whole.subarray(0, -2), 'BAD_FORMAT', 'cut short')
  })
})

describe('writeImage refuses what a format cannot hold', () => {
  const deep = tensor(new Uint16Array(12), [2, 2, 3]) as Tensor<Uint16Array>
  const withAlpha = tensor(new Uint8Array(16), [2, 2, 4])
  test.each<[ImageFormat, Tensor<Uint8Array | Uint16Array>, string]>([
    ['jpeg', deep, 'it holds uint8, and these are uint16'],
    ['webp', deep, 'it holds uint8, and these are uint16'],
    ['jpeg', withAlpha, 'no alpha'],
  ])('%s', async (format, pixels, message) => {
    await expect(writeImage({ format, pixels })).rejects.toMatchObject({
      code: 'BAD_PARAM',
      message: expect.stringContaining(message),
    })
  })

  test.each<[PoolErrorCode, ImageFormat, Tensor]>([
    ['BAD_PARAM', 'png', zeros([2, 2, 3])],
    ['BAD_DTYPE', 'tiff', zeros([2, 2, 3], { dtype: 'int64' })],
    ['BAD_SHAPE', 'png', zeros([2, 2], { dtype: 'uint8' })],
    ['BAD_PARAM', 'png', zeros([2, 2, 5], { dtype: 'uint8' })],
    ['BAD_SHAPE', 'png', { data: new Uint8Array(3), shape: [2, 2, 3], dtype: 'uint8' } as never],
    ['BAD_SHAPE', 'png', zeros([0, 2, 3], { dtype: 'uint8' })],
    ['LIMIT', 'webp', zeros([1, 16_384, 3], { dtype: 'uint8' })],
    ['BAD_PARAM', 'gif' as ImageFormat, withAlpha],
  ])('%s', async (code, format, pixels) => {
    const image = { format, pixels: pixels as Tensor<Uint8Array> }
    await expect(writeImage(image)).rejects.toMatchObject({ code })
  })
})

test.each([
  ['is missing', () => Promise.reject(new Error("Cannot find package 'sharp'")), 'not installed'],
  ['is too old', () => ({ default: { versions: { sharp: '0.34.5' } } }), 'sharp = 0.34.5;'],
])('where sharp %s, the refusal names the repair', async (_, module, message) => {
  vi.resetModules()
  vi.doMock('sharp', module)
  const { readImage } = await import('../../../src/adapters/image/index.ts')
  await expect(readImage(small)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(new RegExp(`${message}.*npm install sharp`)),
  })
  vi.doUnmock('sharp')
})
