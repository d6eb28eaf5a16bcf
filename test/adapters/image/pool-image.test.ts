/**
 * Pooling of pixels: without a copy, by alpha, in linear light. Compared with the definitions, computed here.
 */
import fc from 'fast-check'
import { avgPool2d, maxPool2d, type Tensor, tensor } from 'pool2d'
import { type CanvasPixels, type Image, type PoolImageOptions, poolImage } from 'pool2d/image'
import { describe, expect, it } from 'vitest'
import { codeOf } from '../../support/refusals.ts'

/** Stands for the class that browsers have. */
class ImageData implements CanvasPixels {
  constructor(
    readonly data: Uint8ClampedArray,
    readonly width: number,
    readonly height: number,
  ) {}
}

const halve = (x: Tensor): Tensor => avgPool2d(x, { kernelSize: 2, layout: 'NHWC', rounding: 'half-even' })
const floatHalve = (x: Tensor): Tensor => avgPool2d(x, { kernelSize: 2, layout: 'NHWC' })
const canvas = (pixels: readonly number[], width = 2): ImageData =>
  new ImageData(Uint8ClampedArray.from(pixels), width, pixels.length / 4 / width)
const picture = (
  samples: readonly number[],
  channels: number,
  dtype: 'uint8' | 'uint16' = 'uint8',
): Image => ({
  pixels: tensor(samples as number[], [2, samples.length / channels / 2, channels], dtype) as never,
  format: 'png',
})

const red = [255, 0, 0]
const blue = [0, 0, 255]

describe('pixels of a canvas', () => {
  const image = canvas([...red, 255, ...blue, 0, ...blue, 0, ...blue, 0])

  it('become pixels of a canvas, each channel by itself', () => {
    const pooled = poolImage(image, halve)
    expect(pooled).toBeInstanceOf(ImageData)
    expect([pooled.width, pooled.height, ...pooled.data]).toEqual([1, 1, 64, 0, 191, 64])
  })

  it('are passed and returned without a copy', () => {
    let [given, returned]: ArrayBufferLike[] = []
    const pooled = poolImage(image, (x) => {
      given = x.data.buffer
      const y = maxPool2d(x, { kernelSize: 2, layout: 'NHWC' })
      returned = y.data.buffer
      return y
    })
    expect(given).toBe(image.data.buffer)
    expect(pooled.data.buffer).toBe(returned)
  })

  it('count by their alpha', () => {
    expect([...poolImage(image, floatHalve, { alpha: 'weighted' }).data]).toEqual([...red, 64])
    const invisible = canvas([...red, 0, ...red, 0, ...red, 0, ...red, 0])
    expect([...poolImage(invisible, floatHalve, { alpha: 'weighted' }).data]).toEqual([0, 0, 0, 0])
  })

  it('mix as light', () => {
    const checks = canvas([0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 255])
    expect([...poolImage(checks, floatHalve, { light: 'linear' }).data]).toEqual([188, 188, 188, 255])
  })
})

/** The definition in float64: sums of light times alpha, over sums of alpha. */
function defined(
  samples: readonly number[],
  channels: number,
  largest: number,
  options: PoolImageOptions,
): number[] {
  const toLight = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  const toStored = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)
  const places = Array.from({ length: samples.length / channels }, (_, i) => i * channels)
  const alphaAt = channels % 2 === 0 ? channels - 1 : null
  return Array.from({ length: channels }, (_, c) => {
    const isColour = c !== alphaAt
    const isLight = isColour && options.light === 'linear'
    const weightOf = (at: number): number =>
      isColour && alphaAt !== null && options.alpha === 'weighted' ? samples[at + alphaAt]! : 1
    const total = places.reduce((sum, at) => sum + weightOf(at), 0)
    if (total === 0) return 0
    const sum = places.reduce((sum, at) => {
      const part = samples[at + c]! / largest
      return sum + (isLight ? toLight(part) : part) * weightOf(at)
    }, 0)
    return (isLight ? toStored(sum / total) : sum / total) * largest
  })
}

it.each([
  ['uint8', 255],
  ['uint16', 65_535],
] as const)('%s: any samples are within half a step of the definition', (dtype, largest) => {
  const cases = fc.record({
    channels: fc.integer({ min: 1, max: 4 }),
    alpha: fc.constantFrom('separate', 'weighted'),
    light: fc.constantFrom('stored', 'linear'),
    samples: fc.array(fc.integer({ min: 0, max: largest }), { minLength: 16, maxLength: 16 }),
  } as const)
  fc.assert(
    fc.property(cases, ({ channels, alpha, light, samples }) => {
      const own = samples.slice(0, 4 * channels)
      const pool = alpha === 'separate' && light === 'stored' ? halve : floatHalve
      const { pixels } = poolImage(picture(own, channels, dtype), pool, { alpha, light })
      const wanted = defined(own, channels, largest, { alpha, light })
      wanted.forEach((value, c) => {
        expect(Math.abs((pixels.data[c] as number) - value)).toBeLessThan(0.5 + 1e-4)
      })
    }),
    { numRuns: dtype === 'uint8' ? 200 : 40 },
  )
})

it('every sample comes back from its own light', () => {
  for (const [dtype, largest] of [
    ['uint8', 255],
    ['uint16', 65_535],
  ] as const) {
    const samples = Array.from({ length: 2 * (largest + 1) }, (_, i) => i % (largest + 1))
    const same = poolImage(picture(samples, 1, dtype), (x) => x, { light: 'linear' })
    expect(Array.from(same.pixels.data)).toEqual(samples)
  }
})

it('rounds by the rule that is asked for', () => {
  const two = picture([10, 200, 11, 200, 10, 200, 11, 200], 2)
  const of = (rounding: PoolImageOptions['rounding']): number =>
    poolImage(two, floatHalve, { alpha: 'weighted', ...(rounding && { rounding }) }).pixels.data[0]!
  expect([of(undefined), of('half-even'), of('half-up'), of('trunc'), of('floor')]).toEqual([
    10, 10, 11, 10, 10,
  ])
})

it('channels of bands are no alpha', () => {
  const bands = { ...picture([9, 0, 9, 0, 9, 0, 9, 255], 2), bands: true as const }
  expect([...poolImage(bands, floatHalve, { alpha: 'weighted', light: 'linear' }).pixels.data]).toEqual([
    9,
    188 - 51,
  ])
})

describe('refuses', () => {
  const image = picture([1, 2, 3, 4], 1)
  it.each([
    ['what is no image', () => poolImage({ data: [1], width: 1 } as never, halve), 'BAD_PARAM'],
    ['what is no function', () => poolImage(image, { kernelSize: 2 } as never), 'BAD_PARAM'],
    ['an unknown alpha', () => poolImage(image, halve, { alpha: 'straight' as never }), 'BAD_PARAM'],
    ['an unknown option', () => poolImage(image, halve, { gamma: 2.2 } as never), 'BAD_PARAM'],
    [
      'a pooling that loses the channels',
      () => poolImage(picture([1, 2, 3, 4, 5, 6], 3), (x) => avgPool2d(x, { kernelSize: 1, stride: 2 })),
      'BAD_SHAPE',
    ],
    ['a pooling that returns nothing', () => poolImage(image, (() => undefined) as never), 'BAD_SHAPE'],
    [
      'light of floats',
      () => poolImage({ ...image, pixels: tensor([1, 2], [1, 2, 1]) as never }, halve, { light: 'linear' }),
      'BAD_DTYPE',
    ],
    [
      'floats for a canvas',
      () => poolImage(canvas([0, 0, 0, 0], 1), (x) => tensor([1, 2, 3, 4], x.shape as never)),
      'BAD_DTYPE',
    ],
  ] as const)('%s', (_, call, code) => {
    expect(codeOf(call)).toBe(code)
  })
})
