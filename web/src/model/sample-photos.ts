/**
 * @file Photographs that come with the page, drawn pixel by pixel: stars over a hill, which averages wipe out, and fine rings, which
 * strides turn into others.
 */
import { rand } from '../../../src/tensor/create.ts'

export const sampleNames = ['stars', 'rings'] as const
export type SampleName = (typeof sampleNames)[number]

export const sampleWidth = 480
export const sampleHeight = 320

type Colour = readonly [red: number, green: number, blue: number]

/** Red, green, blue and alpha of each pixel, row by row. */
export function drawSample(name: SampleName): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(sampleWidth * sampleHeight * 4)
  const draw = name === 'stars' ? starryNight() : ring
  for (let i = 0; i < sampleWidth * sampleHeight; i++) {
    pixels.set([...draw(Math.floor(i / sampleWidth), i % sampleWidth), 255], 4 * i)
  }
  return pixels
}

/** Rings that grow finer outwards, up to two pixels each. */
function ring(row: number, column: number): Colour {
  const [down, right] = [row - sampleHeight / 2, column - sampleWidth / 2]
  const bright = 127.5 + 127.5 * Math.cos((Math.PI * (down * down + right * right)) / sampleWidth)
  return [bright, bright, bright]
}

const starCount = 260

function starryNight(): (row: number, column: number) => Colour {
  const stars = new Map<number, number>()
  const draws = rand([starCount, 3], { seed: 5 }).data
  for (let n = 0; n < starCount; n++) {
    const [down, right, light] = [draws[3 * n]!, draws[3 * n + 1]!, draws[3 * n + 2]!]
    const place = Math.floor(down * sampleHeight) * sampleWidth + Math.floor(right * sampleWidth)
    stars.set(place, 150 + 105 * light)
  }
  return (row, column) => {
    const x = column / sampleWidth
    const hill = sampleHeight * (0.74 - 0.1 * Math.sin(5 * x + 0.6) - 0.04 * Math.sin(17 * x))
    if (row > hill) return [14 + 10 * x, 24 + 22 * x, 20 + 8 * x]
    const star = stars.get(row * sampleWidth + column)
    if (star !== undefined) return [star, star, Math.min(255, star + 20)]
    const dusk = (row / hill) ** 3
    return [16 + 150 * dusk, 22 + 70 * dusk, 58 + 40 * dusk]
  }
}
