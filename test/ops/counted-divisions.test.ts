/**
 * @file Masked means of small integers: every sum of bytes over every count, and one in seven of 16 bits, by each rounding.
 */
import { expect, test } from 'vitest'
import * as pool from '../../src/index.ts'
import { roundings, roundNumber } from '../../src/reducers/rounding.ts'
import { type DType, integerRange } from '../../src/tensor/dtype.ts'

/** Windows of `size` elements in a row, of which the first `count` count, with the sums that they can have. */
function windowsOf(dtype: DType, size: number, count: number) {
  const [least, most] = integerRange(dtype).map(Number) as [number, number]
  const step = most > 255 ? 7 : 1
  const length = Math.floor((count * (most - least)) / step) + 1
  const sums = Array.from({ length }, (_, i) => count * least + i * step)
  const x = new Float64Array(sums.length * size).fill(most)
  sums.forEach((sum, i) => {
    let rest = sum
    for (let k = 0; k < count; k++) {
      const left = count - k - 1
      const value = Math.max(least, Math.min(most, rest - left * least))
      x[i * size + k] = value
      rest -= value
    }
  })
  const mask = Uint8Array.from(x, (_, at) => Number(at % size < count))
  return { sums, x, mask }
}

function assertExact(
  dtype: DType,
  size: number,
  count: number,
  shapeOf: (windows: number) => number[],
): void {
  const { sums, x, mask } = windowsOf(dtype, size, count)
  const shape = shapeOf(sums.length)
  const tensor = pool.tensor(Array.from(x), shape, dtype)
  for (const rounding of roundings) {
    const options = { kernelSize: size, rounding, mask: pool.tensor(mask, shape, 'uint8'), fill: 0 }
    const { data } = pool.avgPool1d(tensor, options)
    const wrong = sums.findIndex((sum, i) => Number(data[i]) !== roundNumber[rounding](sum / count) + 0)
    expect(wrong === -1 ? null : [rounding, count, sums[wrong], data[wrong]], dtype).toBeNull()
  }
}

test('bytes in windows of up to thirteen', () => {
  for (const dtype of ['uint8', 'int8'] as const)
    for (let count = 1; count <= 13; count++)
      for (const size of [12, 13])
        if (count <= size) assertExact(dtype, size, count, (windows) => [1, 1, windows * size])
})

test('bytes in windows of two', () => {
  for (const dtype of ['uint8', 'int8'] as const)
    for (const count of [1, 2]) assertExact(dtype, 2, count, (windows) => [1, 1, windows * 2])
})

for (const dtype of ['uint8', 'int8', 'uint16', 'int16'] as const)
  test(`${dtype} in windows of 2 by 2, beside each other and of three channels`, () => {
    for (let count = 1; count <= 4; count++) {
      const { sums, x, mask } = windowsOf(dtype, 4, count)
      const windows = sums.length
      for (const channels of [1, 3]) {
        const width = Math.ceil(windows / channels)
        const shape = [1, 2, 2 * width, channels]
        const place = (of: { readonly [at: number]: number }): number[] => {
          const placed = new Array<number>(4 * width * channels).fill(0)
          for (let i = 0; i < windows; i++)
            for (let k = 0; k < 4; k++) {
              const [col, c] = [2 * (i % width) + (k & 1), Math.floor(i / width)]
              placed[((k >> 1) * 2 * width + col) * channels + c] = of[4 * i + k]!
            }
          return placed
        }
        const tensor = pool.tensor(place(x), shape, dtype)
        const marks = pool.tensor(place(mask), shape, 'uint8')
        for (const rounding of roundings) {
          const options = { kernelSize: 2, layout: 'NHWC', rounding, mask: marks, fill: 0 } as const
          const { data } = pool.avgPool2d(tensor, options)
          const wrong = sums.findIndex(
            (sum, i) =>
              Number(data[(i % width) * channels + Math.floor(i / width)]) !==
              roundNumber[rounding](sum / count) + 0,
          )
          expect(wrong === -1 ? null : [rounding, channels, count, sums[wrong]]).toBeNull()
        }
      }
    }
  })
