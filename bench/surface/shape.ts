/**
 * @file The shape of a point's input.
 */
import { dtypes } from '../../src/tensor/dtype.ts'
import type { Point } from './points.ts'

/** Sides of a plane where channels come first, by the number of axes. */
const planes: readonly (readonly number[])[] = [[], [4096], [128, 128], [32, 32, 32]]

/** In the cache, the second or third level of it, every dtype has the same shape; in memory, the same bytes. */
export function elementsOf({ dtype, place }: Pick<Point, 'dtype' | 'place'>): number {
  return place === 'cache' ? 2 ** 20 : 2 ** 25 / dtypes[dtype].storage.BYTES_PER_ELEMENT
}

/** The approximate number of elements. */
export function shapeOf(point: Point, elements: number): readonly number[] {
  const { layout, rank, geometry } = point
  const plane = planes[rank]!
  if (layout.interleaved !== null)
    return [1, ...sidesOf(point, elements / layout.interleaved), layout.interleaved]
  const size = plane.reduce((a, b) => a * b)
  if (size > elements) return [1, 1, ...sidesOf(point, elements)]
  return [1, elements / size, ...plane.map((side) => side + (geometry.odd ? 1 : 0))]
}

/** A multiple of four, so that no window is cut, or one more; at least a window and a few. */
function sidesOf({ rank, geometry }: Point, elements: number): number[] {
  const even = 4 * Math.max(Math.round(elements ** (1 / rank) / 4), Math.ceil(geometry.window / 4) + 1)
  return Array(rank).fill(geometry.odd ? even + 1 : even)
}
