/**
 * @file The positions at which RoiAlign samples an axis, each given as its two neighbouring elements and their weights.
 */

/** An interpolated value: `1 - weight` times element `low` plus `weight` times element `high`. */
export interface Sample {
  readonly low: number
  readonly high: number
  readonly weight: number
}

/** The samples of one cell: those inside the image, and the total, which includes samples outside (value 0). */
export interface CellSamples {
  readonly inside: readonly Sample[]
  readonly total: number
  /** The elements that the samples inside read, and the sums of their weights. */
  readonly elements: readonly number[]
  readonly weights: readonly number[]
}

/** A region along one axis, in the coordinates of the image's `limit` elements. */
export interface Extent {
  readonly start: number
  readonly length: number
  readonly limit: number
  /** Cells along the axis. */
  readonly cells: number
  /** Samples per cell; 0 takes as many as the cell has elements. */
  readonly ratio: number
  readonly round: (value: number) => number
}

/** The samples of each cell. Samples outside the image are not visited, because a region may be far larger than the image. */
export function samplesOf(extent: Extent): readonly CellSamples[] {
  const { length, cells, ratio, round } = extent
  const cell = round(length / cells)
  const total = ratio > 0 ? ratio : Math.max(0, Math.ceil(cell))
  return Array.from({ length: cells }, (_, i) => {
    const inside = insideOf(extent, i, cell, total)
    return { inside, total, ...weightsOf(inside) }
  })
}

/** Samples that ascend share elements with the one before. An element that comes again later is read again. */
function weightsOf(inside: readonly Sample[]): Pick<CellSamples, 'elements' | 'weights'> {
  const elements: number[] = []
  const weights: number[] = []
  const add = (element: number, weight: number): void => {
    const last = elements.length - 1
    if (elements[last] === element) weights[last]! += weight
    else if (elements[last - 1] === element) weights[last - 1]! += weight
    else {
      elements.push(element)
      weights.push(weight)
    }
  }
  for (const { low, high, weight } of inside) {
    add(low, 1 - weight)
    add(high, weight)
  }
  return { elements, weights }
}

function insideOf({ start, limit, round }: Extent, i: number, cell: number, total: number): Sample[] {
  const origin = round(start + round(i * cell))
  const [first, end] = inRange(origin, cell / total, limit, total)
  const samples: Sample[] = []
  for (let g = first; g < end; g++) {
    const position = round(origin + round(round((g + 0.5) * cell) / total))
    if (position >= -1 && position <= limit) samples.push(sampleAt(position, limit))
  }
  return samples
}

/** The range of samples that may lie in [-1, limit], widened at both ends to allow for rounding. */
function inRange(origin: number, step: number, limit: number, total: number): readonly [number, number] {
  if (step === 0 || total === 0) return [0, total]
  const [a, b] = [(-1 - origin) / step, (limit - origin) / step]
  const first = Math.floor(Math.min(a, b)) - 2
  const end = Math.ceil(Math.max(a, b)) + 2
  return [Math.min(total, Math.max(0, first)), Math.min(total, Math.max(0, end))]
}

/** A sample up to one element outside the image takes the value of the border. */
function sampleAt(position: number, limit: number): Sample {
  const clamped = Math.max(position, 0)
  const low = Math.floor(clamped)
  if (low >= limit - 1) return { low: limit - 1, high: limit - 1, weight: 0 }
  return { low, high: low + 1, weight: clamped - low }
}
