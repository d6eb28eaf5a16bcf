/**
 * @file Transposes of small squares in registers, and of whole planes. Depends only on the size of elements.
 */
import { Block } from './block'
import { highHalves, interleaveHigh, interleaveLow, lowHalves } from './shuffles'

/** 4 by 4 elements of 4 bytes. Stores rows `pitch` bytes apart. */
@inline
export function transpose4x4(p: v128, q: v128, r: v128, s: v128, to: usize, pitch: usize): void {
  const pq = interleaveLow(p, q)
  const rs = interleaveLow(r, s)
  v128.store(to, lowHalves(pq, rs))
  v128.store(to + pitch, highHalves(pq, rs))
  const pqHigh = interleaveHigh(p, q)
  const rsHigh = interleaveHigh(r, s)
  v128.store(to + 2 * pitch, lowHalves(pqHigh, rsHigh))
  v128.store(to + 3 * pitch, highHalves(pqHigh, rsHigh))
}

/** 2 by 2 elements of 8 bytes. */
@inline
export function transpose2x2(p: v128, q: v128, to: usize, pitch: usize): void {
  v128.store(to, lowHalves(p, q))
  v128.store(to + pitch, highHalves(p, q))
}

@unmanaged
class Transpose extends Block {
  planes: i32
  rows: i32
  cols: i32
}

/** `dst[c][r] = src[r][c]`, for each plane. */
@inline
export function transpose<T>(block: usize): void {
  const t = changetype<Transpose>(block)
  const rows = t.rows
  const cols = t.cols
  const srcPitch = <usize>cols * sizeof<T>()
  const dstPitch = <usize>rows * sizeof<T>()
  let src = t.src
  let dst = t.dst
  for (let plane = t.planes; plane > 0; plane--, src += rows * srcPitch, dst += rows * srcPitch) {
    let row = 0
    if (ASC_FEATURE_SIMD && sizeof<T>() == 4) {
      for (; row + 4 <= rows; row += 4) {
        let from = src + row * srcPitch
        let to = dst + row * sizeof<T>()
        let c = 0
        for (; c + 4 <= cols; c += 4, from += 16, to += 4 * dstPitch) {
          const p = v128.load(from)
          const q = v128.load(from + srcPitch)
          const r = v128.load(from + 2 * srcPitch)
          const s = v128.load(from + 3 * srcPitch)
          transpose4x4(p, q, r, s, to, dstPitch)
        }
        for (; c < cols; c++, from += 4, to += dstPitch) {
          store<T>(to, load<T>(from))
          store<T>(to, load<T>(from + srcPitch), 4)
          store<T>(to, load<T>(from + 2 * srcPitch), 8)
          store<T>(to, load<T>(from + 3 * srcPitch), 12)
        }
      }
    }
    for (; row < rows; row++) {
      let from = src + row * srcPitch
      let to = dst + row * sizeof<T>()
      for (let c = 0; c < cols; c++, from += sizeof<T>(), to += dstPitch) store<T>(to, load<T>(from))
    }
  }
}
