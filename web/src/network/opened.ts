/**
 * @file The number of a map, of the hidden layer or of the scores that is opened where it stands: which one, what it reads, and how the address names it.
 */
import type { Family, WindowSize } from './families.ts'
import { extent } from './layers.ts'
import { classes, hiddenUnits, inputSide, stages } from './lenet.ts'

/** From left to right: the maps, the hidden layer as one map, the scores as one more. */
export const flowStages = [...stages, 'hidden', 'scores'] as const
export type FlowStage = (typeof flowStages)[number]

/** Those that are computed and shown being computed; each reads the stage before it. */
export type OpenedStage = Exclude<FlowStage, 'input' | 'relu1' | 'relu2'>

const convolved = inputSide - extent + 1
/** Rows and columns of a stage's maps. */
const sizes: Readonly<Record<FlowStage, readonly [rows: number, columns: number]>> = {
  input: [inputSide, inputSide],
  conv1: [convolved, convolved],
  relu1: [convolved, convolved],
  pool1: [12, 12],
  conv2: [8, 8],
  relu2: [8, 8],
  pool2: [4, 4],
  hidden: [hiddenUnits / 10, 10],
  scores: [classes, 1],
}
const maps: Readonly<Record<OpenedStage, number>> = {
  conv1: 6,
  pool1: 6,
  conv2: 16,
  pool2: 16,
  hidden: 1,
  scores: 1,
}

/** A number of a stage. */
export interface Pixel {
  readonly stage: FlowStage
  readonly map: number
  /** The place of the number in its map, row by row. */
  readonly place: number
}

export interface Opened extends Pixel {
  readonly stage: OpenedStage
}

export const sourceOf = ({ stage }: Opened): FlowStage => flowStages[flowStages.indexOf(stage) - 1]!
export const countOf = ({ stage }: Pixel): number => sizes[stage][0] * sizes[stage][1]

export function spotOf({ stage, place }: Pixel): { readonly row: number; readonly column: number } {
  const [, columns] = sizes[stage]
  return { row: Math.floor(place / columns), column: place % columns }
}

/** Where the magnitude of a map is greatest. */
export function strongestIn(values: readonly number[]): number {
  const sizes = values.map(Math.abs)
  return sizes.indexOf(Math.max(...sizes))
}

/** The computed number that a chosen one is, or is read by: a pixel of the image by the first convolution, of a ReLU by its pooling. */
export function openedAt(stage: FlowStage, map: number, place: number): Opened {
  const [, columns] = sizes[stage]
  const [row, column] = [Math.floor(place / columns), place % columns]
  const placeIn = (computed: OpenedStage, of: (at: number) => number): number => {
    const inside = (at: number, axis: 0 | 1) => Math.min(sizes[computed][axis] - 1, Math.max(0, at))
    return inside(of(row), 0) * sizes[computed][1] + inside(of(column), 1)
  }
  const centred = (at: number) => at - (extent - 1) / 2
  const halved = (at: number) => Math.floor(at / 2)
  if (stage === 'input') return { stage: 'conv1', map: 0, place: placeIn('conv1', centred) }
  if (stage === 'relu1') return { stage: 'pool1', map, place: placeIn('pool1', halved) }
  if (stage === 'relu2') return { stage: 'pool2', map, place: placeIn('pool2', halved) }
  return { stage, map, place }
}

/** A rectangle of a map, as shares of its sides; what hangs over is cut off by whoever draws it. */
export interface Spot {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/** The numbers that one is computed from: a rectangle of one map of the stage before it, or of all. */
export interface Read {
  readonly stage: FlowStage
  /** Null for all maps. */
  readonly map: number | null
  /** A window may hang over the map. */
  readonly top: number
  readonly left: number
  readonly rows: number
  readonly columns: number
}

export function readBy(pixel: Pixel, [family, window]: readonly [Family, WindowSize]): Read | null {
  const stage = flowStages[flowStages.indexOf(pixel.stage) - 1]
  if (stage === undefined) return null
  const { row, column } = spotOf(pixel)
  const square = (map: number | null, top: number, left: number, side: number): Read => ({
    stage,
    map,
    top,
    left,
    rows: side,
    columns: side,
  })
  if (pixel.stage === 'conv1') return square(0, row, column, extent)
  if (pixel.stage === 'conv2') return square(null, row, column, extent)
  if (pixel.stage === 'relu1' || pixel.stage === 'relu2') return square(pixel.map, row, column, 1)
  if (pixel.stage === 'hidden' || pixel.stage === 'scores') {
    const [rows, columns] = sizes[stage]
    return { stage, map: null, top: 0, left: 0, rows, columns }
  }
  const size = family === 'stride' ? 1 : family === 'blur' ? window + 1 : window
  const before = Math.floor((size - 1) / 2)
  return square(pixel.map, 2 * row - before, 2 * column - before, size)
}

/** Its first and last row and column, within the map. */
export function extentOf({
  stage,
  top,
  left,
  rows,
  columns,
}: Read): Readonly<Record<'rows' | 'columns', readonly [number, number]>> {
  const [height, width] = sizes[stage]
  return {
    rows: [Math.max(0, top), Math.min(height, top + rows) - 1],
    columns: [Math.max(0, left), Math.min(width, left + columns) - 1],
  }
}

/** The mark on a map: the number itself, or the window that it reads. */
export function markOn(
  pixel: Pixel,
  setting: readonly [Family, WindowSize],
  stage: FlowStage,
  map: number,
): Spot | null {
  const [height, width] = sizes[stage]
  const spot = (top: number, left: number, rows: number, columns: number): Spot => ({
    top: top / height,
    left: left / width,
    height: rows / height,
    width: columns / width,
  })
  if (stage === pixel.stage) {
    const { row, column } = spotOf(pixel)
    return map === pixel.map ? spot(row, column, 1, 1) : null
  }
  const read = readBy(pixel, setting)
  if (read?.stage !== stage || (read.map !== null && read.map !== map)) return null
  return spot(read.top, read.left, read.rows, read.columns)
}

export const formatOpened = ({ stage, map, place }: Opened): string => `${stage},${map},${place}`

export function parseOpened(text: string | null): Opened | null {
  const [stage, ...numbers] = (text ?? '').split(',')
  const [map, place] = numbers.map((number) => (/^\d+$/.test(number) ? Number(number) : Number.NaN))
  if (stage === undefined || !Object.hasOwn(maps, stage)) return null
  const opened = { stage: stage as OpenedStage, map: map ?? Number.NaN, place: place ?? Number.NaN }
  return opened.map < maps[opened.stage] && opened.place < countOf(opened) ? opened : null
}
