/**
 * @file The number of a map, of the hidden layer or of the scores that is opened where it stands: which one, what it reads, and how the address names it.
 */
import type { Family, WindowSize } from './families.ts'
import { extent } from './layers.ts'
import { classes, hiddenUnits, inputSide, stages } from './lenet.ts'

/** From left to right: the maps, the hidden layer as one map, the scores as one more. */
export const flowStages = [...stages, 'hidden', 'scores'] as const
export type FlowStage = (typeof flowStages)[number]

/** What computes its numbers from those of the stage before it, and is shown doing so. */
const sources = {
  conv1: 'input',
  pool1: 'relu1',
  conv2: 'pool1',
  pool2: 'relu2',
  hidden: 'pool2',
  scores: 'hidden',
} as const satisfies Partial<Record<FlowStage, FlowStage>>
export type OpenedStage = keyof typeof sources

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

export interface Opened {
  readonly stage: OpenedStage
  readonly map: number
  /** The place of the number in its map, row by row. */
  readonly place: number
}

export const sourceOf = ({ stage }: Opened): FlowStage => sources[stage]
export const countOf = ({ stage }: Opened): number => sizes[stage][0] * sizes[stage][1]

export function spotOf({ stage, place }: Opened): { readonly row: number; readonly column: number } {
  const [, columns] = sizes[stage]
  return { row: Math.floor(place / columns), column: place % columns }
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

/** The mark on a map: the opened number on its own, the window on those that it reads. */
export function markOn(
  opened: Opened,
  [family, window]: readonly [Family, WindowSize],
  stage: FlowStage,
  map: number,
): Spot | null {
  const { row, column } = spotOf(opened)
  const [rows, columns] = sizes[stage]
  const square = (top: number, left: number, side: number): Spot => ({
    top: top / rows,
    left: left / columns,
    height: side / rows,
    width: side / columns,
  })
  if (stage === opened.stage) return map === opened.map ? square(row, column, 1) : null
  if (stage !== sourceOf(opened)) return null
  if (stage === 'pool2' || stage === 'hidden') return { top: 0, left: 0, height: 1, width: 1 }
  if (opened.stage === 'conv1' || opened.stage === 'conv2') return square(row, column, extent)
  if (map !== opened.map) return null
  const size = family === 'stride' ? 1 : family === 'blur' ? window + 1 : window
  const before = Math.floor((size - 1) / 2)
  return square(2 * row - before, 2 * column - before, size)
}

export const formatOpened = ({ stage, map, place }: Opened): string => `${stage},${map},${place}`

export function parseOpened(text: string | null): Opened | null {
  const [stage, ...numbers] = (text ?? '').split(',')
  const [map, place] = numbers.map((number) => (/^\d+$/.test(number) ? Number(number) : Number.NaN))
  if (stage === undefined || !Object.hasOwn(sources, stage)) return null
  const opened = { stage: stage as OpenedStage, map: map ?? Number.NaN, place: place ?? Number.NaN }
  return opened.map < maps[opened.stage] && opened.place < countOf(opened) ? opened : null
}
