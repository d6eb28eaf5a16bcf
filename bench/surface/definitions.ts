/**
 * @file Blurs, areas and random picks of planes, written from their definitions. The library computes each in one place, so
 * that there is no other backend to compare it with.
 */
import type { PointCall } from './call.ts'

/** The weights of each output along an axis: pairs of an input and a weight. */
type Rows = readonly (readonly (readonly [place: number, weight: number])[])[]

export const definitions: Readonly<Record<string, (call: PointCall) => number[]>> = {
  blur: (call) => weighted(call, (size) => blurRows(size, call.options as never)),
  area: (call) => weighted(call, (size) => areaRows(size, call.options.outputSize as number)),
  stochastic: picks,
}

/** [channels, height, width, and the address of an element] of a call in either layout. */
function planesOf({ x: { shape }, options }: PointCall) {
  const isLast = options.layout === 'NHWC'
  const [, a, b, c] = shape as [number, number, number, number]
  const [channels, height, width] = isLast ? [c, a, b] : [a, b, c]
  const at = (n: number, y: number, z: number, sides = [height, width]): number =>
    isLast ? (y * sides[1]! + z) * channels + n : (n * sides[0]! + y) * sides[1]! + z
  return { channels, height, width, at }
}

function weighted(call: PointCall, rowsOf: (size: number) => Rows): number[] {
  const { channels, height, width, at } = planesOf(call)
  const [rows, cols] = [rowsOf(height), rowsOf(width)]
  const y: number[] = []
  for (let n = 0; n < channels; n++)
    rows.forEach((row, i) => {
      cols.forEach((col, j) => {
        let sum = 0
        for (const [r, u] of row) for (const [c, v] of col) sum += u * v * Number(call.x.data[at(n, r, c)])
        y[at(n, i, j, [rows.length, cols.length])] = sum
      })
    })
  return y
}

function blurRows(size: number, { filterSize, stride }: { filterSize: number; stride: number }): Rows {
  const taps = filterSize === 2 ? [1 / 2, 1 / 2] : [1 / 4, 1 / 2, 1 / 4]
  const before = filterSize - 2
  return Array.from({ length: Math.floor((size - 1) / stride) + 1 }, (_, i) =>
    taps.map((weight, tap) => {
      const place = Math.abs(i * stride - before + tap)
      return [place < size ? place : 2 * (size - 1) - place, weight] as const
    }),
  )
}

function areaRows(size: number, outputs: number): Rows {
  const length = size / outputs
  return Array.from({ length: outputs }, (_, i) =>
    Array.from({ length: size }, (_, place) => {
      const overlap = Math.min((i + 1) * length, place + 1) - Math.max(i * length, place)
      return [place, overlap / length] as const
    }).filter(([, weight]) => weight > 1e-12),
  )
}

/** The first element at which the running sum of what is positive exceeds the sample's part of the whole; 0 if nothing is. */
function picks(call: PointCall): number[] {
  const { channels, height, width, at } = planesOf(call)
  const {
    kernelSize,
    stride,
    padding = 0,
    samples,
  } = call.options as {
    kernelSize: number
    stride: number
    padding?: number
    samples: { data: ArrayLike<number> }
  }
  const sides = [height, width].map((size) => Math.floor((size + 2 * padding - kernelSize) / stride) + 1)
  const y: number[] = []
  for (let n = 0; n < channels; n++)
    for (let i = 0; i < sides[0]!; i++)
      for (let j = 0; j < sides[1]!; j++) {
        const values: number[] = []
        for (let r = i * stride - padding; r < i * stride - padding + kernelSize; r++)
          for (let c = j * stride - padding; c < j * stride - padding + kernelSize; c++)
            if (r >= 0 && c >= 0 && r < height && c < width)
              values.push(Math.max(0, Number(call.x.data[at(n, r, c)])))
        const place = at(n, i, j, sides)
        const threshold = samples.data[place]! * values.reduce((sum, value) => sum + value, 0)
        const sums = values.map((_, k) => values.slice(0, k + 1).reduce((sum, value) => sum + value, 0))
        y[place] = values[sums.findIndex((sum) => sum > threshold)] ?? 0
      }
  return y
}
