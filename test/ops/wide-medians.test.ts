/**
 * @file Medians of large windows of 16-bit integers, found by the upper and then the lower bits in which elements differ, or in counts of all
 * bits that move with the window, are those that the reference finds by sorting.
 */
import { describe, expect, it } from 'vitest'
import { medianPool2d, quantilePool2d, tensor } from '../../src/index.ts'
import { roundings } from '../../src/reducers/rounding.ts'
import { randomOf } from '../kernels/jobs.ts'

const [height, width] = [53, 29]

/** Elements within `spread` of the least, and a few far above. */
function elementsOf(size: number, spread: number, least: number): number[] {
  const random = randomOf(spread)
  return Array.from({ length: size }, () => least + (random() < 0.02 ? 60000 : Math.floor(random() * spread)))
}

describe.each([
  { storage: Uint16Array, least: 0 },
  { storage: Int16Array, least: -20000 },
])('$storage.name', ({ storage, least }) => {
  it.each(
    [1, 3, 200, 300, 4000, 65536].flatMap((spread, s) =>
      [
        { kernelSize: 9, stride: 1, padding: 4, channels: 1 },
        { kernelSize: 8, stride: 3, padding: 0, channels: 3 },
        { kernelSize: 15, stride: 2, padding: 7, channels: 1 },
        { kernelSize: 21, stride: 1, padding: 10, channels: 2 },
        { kernelSize: [50, 7], stride: [2, 1], padding: 0, channels: 2 },
        { kernelSize: [21, 5], stride: [4, 6], padding: 0, channels: 1 },
      ].map((window, w) => ({ spread, rounding: roundings[(s + w) % roundings.length]!, ...window })),
    ),
  )(
    'within $spread, $kernelSize at stride $stride, $channels channels, $rounding',
    ({ spread, channels, rounding, ...window }) => {
      const x = tensor(storage.from(elementsOf(height * width * channels, spread, least)), [
        1,
        height,
        width,
        channels,
      ])
      const plain = { ...window, layout: 'NHWC' } as const
      const options = { ...plain, rounding }
      const sorted = medianPool2d(x, { ...options, returnIndices: true })
      expect(medianPool2d(x, options).data).toEqual(sorted.output.data)
      const rank = { ...plain, q: 0.9, interpolation: 'lower' } as const
      const { output } = quantilePool2d(x, { ...rank, returnIndices: true })
      expect(quantilePool2d(x, rank).data).toEqual(output.data)
    },
  )
})
