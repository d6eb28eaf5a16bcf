/**
 * @file Moves elements by index: scatter puts each where its index says, gather reads it from there. No window is slid, so there is no plan.
 */
import type { TypedArray } from '../tensor/dtype.ts'
import type { IndexArray } from './job.ts'

/** Sizes of `[outer][plane][inner]`: `pooled` elements a plane have indices, which point into planes of `unpooled`. */
export interface IndexedSizes {
  readonly outer: number
  readonly inner: number
  readonly pooled: number
  readonly unpooled: number
}

/** Of equal indices the last in row-major order stays. Elements that no index names keep what they held. */
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

/** Elements whose index is -1 keep what they held. */
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
