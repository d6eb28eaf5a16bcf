/**
 * @file Blurs, areas, regions, spatial pyramids and random picks of planes, written from their definitions. The library computes each in one place, so
 * that there is no other backend to compare it with.
 */
import type { PointCall } from './call.ts'
import { boxesOf, cellsOf } from './compositions.ts'

/** The weights of each output along an axis: pairs of an input and a weight. */
type Rows = readonly (readonly (readonly [place: number, weight: number])[])[]

export const definitions: Readonly<Record<string, (call: PointCall) => number[]>> = {
  blur: (call) => weighted(call, (size) => blurRows(size, call.options as never)),
  'max blur': (call) => weighted(maximaOf(call), (size) => blurRows(size, call.options as never)),
  'roi max': (call) => inRegions(call, maximumIn),
  'roi align': (call) => inRegions(call, meanOfSamplesIn(0)),
  'ps roi mean': (call) => inChannels(call, meanIn),
  'ps roi align': (call) => inChannels(call, meanOfSamplesIn(0.5)),
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

/** Cell (i, j) of a grid of rows and columns over the region between two corners. */
type Cell = (
  call: PointCall,
  n: number,
  corners: readonly number[],
  size: readonly [number, number],
  i: number,
  j: number,
) => number

function inRegions(call: PointCall, cell: Cell): number[] {
  const { channels } = planesOf(call)
  const { outputSize } = call.options as { outputSize: number }
  return inCells(call, [outputSize, outputSize], channels, (n) => n, cell)
}

/** Each cell in a channel of its own. */
function inChannels(call: PointCall, cell: Cell): number[] {
  const size = cellsOf(call.x.shape, call.options.layout as 'NCHW' | 'NHWC')
  return inCells(call, size, 1, (_, i, j) => i * size[1] + j, cell)
}

function inCells(
  call: PointCall,
  size: readonly [number, number],
  channels: number,
  sourceOf: (n: number, i: number, j: number) => number,
  cell: Cell,
): number[] {
  const { layout } = call.options as { layout: 'NCHW' | 'NHWC' }
  const boxes = boxesOf(call.x.shape, layout).data as Float32Array
  const [height, width] = size
  const y: number[] = []
  for (let k = 0; 5 * k < boxes.length; k++)
    for (let n = 0; n < channels; n++)
      for (let i = 0; i < height; i++)
        for (let j = 0; j < width; j++) {
          const place = layout === 'NHWC' ? (i * width + j) * channels + n : (n * height + i) * width + j
          const corners = [...boxes.subarray(5 * k + 1, 5 * k + 5)]
          y[k * channels * height * width + place] = cell(call, sourceOf(n, i, j), corners, size, i, j)
        }
  return y
}

/** The elements of cell `k` of a region along an axis. */
function cellRange(from: number, length: number, k: number, cells: number, most: number): Range {
  const within = (place: number) => Math.min(Math.max(from + place, 0), most)
  return [within(Math.floor((k * length) / cells)), within(Math.ceil(((k + 1) * length) / cells))]
}

/** Corners are rounded, and both lie in the region. */
function maximumIn(...[call, n, corners, [rows, cols], i, j]: Parameters<Cell>): number {
  const { height, width, at } = planesOf(call)
  const [x1, y1, x2, y2] = corners.map(Math.round) as [number, number, number, number]
  const range = (first: number, last: number, k: number, cells: number, most: number): Range =>
    cellRange(first, Math.max(last - first + 1, 1), k, cells, most)
  return maximumOf(call.x.data, at, n, range(y1, y2, i, rows, height), range(x1, x2, j, cols, width))
}

/** Corners are rounded. The last row and column of the plane are not read. */
function meanIn(...[call, n, corners, [rows, cols], i, j]: Parameters<Cell>): number {
  const { height, width, at } = planesOf(call)
  const [x1, y1, x2, y2] = corners.map(Math.round) as [number, number, number, number]
  const [top, bottom] = cellRange(y1, Math.max(y2 - y1, 1), i, rows, height - 1)
  const [left, right] = cellRange(x1, Math.max(x2 - x1, 1), j, cols, width - 1)
  let sum = 0
  for (let r = top; r < bottom; r++)
    for (let c = left; c < right; c++) sum += Number(call.x.data[at(n, r, c)])
  return sum / Math.max(1, (bottom - top) * (right - left))
}

/**
 * Lengths are rounded to float32, because the number of samples depends on them.
 *
 * @param shift  what corners are moved by; regions that are not moved are at least 1 long
 */
function meanOfSamplesIn(shift: number): Cell {
  return (call, n, corners, [rows, cols], i, j) => {
    const { height, width, at } = planesOf(call)
    const [x1, y1, x2, y2] = corners.map((corner) => Math.fround(corner - shift)) as [
      number,
      number,
      number,
      number,
    ]
    const samples = (first: number, last: number, k: number, cells: number): number[] => {
      const given = Math.fround(last - first)
      const length = shift === 0 ? Math.max(given, 1) : given
      const count = Math.ceil(Math.fround(length / cells))
      return Array.from({ length: count }, (_, s) => first + ((k + (s + 0.5) / count) * length) / cells)
    }
    const [ys, xs] = [samples(y1, y2, i, rows), samples(x1, x2, j, cols)]
    const read = (r: number, c: number) => Number(call.x.data[at(n, r, c)])
    const values = ys.flatMap((r) => xs.map((c) => between(read, [r, height], [c, width])))
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }
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
