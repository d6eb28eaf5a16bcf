/**
 * @file Sums along a row: of each pixel with all before it. Sums of windows are their differences, whatever the window.
 * Integers may overflow, and do so again when they are subtracted.
 */
import { widened } from './widened'

@unmanaged
export class SumsAlong {
  /** Room for the sums: a pixel of zeros, and one for each pixel of a segment. */
  sums: usize
  /** Bytes of a pixel of sums. */
  pixel: usize
  /**
   * For pixels smaller than a vector: the bytes of those in it, how often they double until they are one sum, the masks
   * of swizzles that move pixels by 1, 2, 4 and 8, and after those the mask that repeats the last one.
   */
  block: usize
  doublings: i32
  masks: usize
}

/** Adds `count` pixels of elements `S` in lanes of `A`. */
export function sumAlong<S, A>(along: usize, from: usize, count: i32): void {
  const g = changetype<SumsAlong>(along)
  const pixel = g.pixel
  let to = g.sums
  for (let at: usize = 0; at < pixel; at += 16) v128.store(to + at, v128.splat<A>(<A>0))
  to += pixel
  const end = to + <usize>count * pixel
  if (pixel >= 16) {
    const reads = (16 / sizeof<A>()) * sizeof<S>()
    for (; to < end; to += 16, from += reads) v128.store(to, v128.add<A>(v128.load(to - pixel), widened<S, A>(from)))
    return
  }
  const block = g.block
  const reads = (block / sizeof<A>()) * sizeof<S>()
  const doublings = g.doublings
  const one = v128.load(g.masks)
  const two = v128.load(g.masks, 16)
  const four = v128.load(g.masks, 32)
  const eight = v128.load(g.masks, 48)
  const last = v128.load(g.masks, 64)
  let before = v128.splat<A>(<A>0)
  for (; to < end; to += block, from += reads) {
    let value = widened<S, A>(from)
    if (doublings > 0) value = v128.add<A>(value, i8x16.swizzle(value, one))
    if (doublings > 1) value = v128.add<A>(value, i8x16.swizzle(value, two))
    if (doublings > 2) value = v128.add<A>(value, i8x16.swizzle(value, four))
    if (doublings > 3) value = v128.add<A>(value, i8x16.swizzle(value, eight))
    v128.store(to, v128.add<A>(value, before))
    before = v128.add<A>(before, i8x16.swizzle(value, last))
  }
}
