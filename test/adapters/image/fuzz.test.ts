/**
 * Small pictures of each format, damaged at random: an error of ours or whole pixels, within bounded memory.
 */
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { readImage, readImageInfo } from '../../../src/adapters/image/index.ts'
import { isPoolError } from '../../../src/errors.ts'
import { rand } from '../../../src/tensor/create.ts'
import { damaged, fuzz, fuzzRuns } from '../../support/damage.ts'
import { chunk, ihdr, pngFile, pngSignature } from './png-file.ts'

const maxPixels = 2 ** 16
const files: Record<string, Uint8Array[]> = { png: [], jpeg: [], webp: [], tiff: [] }

beforeAll(async () => {
  const samples = Uint8Array.from(rand([9 * 11 * 3], { seed: 1 }).data, (value) => value * 256)
  const plain = pngFile([9, 11, 3], samples)
  const deep = pngFile(
    [6, 5, 2],
    Uint16Array.from(samples.subarray(0, 60), (value) => value * 257),
  )
  files.png = [plain, deep, new Uint8Array(await sharp(plain).png({ palette: true }).toBuffer())]
  for (const format of ['jpeg', 'webp', 'tiff'] as const) {
    const tagged = sharp(plain)
      .withIccProfile('p3')
      .withExif({ IFD0: { ImageDescription: 'fuzz' } })
    files[format] = [await sharp(plain)[format]().toBuffer(), await tagged[format]().toBuffer()].map(
      (bytes) => new Uint8Array(bytes),
    )
  }
})

async function expectSoundOrRefused(bytes: Uint8Array): Promise<void> {
  try {
    const info = await readImageInfo(bytes, { maxPixels, name: 'x.png' })
    const { pixels, format } = await readImage(bytes, { maxPixels, name: 'x.png' })
    expect(info).toMatchObject({ format, shape: pixels.shape, dtype: pixels.dtype, pages: 1 })
    expect(pixels.data.length).toBe(info.shape[0] * info.shape[1] * info.shape[2])
    expect(info.shape[0] * info.shape[1]).toBeLessThanOrEqual(maxPixels)
  } catch (error) {
    if (!isPoolError(error, 'BAD_FORMAT', 'LIMIT', 'UNAVAILABLE')) throw error
    expect(error.message).toMatch(/^x\.png: .+ = .+; .+\.$/s)
  }
}

/** Decoders keep caches; what a damaged head asks for would be gigabytes. */
const roomToGrow = 400 * 2 ** 20

test.each(['png', 'jpeg', 'webp', 'tiff'])('damaged %s files', { timeout: 600_000 }, async (format) => {
  const before = process.memoryUsage().rss
  await fuzz(damaged(files[format]!), expectSoundOrRefused, Math.ceil(fuzzRuns / 2))
  expect(process.memoryUsage().rss - before).toBeLessThan(roomToGrow)
})

test('PNG heads of any size, with right checksums and no data to match', async () => {
  const sides = [0, 1, 255, 256, 65_535, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]
  const before = process.memoryUsage().rss
  for (const width of sides)
    for (const height of sides)
      for (const [bits, type] of [
        [8, 2],
        [16, 6],
        [1, 0],
        [8, 3],
        [99, 9],
      ] as const) {
        const head = Buffer.concat([pngSignature, ihdr(width, height, bits, type)])
        await expectSoundOrRefused(
          Buffer.concat([head, chunk('IDAT', Buffer.alloc(20)), chunk('IEND', Buffer.alloc(0))]),
        )
      }
  expect(process.memoryUsage().rss - before).toBeLessThan(roomToGrow)
})
