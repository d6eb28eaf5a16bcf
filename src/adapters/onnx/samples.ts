/**
 * @file Where RoiAlign samples an axis: positions between elements, each as its two neighbours and their weights.
 */

/** A sample takes `1 - weight` of element `low` and `weight` of element `high`. */
export interface Sample {
  readonly low: number
  readonly high: number
  readonly weight: number
}

/** The samples of one cell that lie in the image, and how many there are with those outside, which are 0. */
export interface CellSamples {
  readonly inside: readonly Sample[]
  readonly total: number
}

/** A region along one axis, in the coordinates of the image's `limit` elements. */
export interface Extent {
  readonly start: number
  readonly length: number
  readonly limit: number
  /** Cells along the axis. */
  readonly cells: number
  /** Samples per cell; 0 for as many as a cell has elements. */
  readonly ratio: number
  readonly round: (value: number) => number
}

/** The samples of each cell. Those outside the image are counted, not visited: a region may be far larger. */
export function samplesOf(extent: Extent): readonly CellSamples[] {
  const { length, cells, ratio, round } = extent
  const cell = round(length / cells)
  const total = ratio > 0 ? ratio : Math.max(0, Math.ceil(cell))
  return Array.from({ length: cells }, (_, i) => ({ inside: insideOf(extent, i, cell, total), total }))
}

function insideOf({ start, limit, round }: Extent, i: number, cell: number, total: number): Sample[] {
  const origin = round(start + round(i * cell))
  const [first, end] = inRange(origin, cell / total, limit, total)
  const samples: Sample[] = []
  for (let g = first; g < end; g++) {
    const place = round(origin + round(round((g + 0.5) * cell) / total))
    if (place >= -1 && place <= limit) samples.push(sampleAt(place, limit))
  }
  return samples
}

/** The run of samples that may lie in [-1, limit]; one more at each end, for rounding. */
function inRange(origin: number, step: number, limit: number, total: number): readonly [number, number] {
  if (step === 0 || total === 0) return [0, total]
  const [a, b] = [(-1 - origin) / step, (limit - origin) / step]
  const first = Math.floor(Math.min(a, b)) - 2
  const end = Math.ceil(Math.max(a, b)) + 2
  return [Math.min(total, Math.max(0, first)), Math.min(total, Math.max(0, end))]
}

/** Up to one element outside, the border's value counts. */
function sampleAt(place: number, limit: number): Sample {
  const clamped = Math.max(place, 0)
  const low = Math.floor(clamped)
  if (low >= limit - 1) return { low: limit - 1, high: limit - 1, weight: 0 }
  return { low, high: low + 1, weight: clamped - low }
}
