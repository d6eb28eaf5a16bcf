/**
 * @file Maxima of integers over long windows that lie in a row: rows of some width are folded down and then across. The last rows of a window
 * may overlap.
 */
import { firstOf, tapsOf } from '../../../plan/axis.ts'
import { statsOf } from '../../../plan/tables.ts'
import { type ElementType, lanesOf } from '../element-type.ts'
import { writeLists } from '../folds/indirection.ts'
import { foldPass, type Op, type Pass, singleColumn } from '../pass.ts'
import { type Axes, type Axis, inSizeOf, type LoweredPlan } from '../tiles/lowered-plan.ts'

/** The least bytes of a row, the most rows of a shorter window, the least bytes of a window for which two folds pay, and the most of a pixel. */
const rowBytes = 64
const mostRows = 128
const leastBytes = 256
const mostPixelBytes = 15

/** Windows may overlap so far that each element is read twice, on average. */
const mostReads = 2

interface Window {
  readonly first: number
  readonly taps: number
}

/** Of equal integers any may win. */
export function fitsLong({ instance, kind }: Op, { axes, inner }: LoweredPlan): boolean {
  const pixel = inner * kind.bytes
  if (!instance.isSimd || kind.float || pixel > mostPixelBytes) return false
  if (axes.every(isWhole)) return pixelsOf(axes) * pixel >= leastBytes
  const [a, b, row] = axes
  const { fewestTaps, mostTaps } = statsOf(row)
  if (pixelsOf(axes) !== row.inSize || a.outSize * b.outSize !== 1 || row.step !== 1) return false
  return fewestTaps * pixel >= leastBytes && row.outSize * mostTaps <= mostReads * row.inSize
}

/** The windows as runs of pixels of a plane: the whole plane, or those of its only row. */
function windowsOf(axes: Axes): readonly Window[] {
  if (axes.every(isWhole)) return [{ first: 0, taps: pixelsOf(axes) }]
  const row = axes[2]
  return Array.from({ length: row.outSize }, (_, i) => ({ first: firstOf(row, i), taps: tapsOf(row, i) }))
}

function pixelsOf(axes: Axes): number {
  return axes.reduce((product, { inSize }) => product * inSize, 1)
}

function isWhole(axis: Axis): boolean {
  const { inSize, outSize, step } = axis
  return outSize === 1 && tapsOf(axis, 0) === inSize && (step === 1 || inSize === 1)
}

export function longPass(op: Op, tile: LoweredPlan): Pass {
  const { instance, kind } = op
  const { planes, inner } = tile
  const windows = windowsOf(tile.axes)
  const least = Math.min(...windows.map(({ taps }) => taps)) * inner * kind.bytes
  const row = rowOf(inner, kind, Math.max(rowBytes, least / mostRows))
  const width = row * kind.bytes
  const rowsOf = ({ first, taps }: Window): number[] =>
    Array.from(
      { length: Math.ceil((taps * inner) / row) },
      (_, i) => (first * inner + Math.min(i * row, taps * inner - row)) * kind.bytes,
    )
  const down = foldPass(op, {
    planes,
    srcPlane: inSizeOf(tile) * kind.bytes,
    dstPlane: windows.length * width,
    rows: writeLists(instance, windows.map(rowsOf)),
    dstRow: width,
    cols: singleColumn(instance, [0]),
    dstCol: 0,
    n: row,
  })
  const pixels = Array.from({ length: row / inner }, (_, i) => i * inner * kind.bytes)
  const across = foldPass(op, {
    planes: planes * windows.length,
    srcPlane: width,
    dstPlane: inner * kind.bytes,
    rows: writeLists(instance, [[0]]),
    dstRow: 0,
    cols: singleColumn(instance, pixels),
    dstCol: 0,
    n: inner,
  })
  const rows = instance.alloc(planes * windows.length * width)
  return (src, dst) => {
    down(src, rows, 0)
    across(rows, dst, 0)
  }
}

/** Elements of a row of at least `bytes`: whole pixels, whole vectors. */
function rowOf(inner: number, kind: ElementType, bytes: number): number {
  let unit = inner
  while (unit % lanesOf(kind) !== 0) unit += inner
  return unit * Math.ceil(bytes / (unit * kind.bytes))
}
