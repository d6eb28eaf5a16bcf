/**
 * @file The positions that a window covers: inside the input, in its padding or beyond, with the values and weights that count.
 */
import { isPositionSensitive, type Pooling, reads } from './pooling.ts'
import type { Scene } from './scene.ts'
import { type AxisWindows, isInside } from './windows.ts'

/** `inside` the input, in its `padding`, or `beyond` the padding, where ceil mode hangs over; `left-out` elements are `nodata`. */
export type Zone = 'inside' | 'padding' | 'beyond' | 'left-out'

type AxisZone = Exclude<Zone, 'left-out'>

/** One position that a window covers; rows and columns count from the input's first, so padding has negative ones. */
export interface Term {
  readonly row: number
  readonly column: number
  readonly zone: Zone
  /** 0 outside the input, unless a blur repeats the input there. */
  readonly value: number
  /** 1 but for blurs and areas. */
  readonly weight: number
}

/** The positions that the window of an output covers, in row-major order. */
export function termsOf({ windows, input, pooling }: Scene, channel: number, at: number): readonly Term[] {
  const [rows, columns] = windows[channel]!
  const plane = input[sourceOf(pooling, channel, at)]!
  const nodata = reads[pooling.op].includes('nodata') ? pooling.nodata : null
  const across = tapsOf(columns, at % columns.outSize, pooling)
  return tapsOf(rows, Math.floor(at / columns.outSize), pooling).flatMap((row) =>
    across.map((column): Term => {
      const isRead = row.source !== null && column.source !== null
      const value = isRead ? plane.values[row.source * plane.columns + column.source]! : 0
      const zone = isRead && isLeftOut(nodata, value) ? 'left-out' : worse(row.zone, column.zone)
      return { row: row.position, column: column.position, zone, value, weight: row.weight * column.weight }
    }),
  )
}

/** The input channel that an output reads. */
export function sourceOf(pooling: Pooling, channel: number, at: number): number {
  if (!isPositionSensitive(pooling)) return channel
  const cells = pooling.out[0] * pooling.out[1]
  return Math.floor(channel / cells) * cells + at
}

interface Tap {
  readonly position: number
  readonly zone: AxisZone
  /** The position of the input that is read: another one in the padding of a blur, null for no element. */
  readonly source: number | null
  readonly weight: number
}

/** The weights of max blur pooling are of its maxima. */
function tapsOf(axis: AxisWindows, output: number, { op }: Pooling): readonly Tap[] {
  const weighted = op === 'max-blur' ? null : axis.weighted
  return axis.taps[output]!.map((position, tap) => {
    const zone = zoneOf(axis, position)
    if (weighted === null) return { position, zone, source: zone === 'inside' ? position : null, weight: 1 }
    return {
      position,
      zone,
      source: weighted.positions[output]![tap]!,
      weight: weighted.weights[output]![tap]!,
    }
  })
}

/** As the library compares: in float32, with every NaN equal. */
export function isLeftOut(nodata: number | null, value: number): boolean {
  if (nodata === null) return false
  return Number.isNaN(nodata) ? Number.isNaN(value) : Math.fround(nodata) === Math.fround(value)
}

export function zoneOf(axis: AxisWindows, position: number): AxisZone {
  if (isInside(axis, position)) return 'inside'
  return position >= axis.inSize + axis.padAfter ? 'beyond' : 'padding'
}

export function worse(a: AxisZone, b: AxisZone): AxisZone {
  return a === 'beyond' || b === 'beyond' ? 'beyond' : a === 'inside' ? b : a
}
