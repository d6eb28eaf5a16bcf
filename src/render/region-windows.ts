/**
 * @file The cells of a region along both axes, for drawing.
 */
import { meanOfSamples } from '../ops/regions/align.ts'
import { maxOfCells, meanOfCells, type Run } from '../ops/regions/cells.ts'
import type { Images } from '../ops/regions/images.ts'
import type { Grid, Method } from '../ops/regions/method.ts'
import type { CellSamples } from '../ops/regions/samples.ts'
import type { AxisWindows, PlaneWindows } from './axis-windows.ts'
import { clamp } from './codec.ts'
import { operationTable } from './operations.ts'
import { isAligning, type Pooling } from './pooling.ts'
import type { Plane } from './presets.ts'

/** A rectangle of the input, in cells from its left and upper border. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The region that is parted, where it lies over a plane; null for other operations. */
export function regionOf(
  pooling: Pooling,
  { rows, columns }: Pick<Plane, 'rows' | 'columns'>,
): Region | null {
  if (operationTable[pooling.op].geometry !== 'regions') return null
  const [x1, y1, x2, y2] = pooling.box
  const [left, right] = shownOf(extentOf(pooling, x1, x2), columns)
  const [top, bottom] = shownOf(extentOf(pooling, y1, y2), rows)
  return { left, top, width: right - left, height: bottom - top }
}

/** Borders outside the plane are drawn just beside it. */
function shownOf(
  [start, length]: readonly [number, number],
  size: number,
): readonly [from: number, to: number] {
  const beside = 0.25
  return [clamp(start, -beside, size + beside), clamp(start + length, -beside, size + beside)]
}

/** Elements that are sampled have their coordinates in their centres, unless they are aligned. */
function extentOf(pooling: Pooling, from: number, to: number): readonly [start: number, length: number] {
  if (isAligning(pooling)) {
    if (!isCentred(pooling)) return [from + 0.5, Math.max(to - from, 1)]
    return [Math.min(from, to), Math.abs(to - from)]
  }
  const [first, last] = [from, to].map((corner) => Math.sign(corner) * Math.round(Math.abs(corner)))
  return [first!, Math.max(last! - first! + (pooling.op === 'roi-pool' ? 1 : 0), 1)]
}

/** True if whole coordinates are borders of elements. */
function isCentred({ op, aligned }: Pooling): boolean {
  return op === 'ps-roi-align' || aligned
}

/** The same for every channel. */
export function regionWindows(pooling: Pooling, [, , height, width]: readonly number[]): PlaneWindows {
  const [inRows, inColumns] = [height!, width!]
  const gridWith = <A>({ gridOf }: Method<A>): Grid<A> =>
    gridOf({ round: Math.fround, height: inRows, width: inColumns } as Images, pooling.box, pooling.out)
  if (isAligning(pooling)) {
    const sampling = { spatialScale: 1, samplingRatio: pooling.ratio, aligned: isCentred(pooling) }
    const { rows, columns } = gridWith(meanOfSamples(sampling))
    return [sampled(inRows, rows), sampled(inColumns, columns)]
  }
  const methodOf = pooling.op === 'roi-pool' ? maxOfCells : meanOfCells
  const { rows, columns } = gridWith(methodOf({ spatialScale: 1 }))
  return [whole(inRows, rows), whole(inColumns, columns)]
}

function cells(
  inSize: number,
  taps: readonly (readonly number[])[],
): Omit<AxisWindows, 'divisor' | 'weighted'> {
  return { inSize, outSize: taps.length, padBefore: 0, padAfter: 0, taps, begin: 0, end: inSize }
}

/** Cells of whole elements. */
function whole(inSize: number, runs: readonly Run[]): AxisWindows {
  const taps = runs.map(([start, end]) =>
    Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i),
  )
  return { ...cells(inSize, taps), divisor: taps.map(({ length }) => Math.max(1, length)), weighted: null }
}

/** Elements beside the samples of each cell, which weigh as much as the samples take of them. */
function sampled(inSize: number, parts: readonly CellSamples[]): AxisWindows {
  const weights = parts.map(({ inside }) => {
    const sums = new Map<number, number>()
    const add = (position: number, weight: number): void => {
      if (weight > 0) sums.set(position, (sums.get(position) ?? 0) + weight)
    }
    for (const { low, high, weight } of inside) {
      add(low, 1 - weight)
      add(high, weight)
    }
    return new Map([...sums].sort(([a], [b]) => a - b))
  })
  const positions = weights.map((each) => [...each.keys()])
  const total = Math.max(1, parts[0]!.total)
  return {
    ...cells(inSize, positions),
    divisor: parts.map(() => total),
    weighted: { positions, weights: weights.map((each) => [...each.values()]), total },
  }
}
