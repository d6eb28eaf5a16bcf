/**
 * @file Means of integers of 8 and 16 bits, as they are folded and divided in one loop, against the definition: windows that overlap or do
 * not, with any number of channels, inside the row and beyond.
 */
import { describe, expect, test } from 'vitest'
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  type DType,
  tensor,
} from '../../../src/index.ts'
import { roundings, roundNumber } from '../../../src/reducers/rounding.ts'

const classes = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array } as const

/** Taps, stride, dilation and padding along rows, and the rows of a window. */
type Window = readonly [number, number, number, number, number]

const windows: readonly Window[] = [
  [2, 2, 1, 0, 1],
  [2, 2, 1, 0, 2],
  [3, 1, 1, 1, 1],
  [3, 1, 1, 1, 3],
  [3, 1, 2, 0, 1],
  [3, 2, 1, 1, 1],
  [4, 4, 1, 0, 1],
  [7, 1, 1, 3, 1],
  [7, 1, 1, 0, 5],
  [31, 1, 1, 9, 1],
  [12, 5, 1, 0, 2],
]

const [height, width] = [5, 70]

/** The mean of each window, as the definition has it. */
function meansOf(
  data: ArrayLike<number>,
  channels: number,
  [taps, stride, dilation, padding, rows]: Window,
  round: (quotient: number) => number,
): number[] {
  const means: number[] = []
  const step = rows === 2 ? 2 : 1
  for (let y = 0; y + rows <= height; y += step)
    for (let first = -padding; first + (taps - 1) * dilation < width + padding; first += stride)
      for (let c = 0; c < channels; c++) {
        let sum = 0
        for (let r = y; r < y + rows; r++)
          for (let t = 0; t < taps; t++) {
            const x = first + t * dilation
            if (x >= 0 && x < width) sum += data[(r * width + x) * channels + c]!
          }
        means.push(round(sum / (taps * rows)))
      }
  return means
}

describe.each(Object.keys(classes) as (keyof typeof classes)[])('%s', (dtype) => {
  test.each(windows)('windows of %i at stride %i, dilation %i, padding %i, in %i rows', (...window) => {
    const [taps, stride, dilation, padding, rows] = window
    for (const channels of [1, 2, 3, 4, 5, 8, 9, 16, 17, 64]) {
      let state = channels
      const next = (): number => {
        state = (state * 48271) % 2147483647
        return state
      }
      const data = new classes[dtype](
        Array.from({ length: height * width * channels }, () =>
          next() % 3 === 0 ? (next() % 2 === 0 ? -(2 ** 31) + 128 : 127) - (next() % 2) : next(),
        ),
      )
      const x = tensor(data, [1, height, width, channels], dtype as DType)
      for (const rounding of roundings) {
        const options = {
          kernelSize: [rows, taps],
          stride: [rows === 2 ? 2 : 1, stride],
          dilation: [1, dilation],
          padding: [0, padding],
          rounding,
          layout: 'NHWC',
        } as const
        const want = meansOf(data, channels, window, roundNumber[rounding])
        const wrong = [...avgPool2d(x, options).data].flatMap((mean, i) =>
          Number(mean) - want[i]! === 0 ? [] : [[i, want[i], mean]],
        )
        expect([channels, rounding, wrong.slice(0, 3)]).toEqual([channels, rounding, []])
      }
    }
  })

  test('sums along rows of each channel', () => {
    for (const channels of [1, 2, 3, 4, 7, 16]) {
      const data = new classes[dtype](Array.from({ length: 2100 * channels }, (_, i) => (i * i * 31) >> 3))
      const x = tensor(data, [1, 2100, channels], dtype as DType)
      const means = avgPool1d(x, { kernelSize: 31, stride: 1, layout: 'NHWC' }).data
      const want = Array.from({ length: 2070 * channels }, (_, i) => {
        let sum = 0
        for (let t = 0; t < 31; t++) sum += data[i + t * channels]!
        return Math.trunc(sum / 31)
      })
      expect([channels, [...means].findIndex((mean, i) => Number(mean) - want[i]! !== 0)]).toEqual([
        channels,
        -1,
      ])
    }
  })

  test('windows of more than 2^16 elements', () => {
    const data = new classes[dtype](3 * 300 * 310).map((_, i) => (i % 7 === 0 ? -(i * i) : 2 ** 15 - 1))
    const x = tensor(data, [1, 300, 310, 3], dtype as DType)
    const means = adaptiveAvgPool2d(x, { outputSize: 1, layout: 'NHWC', rounding: 'floor' }).data
    const sums = [0, 0, 0]
    data.forEach((value, i) => {
      sums[i % 3]! += value
    })
    expect([...means]).toEqual(sums.map((sum) => Math.floor(sum / (300 * 310))))
  })

  test.each(['int8', 'uint16', 'int32', 'uint32'] as const)(
    'long windows of wide pixels that hardly overlap, %s',
    (dtype) => {
      const [width, channels, outputs] = [1003, 67, 7]
      const data = Array.from(
        { length: width * channels },
        (_, i) => ((i * 7919) % 251) - (dtype[0] === 'u' ? 0 : 125),
      )
      const x = tensor(data, [1, width, channels], dtype)
      const means = adaptiveAvgPool1d(x, { outputSize: outputs, layout: 'NHWC', rounding: 'half-even' }).data
      const want = Array.from({ length: outputs * channels }, (_, at) => {
        const [i, c] = [Math.floor(at / channels), at % channels]
        const [from, to] = [Math.floor((i * width) / outputs), Math.ceil(((i + 1) * width) / outputs)]
        let sum = 0
        for (let k = from; k < to; k++) sum += data[k * channels + c]!
        return roundNumber['half-even'](sum / (to - from))
      })
      expect([...means].findIndex((mean, i) => Number(mean) - want[i]! !== 0)).toBe(-1)
    },
  )
})
