/**
 * @file Methods over cells of whole elements: the maximum of RoI pooling, and the mean of position-sensitive RoI pooling.
 */
import type { Images } from './images.ts'
import type { Grid, Method } from './method.ts'

/** Elements of a cell along one axis, clipped to the image. */
export type Run = readonly [start: number, end: number]

type Scaled = { readonly spatialScale: number }

/** The maximum of each cell, 0 for a cell outside the image. Both corners lie in the region. */
export function maxOfCells({ spatialScale }: Scaled): Method<Run> {
  return {
    gridOf: (images, corners, size) => {
      const [x1, y1, x2, y2] = wholeCorners(images, corners, spatialScale)
      return {
        rows: runsOf(images, y1, Math.max(y2 - y1 + 1, 1), size[0], images.height),
        columns: runsOf(images, x1, Math.max(x2 - x1 + 1, 1), size[1], images.width),
      }
    },
    reduce: (images, plane, rows, columns) => {
      const at = largestIn(images, plane, rows, columns)
      return at < 0 ? 0 : images.values[at]!
    },
    spread: (images, plane, rows, columns, dy, dx) => {
      const at = largestIn(images, plane, rows, columns)
      if (at >= 0) dx[at]! += dy
    },
  }
}

/** The mean of each cell, 0 for a cell without elements. torchvision never reads the last row and column of an image. */
export function meanOfCells({ spatialScale }: Scaled): Method<Run> {
  return {
    gridOf: (images, corners, size): Grid<Run> => {
      const [x1, y1, x2, y2] = wholeCorners(images, corners, spatialScale)
      return {
        rows: runsOf(images, y1, Math.max(y2 - y1, 1), size[0], images.height - 1),
        columns: runsOf(images, x1, Math.max(x2 - x1, 1), size[1], images.width - 1),
      }
    },
    reduce: (images, plane, rows, columns) => {
      let sum = 0
      everyElement(images, plane, rows, columns, (at) => {
        sum += images.values[at]!
      })
      return sum / Math.max(1, areaOf(rows, columns))
    },
    spread: (images, plane, rows, columns, dy, dx) => {
      const share = dy / Math.max(1, areaOf(rows, columns))
      everyElement(images, plane, rows, columns, (at) => {
        dx[at]! += share
      })
    },
  }
}

/** Scaled corners, rounded half away from zero. Those beyond 2^52 are already whole, and outside any image. */
function wholeCorners({ round }: Images, corners: readonly number[], scale: number) {
  return corners.map((corner) => {
    const scaled = round(corner * scale)
    return Math.sign(scaled) * Math.round(Math.min(Math.abs(scaled), 2 ** 52))
  }) as [number, number, number, number]
}

/** The cells along one axis, clipped to the image. */
function runsOf(
  { round }: Images,
  from: number,
  length: number,
  count: number,
  limit: number,
): readonly Run[] {
  const step = round(length / count)
  const clip = (position: number): number => Math.min(Math.max(position + from, 0), limit)
  return Array.from({ length: count }, (_, i) => [
    clip(Math.floor(round(i * step))),
    clip(Math.ceil(round((i + 1) * step))),
  ])
}

function areaOf([top, bottom]: Run, [left, right]: Run): number {
  return Math.max(0, bottom - top) * Math.max(0, right - left)
}

function everyElement(
  { width, step }: Images,
  plane: number,
  [top, bottom]: Run,
  [left, right]: Run,
  visit: (at: number) => void,
): void {
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) visit(plane + (row * width + column) * step)
  }
}

/** The position of the maximum: the first, or the last NaN; -1 for a cell without elements. */
function largestIn(
  { values, width, step }: Images,
  plane: number,
  [top, bottom]: Run,
  [left, right]: Run,
): number {
  let best = Number.NEGATIVE_INFINITY
  let position = -1
  for (let row = top; row < bottom; row++) {
    const start = plane + row * width * step
    for (let at = start + left * step; at < start + right * step; at += step) {
      const value = values[at]!
      if (value <= best && position >= 0) continue
      if (best !== best && value === value) continue
      best = value
      position = at
    }
  }
  return position
}
