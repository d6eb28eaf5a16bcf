/**
 * @file Methods over samples between elements, by bilinear interpolation (Mask R-CNN).
 */
import { extrema } from '../../reducers/extremum.ts'
import type { Images } from './images.ts'
import type { Method } from './method.ts'
import { type CellSamples, samplesOf } from './samples.ts'

export interface Sampling {
  readonly spatialScale: number
  /** Samples of a cell along each axis; 0 takes as many as the cell has elements. */
  readonly samplingRatio: number
  /** Corners are shifted by -0.5, and regions may have any size; else they are at least 1 long. */
  readonly aligned: boolean
}

type Corner = (at: number, weight: number) => void

/** Calls `visit` for the four elements around each sample inside the image, with their weights. */
function everyCorner(
  { width, step }: Images,
  plane: number,
  rows: CellSamples,
  columns: CellSamples,
  visit: Corner,
): void {
  for (const row of rows.inside) {
    const [above, below] = [row.low * width, row.high * width]
    for (const column of columns.inside) {
      visit(plane + (above + column.low) * step, (1 - row.weight) * (1 - column.weight))
      visit(plane + (above + column.high) * step, (1 - row.weight) * column.weight)
      visit(plane + (below + column.low) * step, row.weight * (1 - column.weight))
      visit(plane + (below + column.high) * step, row.weight * column.weight)
    }
  }
}

function countOf(rows: CellSamples, columns: CellSamples): number {
  return Math.max(1, rows.total * columns.total)
}

/** The mean of the samples of each cell. */
export function meanOfSamples(sampling: Sampling): Method<CellSamples> {
  return {
    gridOf: gridWith(sampling),
    reduce: ({ values, width, step }, plane, rows, columns) => {
      const { elements, weights } = columns
      let sum = 0
      for (let i = 0; i < rows.elements.length; i++) {
        const row = plane + rows.elements[i]! * width * step
        let inRow = 0
        for (let j = 0; j < elements.length; j++) inRow += weights[j]! * values[row + elements[j]! * step]!
        sum += rows.weights[i]! * inRow
      }
      return sum / countOf(rows, columns)
    },
    spread: ({ width, step }, plane, rows, columns, dy, dx) => {
      const { elements, weights } = columns
      const share = dy / countOf(rows, columns)
      for (let i = 0; i < rows.elements.length; i++) {
        const row = plane + rows.elements[i]! * width * step
        const inRow = share * rows.weights[i]!
        for (let j = 0; j < elements.length; j++) dx[row + elements[j]! * step]! += inRow * weights[j]!
      }
    },
  }
}

/** The largest product of a corner and its weight, as ONNX's reference takes it; 0 for a sample outside the image. */
export function largestCorner(sampling: Sampling): Method<CellSamples> {
  const { wins } = extrema.max
  return {
    gridOf: gridWith(sampling),
    reduce: (images, plane, rows, columns) => {
      const total = rows.total * columns.total
      const someOutside = rows.inside.length * columns.inside.length < total
      let best = total === 0 || someOutside ? 0 : Number.NEGATIVE_INFINITY
      everyCorner(images, plane, rows, columns, (at, weight) => {
        const value = weight * images.values[at]!
        if (wins(value, best)) best = value
      })
      return best
    },
  }
}

function gridWith({ spatialScale, samplingRatio, aligned }: Sampling): Method<CellSamples>['gridOf'] {
  const shift = aligned ? 0.5 : 0
  return ({ round, height, width }, corners, [rows, columns]) => {
    const corner = (i: number): number => round(round(corners[i]! * spatialScale) - shift)
    const axis = (from: number, to: number, limit: number, cells: number): readonly CellSamples[] => {
      const length = round(to - from)
      return samplesOf({
        start: from,
        length: aligned ? length : Math.max(length, 1),
        limit,
        cells,
        ratio: samplingRatio,
        round,
      })
    }
    return {
      columns: axis(corner(0), corner(2), width, columns),
      rows: axis(corner(1), corner(3), height, rows),
    }
  }
}
