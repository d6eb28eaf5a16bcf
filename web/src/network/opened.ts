/**
 * @file The pixel of a map that is opened where it stands: which one, what it reads, and how the address names it.
 */
import type { Family, WindowSize } from './families.ts'
import { extent } from './layers.ts'
import { inputSide, type Stage } from './lenet.ts'

/** Stages that compute pixels from windows. */
const windowed = {
  conv1: 'input',
  pool1: 'relu1',
  conv2: 'pool1',
  pool2: 'relu2',
} as const satisfies Partial<Record<Stage, Stage>>
export type WindowedStage = keyof typeof windowed

const sides: Readonly<Record<Stage, number>> = {
  input: inputSide,
  conv1: inputSide - extent + 1,
  relu1: inputSide - extent + 1,
  pool1: 12,
  conv2: 8,
  relu2: 8,
  pool2: 4,
}
const maps: Readonly<Record<WindowedStage, number>> = { conv1: 6, pool1: 6, conv2: 16, pool2: 16 }

export interface Opened {
  readonly stage: WindowedStage
  readonly map: number
  /** The place of the pixel in its map, row by row. */
  readonly place: number
}

export const isConvolution = ({ stage }: Opened): boolean => stage === 'conv1' || stage === 'conv2'
export const sourceOf = ({ stage }: Opened): Stage => windowed[stage]
export const countOf = ({ stage }: Opened): number => sides[stage] ** 2

export function spotOf({ stage, place }: Opened): { readonly row: number; readonly column: number } {
  return { row: Math.floor(place / sides[stage]), column: place % sides[stage] }
}

/** The computed pixel that a chosen one is, or is read by: a pixel of the image by the first convolution, of a ReLU by its pooling. */
export function openedAt(stage: Stage, map: number, place: number): Opened {
  const [row, column] = [Math.floor(place / sides[stage]), place % sides[stage]]
  const placeIn = (computed: WindowedStage, of: (at: number) => number): number => {
    const inside = (at: number) => Math.min(sides[computed] - 1, Math.max(0, at))
    return inside(of(row)) * sides[computed] + inside(of(column))
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
  readonly side: number
}

/** The mark on a map: the opened pixel on its own, the window on those that it reads. */
export function markOn(
  opened: Opened,
  [family, window]: readonly [Family, WindowSize],
  stage: Stage,
  map: number,
): Spot | null {
  const { row, column } = spotOf(opened)
  const share = (top: number, left: number, side: number): Spot => {
    const whole = sides[stage]
    return { top: top / whole, left: left / whole, side: side / whole }
  }
  if (stage === opened.stage) return map === opened.map ? share(row, column, 1) : null
  if (stage !== sourceOf(opened)) return null
  if (isConvolution(opened)) return share(row, column, extent)
  if (map !== opened.map) return null
  const size = family === 'stride' ? 1 : family === 'blur' ? window + 1 : window
  const before = Math.floor((size - 1) / 2)
  return share(2 * row - before, 2 * column - before, size)
}

export const formatOpened = ({ stage, map, place }: Opened): string => `${stage},${map},${place}`

export function parseOpened(text: string | null): Opened | null {
  const [stage, ...numbers] = (text ?? '').split(',')
  const [map, place] = numbers.map((number) => (/^\d+$/.test(number) ? Number(number) : Number.NaN))
  if (stage === undefined || !Object.hasOwn(windowed, stage)) return null
  const opened = { stage: stage as WindowedStage, map: map ?? Number.NaN, place: place ?? Number.NaN }
  return opened.map < maps[opened.stage] && opened.place < countOf(opened) ? opened : null
}
