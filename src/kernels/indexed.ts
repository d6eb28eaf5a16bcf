/**
 * @file Moves elements by index: scatter writes each to its index, gather reads it from there. Neither needs a plan.
 */
import type { TypedArray } from '../tensor/dtype.ts'
import type { IndexArray } from './job.ts'

/**
 * Sizes of `[outer][plane][inner]`. `pooled` elements of a plane have indices, which point into a plane of `unpooled`
 * elements.
 */
export interface IndexedSizes {
  readonly outer: number
  readonly inner: number
  readonly pooled: number
  readonly unpooled: number
}

/** If indices repeat, the last one in row-major order wins. Elements without an index keep their values. */
export function scatter<A extends TypedArray>(
  from: A,
  indices: IndexArray,
  to: A,
  { outer, inner, pooled, unpooled }: IndexedSizes,
): void {
  let at = 0
  for (let o = 0; o < outer; o++) {
    const plane = o * unpooled
    for (let p = 0; p < pooled; p++) {
      for (let c = 0; c < inner; c++, at++) to[(plane + indices[at]!) * inner + c] = from[at]!
    }
  }
}

/** Elements whose index is -1 keep their values. */
export function gather<A extends TypedArray>(
  from: A,
  indices: IndexArray,
  to: A,
  { outer, inner, pooled, unpooled }: IndexedSizes,
): void {
  let at = 0
  for (let o = 0; o < outer; o++) {
    const plane = o * unpooled
    for (let p = 0; p < pooled; p++) {
      for (let c = 0; c < inner; c++, at++) {
        const index = indices[at]!
        if (index >= 0) to[at] = from[(plane + index) * inner + c]!
      }
    }
  }
}
