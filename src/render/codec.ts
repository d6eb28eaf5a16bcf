/**
 * @file Encodes single values in an address: short and readable, and clamped when parsed. Undefined means invalid.
 */
import { type Box, noPadding, type Padding, type Pair } from './pooling.ts'
import type { Plane } from './presets.ts'

export interface Codec<T> {
  /** `onCut` is called if the text asks for more than is allowed, and the value is clamped. */
  read(text: string, onCut?: () => void): T | undefined
  write(value: T): string
}

/** The largest matrix, and the most channels, that a grid shows. */
export const maxSide = 16
export const maxChannels = 4

const maxLevels = 4

export function whole(low: number, high: number): Codec<number> {
  return {
    read: (text, onCut) => (/^[+-]?\d+$/.test(text) ? cut(Number(text), low, high, onCut) : undefined),
    write: String,
  }
}

export const flag: Codec<boolean> = {
  read: (text) => (text === '1' ? true : text === '0' ? false : undefined),
  write: (value) => (value ? '1' : '0'),
}

export function oneOf<T extends string>(names: readonly T[]): Codec<T> {
  return { read: (text) => names.find((name) => name === text), write: (name) => name }
}

/** `3`, or `3x2` for height 3 and width 2. */
export function pair(low: number, high: number): Codec<Pair> {
  const side = whole(low, high)
  return {
    read: (text, onCut) => {
      const sides = text.split('x').map((each) => side.read(each, onCut))
      if (sides.length > 2 || sides.includes(undefined)) return undefined
      return [sides[0]!, sides[1] ?? sides[0]!]
    },
    write: ([height, width]) => (height === width ? `${height}` : `${height}x${width}`),
  }
}

const level = pair(1, 8)

/** The levels of a spatial pyramid: `4,2,1`, or `3x2,1`. */
export const levels: Codec<readonly Pair[]> = {
  read: (text, onCut) => {
    const sizes = atMost(maxLevels, text.split(','), onCut).map((each) => level.read(each.trim(), onCut))
    return sizes.includes(undefined) ? undefined : (sizes as Pair[])
  },
  write: (sizes) => sizes.map(level.write).join(','),
}

const pad = whole(0, maxSide)

/** `1`, `1x0`, `same`, `same-lower`, `valid`, or all four sides: `1-2x0-1` is top-bottom x left-right. */
export const padding: Codec<Padding> = {
  read: (text, onCut) => {
    if (text === 'same' || text === 'same-lower') return text
    if (text === 'valid') return noPadding
    const sides = text.split('x').map((each) => readSides(each, onCut))
    if (sides.length > 2 || sides.includes(undefined)) return undefined
    return [sides[0]!, sides[1] ?? sides[0]!]
  },
  write: (value) => {
    if (typeof value === 'string') return value
    const [rows, columns] = value.map(([before, after]) =>
      before === after ? `${before}` : `${before}-${after}`,
    )
    return rows === columns ? rows! : `${rows}x${columns}`
  },
}

function readSides(text: string, onCut?: () => void): Pair | undefined {
  const sides = text.split('-').map((each) => pad.read(each, onCut))
  if (sides.length > 2 || sides.includes(undefined)) return undefined
  return [sides[0]!, sides[1] ?? sides[0]!]
}

/** The p of a norm: `2`, `1.5`, `inf`. */
export const norm: Codec<number> = {
  read: (text, onCut) => {
    const value = readNumber(text, onCut)
    return value === undefined || Number.isNaN(value) || value <= 0 ? undefined : value
  },
  write: writeNumber,
}

/** A number between two others that passes `isValid`. */
export function real(
  low: number,
  high: number,
  isValid: (value: number) => boolean = () => true,
): Codec<number> {
  return {
    read: (text, onCut) => {
      const value = readNumber(text)
      return value === undefined || Number.isNaN(value) || !isValid(value)
        ? undefined
        : cut(value, low, high, onCut)
    },
    write: writeNumber,
  }
}

/** `-9999`, `nan`. */
export const anyNumber: Codec<number> = { read: readNumber, write: writeNumber }

/** A corner of a region. */
export const corner: Codec<number> = real(-99, 99)

/** The corners of a region: `0,0,3,2.5` is x1, y1, x2, y2. */
export const box: Codec<Box> = {
  read: (text, onCut) => {
    const corners = text.split(',').map((each) => corner.read(each.trim(), onCut))
    return corners.length === 4 && !corners.includes(undefined) ? (corners as unknown as Box) : undefined
  },
  write: (corners) => corners.map(writeNumber).join(','),
}

/** Rows parted by `;`, channels by `/`: `1,2;3,4/5,6;7,8`. `nan`, `inf` and `-inf` are numbers too. */
export const planes: Codec<readonly Plane[]> = planesUpTo(maxSide)

/** Gradients of outputs: those of a spatial pyramid are a row of all its levels. */
export const gradientPlanes: Codec<readonly Plane[]> = planesUpTo(maxLevels * 64)

function planesUpTo(side: number): Codec<readonly Plane[]> {
  return {
    read: (text, onCut) => {
      const read = atMost(maxChannels, text.split('/'), onCut).map((channel) =>
        readPlane(channel, side, onCut),
      )
      const [first] = read
      if (first === undefined) return undefined
      const isEven = read.every((each) => each?.rows === first.rows && each.columns === first.columns)
      return isEven ? (read as Plane[]) : undefined
    },
    write: (channels) => channels.map(writePlane).join('/'),
  }
}

function readPlane(text: string, side: number, onCut?: () => void): Plane | undefined {
  const rows = atMost(side, text.split(';'), onCut).map((row) =>
    atMost(side, row.split(','), onCut).map((value) => readNumber(value.trim(), onCut)),
  )
  const columns = rows[0]!.length
  const isRectangle = rows.every((row) => row.length === columns && !row.includes(undefined))
  return isRectangle ? { rows: rows.length, columns, values: rows.flat() as number[] } : undefined
}

function writePlane({ columns, values }: Plane): string {
  const rows: string[] = []
  for (let start = 0; start < values.length; start += columns) {
    rows.push(
      values
        .slice(start, start + columns)
        .map(writeNumber)
        .join(','),
    )
  }
  return rows.join(';')
}

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

/** A number as people and numpy write it; magnitudes above 1e30 are clamped to 1e30. */
export function readNumber(text: string, onCut?: () => void): number | undefined {
  const word = text.toLowerCase().replace('infinity', 'inf').replace('∞', 'inf').replace('−', '-')
  if (Object.hasOwn(words, word)) return words[word]
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word) ? cut(Number(word), -1e30, 1e30, onCut) : undefined
}

export function writeNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return String(Number(value.toPrecision(7)))
}

function atMost<T>(most: number, items: readonly T[], onCut?: () => void): readonly T[] {
  if (items.length > most) onCut?.()
  return items.slice(0, most)
}

function cut(value: number, low: number, high: number, onCut?: () => void): number {
  const inside = clamp(value, low, high)
  if (inside !== value) onCut?.()
  return inside
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value))
}
