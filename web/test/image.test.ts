/**
 * @file `pool2d/image` in a browser, against the same files read by sharp in Node.
 */
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readImage } from '../../src/adapters/image/index.ts'
import { launchBrowser } from './support/browser.ts'
import { bundled } from './support/bundle.ts'
import type * as trials from './support/image-trials.ts'

let browser: Browser
let page: Page

beforeAll(async () => {
  const script = await bundled(join(import.meta.dirname, 'support/image-trials.ts'), 'trials')
  browser = await launchBrowser()
  page = await browser.newPage()
  await page.addScriptTag({ content: script })
})

afterAll(() => browser?.close())

type Trials = typeof trials

async function inPage<K extends keyof Trials>(name: K, ...given: Parameters<Trials[K]>) {
  const called = { name, given }
  return (await page.evaluate(
    ({ name, given }) =>
      (globalThis as never as { trials: Record<string, (...all: unknown[]) => unknown> }).trials[name]!(
        ...given,
      ),
    called as { name: string; given: unknown[] },
  )) as Awaited<ReturnType<Trials[K]>>
}

/** A picture of smooth colours, with steps of 16 bits. */
function samplesOf(channels: number, bits: 8 | 16): Uint8Array | Uint16Array {
  const samples = bits === 8 ? new Uint8Array(24 * 16 * channels) : new Uint16Array(24 * 16 * channels)
  return samples.map(
    (_, i) => ((i % channels) * 53 + Math.floor(i / channels) * (bits === 8 ? 0.6 : 163)) % 2 ** bits,
  )
}

async function fileOf(
  channels: 1 | 3 | 4,
  bits: 8 | 16,
  format: 'png' | 'jpeg' | 'tiff' | 'webp',
  options = {},
): Promise<number[]> {
  const samples = samplesOf(channels, bits)
  const image = sharp(samples, { raw: { width: 24, height: 16, channels } })
  const space = channels === 1 ? (bits === 8 ? 'b-w' : 'grey16') : bits === 8 ? 'srgb' : 'rgb16'
  return [...(await image.toColourspace(space).toFormat(format, options).toBuffer())]
}

const inNode = async (bytes: readonly number[]) => {
  const { pixels } = await readImage(Uint8Array.from(bytes))
  return { shape: [...pixels.shape], dtype: pixels.dtype, samples: Array.from(pixels.data as Uint8Array) }
}

test.each([
  ['grey', 1, 8],
  ['RGB', 3, 8],
  ['RGBA', 4, 8],
  ['grey', 1, 16],
  ['RGB', 3, 16],
  ['RGBA', 4, 16],
] as const)('a PNG keeps its samples: %s, %d channels of %d bits', async (_, channels, bits) => {
  const bytes = await fileOf(channels, bits, 'png')
  expect(await inPage('read', bytes)).toEqual({ format: 'png', ...(await inNode(bytes)) })
})

test('a palette becomes RGB', async () => {
  const bytes = await fileOf(3, 8, 'png', { palette: true, colours: 16 })
  expect(await inPage('read', bytes)).toEqual({ format: 'png', ...(await inNode(bytes)) })
})

test.each(['jpeg', 'webp'] as const)(
  'a %s is decoded by the browser, as by sharp within 2 steps',
  async (format) => {
    const bytes = await fileOf(3, 8, format, { quality: 90, chromaSubsampling: '4:4:4' })
    const [here, there] = [await inNode(bytes), await inPage('read', bytes)]
    expect([there.shape, there.dtype, there.notes]).toEqual([[16, 24, 3], 'uint8', undefined])
    const away = there.samples.map((sample, i) => Math.abs(sample - here.samples[i]!))
    expect(Math.max(...away)).toBeLessThanOrEqual(2)
  },
)

test('a transparent WebP says that its colours are approximate', async () => {
  const { shape, notes } = await inPage('read', await fileOf(4, 8, 'webp', { lossless: true }))
  expect([shape, notes]).toEqual([
    [16, 24, 4],
    ['colours of pixels that are partly transparent are approximate'],
  ])
})

test('files are pooled and written', async () => {
  const deep = await fileOf(3, 16, 'png')
  const png = await inNode(await inPage('halved', deep, 'png'))
  expect([png.shape, png.dtype]).toEqual([[8, 12, 3], 'uint16'])
  const samples = samplesOf(3, 16)
  const sum = [0, 1, 24, 25].reduce((total, at) => total + samples[at * 3]!, 0)
  expect(Math.abs(png.samples[0]! - sum / 4)).toBeLessThanOrEqual(0.5)
  const jpeg = await inPage('halved', await fileOf(3, 8, 'jpeg'), 'jpeg')
  expect((await inNode(jpeg)).shape).toEqual([8, 12, 3])
})

test('pixels of a canvas are pooled by their alpha', async () => {
  const pixels = [200, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  expect(await inPage('canvasHalved', pixels, 2)).toEqual({
    isImageData: true,
    size: [1, 1],
    samples: [200, 0, 0, 64],
  })
})

test('other files are refused', async () => {
  const png = await fileOf(3, 8, 'png')
  const flipped = png.map((byte, i) => (i === 60 ? byte ^ 255 : byte))
  const jpeg = await fileOf(3, 8, 'jpeg')
  const codes = []
  for (const bytes of [await fileOf(3, 8, 'tiff'), png.slice(0, -9), flipped, jpeg.slice(0, 100), [1, 2, 3]])
    codes.push(await inPage('codeOf', bytes))
  expect(codes).toEqual(['UNAVAILABLE', 'BAD_FORMAT', 'BAD_FORMAT', 'BAD_FORMAT', 'BAD_FORMAT'])
})
