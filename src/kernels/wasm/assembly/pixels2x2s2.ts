/**
 * @file Maxima of integers of 8 and 16 bits over 2 by 2 windows at stride 2 without padding, of a few interleaved
 * channels.
 */
import { loadOrdered, maskOf, ordered } from './vectors'
import { storePart } from './whole-mean'
import { Windows2x2s2 } from './windows2x2s2'

@unmanaged
export class Pixels2x2s2 extends Windows2x2s2 {
  orderMask: i32
  /** Bytes of a pixel, and of the results of a vector. */
  pixel: usize
  bytes: usize
  /** The masks that join the first pixels of the pairs of a vector, and the second ones. */
  masks: usize
}

@inline
export function pixels2x2s2<T>(block: usize): void {
  const w = changetype<Pixels2x2s2>(block)
  const rowBytes = <usize>w.inCols * w.pixel
  const outBytes = <usize>w.cols * w.pixel
  let dst = w.dst
  for (let plane = 0; plane < w.planes; plane++) {
    let a = w.src + <usize>plane * w.inRows * rowBytes
    for (let row = 0; row < w.rows; row++, a += w.step, dst += outBytes) poolRow<T>(w, a, a + w.below, dst, outBytes)
  }
}

/** What is stored after the results of a vector, the next ones replace. */
@inline
function poolRow<T>(w: Pixels2x2s2, a: usize, b: usize, dst: usize, outBytes: usize): void {
  const mask = v128.splat<T>(maskOf<T>(w.orderMask))
  const firsts = v128.load(w.masks)
  const seconds = v128.load(w.masks, 16)
  const bytes = w.bytes
  const last = outBytes - bytes
  for (let at: usize = 0; ; at += bytes) {
    if (at > last) at = last
    const best = v128.max<T>(loadOrdered<T>(a + 2 * at, mask), loadOrdered<T>(b + 2 * at, mask))
    const joined = v128.max<T>(i8x16.swizzle(best, firsts), i8x16.swizzle(best, seconds))
    const results = ordered<T>(joined, mask)
    if (at == last) {
      storePart(dst + at, results, <i32>bytes)
      return
    }
    v128.store64_lane(dst + at, results, 0)
  }
}
