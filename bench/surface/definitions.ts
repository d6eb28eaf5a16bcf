/**
 * @file Blurs, areas, regions, spatial pyramids and random picks of planes, written from their definitions. The library computes each in one place, so
 * that there is no other backend to compare it with.
 */
import type { PointCall } from './call.ts'
import { boxesOf } from './compositions.ts'

/** The weights of each output along an axis: pairs of an input and a weight. */
type Rows = readonly (readonly (readonly [place: number, weight: number])[])[]

export const definitions: Readonly<Record<string, (call: PointCall) => number[]>> = {
  blur: (call) => weighted(call, (size) => blurRows(size, call.options as never)),
  'max blur': (call) => weighted(maximaOf(call), (size) => blurRows(size, call.options as never)),
  'roi max': (call) => inRegions(call, maximumIn),
  'roi align': (call) => inRegions(call, meanOfSamplesIn),
  'spatial pyramid': levels,
  area: (call) => weighted(call, (size) => areaRows(size, call.options.outputSize as number)),
  stochastic: picks,
}

/** Elements of planes, and the options of a call. */
interface Planes extends Pick<PointCall, 'options'> {
  readonly x: { readonly data: ArrayLike<unknown>; readonly shape: readonly number[] }
}

/** [channels, height, width, and the address of an element] of a call in either layout. */
function planesOf({ x: { shape }, options }: Planes) {
  const isLast = options.layout === 'NHWC'
  const [, a, b, c] = shape as [number, number, number, number]
  const [channels, height, width] = isLast ? [c, a, b] : [a, b, c]
  const at = (n: number, y: number, z: number, sides = [height, width]): number =>
    isLast ? (y * sides[1]! + z) * channels + n : (n * sides[0]! + y) * sides[1]! + z
  return { channels, height, width, at }
}

function weighted(call: Planes, rowsOf: (size: number) => Rows): number[] {
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

/** Maxima at stride 1, without padding. */
function maximaOf({ x, options }: PointCall): Planes {
  const size = options.kernelSize as number
  const { channels, height, width, at } = planesOf({ x, options })
  const sides = [height - size + 1, width - size + 1] as const
  const data: number[] = []
  for (let n = 0; n < channels; n++)
    for (let i = 0; i < sides[0]; i++)
      for (let j = 0; j < sides[1]; j++)
        data[at(n, i, j, [...sides])] = maximumOf(x.data, at, n, [i, i + size], [j, j + size])
  const isLast = options.layout === 'NHWC'
  return { x: { data, shape: isLast ? [1, ...sides, channels] : [1, channels, ...sides] }, options }
}

type Address = ReturnType<typeof planesOf>['at']
type Range = readonly [from: number, to: number]

/** 0 for no elements. */
function maximumOf(data: ArrayLike<unknown>, at: Address, n: number, rows: Range, cols: Range): number {
  const values: number[] = []
  for (let r = rows[0]; r < rows[1]; r++)
    for (let c = cols[0]; c < cols[1]; c++) values.push(Number(data[at(n, r, c)]))
  return values.length === 0 ? 0 : Math.max(...values)
}

/** Cell (i, j) of a grid of `size` by `size` over the region between two corners. */
type Cell = (
  call: PointCall,
  n: number,
  corners: readonly number[],
  size: number,
  i: number,
  j: number,
) => number

function inRegions(call: PointCall, cell: Cell): number[] {
  const { channels } = planesOf(call)
  const { outputSize: size, layout } = call.options as { outputSize: number; layout: 'NCHW' | 'NHWC' }
  const boxes = boxesOf(call.x.shape, layout).data as Float32Array
  const y: number[] = []
  for (let k = 0; 5 * k < boxes.length; k++)
    for (let n = 0; n < channels; n++)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++) {
          const place = layout === 'NHWC' ? (i * size + j) * channels + n : (n * size + i) * size + j
          y[k * channels * size * size + place] = cell(
            call,
            n,
            [...boxes.subarray(5 * k + 1, 5 * k + 5)],
            size,
            i,
            j,
          )
        }
  return y
}

/** Corners are rounded, and both lie in the region. */
function maximumIn(...[call, n, corners, size, i, j]: Parameters<Cell>): number {
  const { height, width, at } = planesOf(call)
  const [x1, y1, x2, y2] = corners.map(Math.round) as [number, number, number, number]
  const range = (first: number, last: number, k: number, most: number): Range => {
    const length = Math.max(last - first + 1, 1)
    const within = (place: number) => Math.min(Math.max(first + place, 0), most)
    return [within(Math.floor((k * length) / size)), within(Math.ceil(((k + 1) * length) / size))]
  }
  return maximumOf(call.x.data, at, n, range(y1, y2, i, height), range(x1, x2, j, width))
}

function meanOfSamplesIn(...[call, n, corners, size, i, j]: Parameters<Cell>): number {
  const { height, width, at } = planesOf(call)
  const [x1, y1, x2, y2] = corners as [number, number, number, number]
  const samples = (first: number, last: number, k: number): number[] => {
    const length = Math.max(last - first, 1)
    const count = Math.ceil(length / size)
    return Array.from({ length: count }, (_, s) => first + ((k + (s + 0.5) / count) * length) / size)
  }
  const [rows, cols] = [samples(y1, y2, i), samples(x1, x2, j)]
  const read = (r: number, c: number) => Number(call.x.data[at(n, r, c)])
  const values = rows.flatMap((r) => cols.map((c) => between(read, [r, height], [c, width])))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Bilinear; samples here are never beyond the plane by more than one element. */
function between(
  read: (r: number, c: number) => number,
  [r, height]: readonly [number, number],
  [c, width]: readonly [number, number],
): number {
  const [top, left] = [Math.min(Math.max(r, 0), height - 1), Math.min(Math.max(c, 0), width - 1)]
  const [r0, c0] = [Math.floor(top), Math.floor(left)]
  const [r1, c1] = [Math.min(r0 + 1, height - 1), Math.min(c0 + 1, width - 1)]
  const row = (at: number) => read(at, c0) * (1 - left + c0) + read(at, c1) * (left - c0)
  return row(r0) * (1 - top + r0) + row(r1) * (top - r0)
}

/** The maxima of each level, flattened, one level after the other. */
function levels(call: PointCall): number[] {
  const { channels, height, width, at } = planesOf(call)
  return (call.options.levels as number[]).flatMap((size) => {
    const range = (k: number, length: number): Range => [
      Math.floor((k * length) / size),
      Math.ceil(((k + 1) * length) / size),
    ]
    const y: number[] = []
    for (let n = 0; n < channels; n++)
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          y[at(n, i, j, [size, size])] = maximumOf(call.x.data, at, n, range(i, height), range(j, width))
    return y
  })
}
