/**
 * @file Transposes of small squares in registers, and of whole planes. Depends only on the size of elements.
 */
import { Block } from './block'
import { highHalves, interleaveHigh, interleaveLow, lowHalves } from './shuffles'
import { lanes, min } from './vectors'

/** 4 by 4 elements of 4 bytes. Stores rows `pitch` bytes apart. */
@inline
export function transpose4x4(p: v128, q: v128, r: v128, s: v128, to: usize, pitch: usize): void {
  const pq = interleaveLow<f32>(p, q)
  const rs = interleaveLow<f32>(r, s)
  v128.store(to, lowHalves(pq, rs))
  v128.store(to + pitch, highHalves(pq, rs))
  const pqHigh = interleaveHigh<f32>(p, q)
  const rsHigh = interleaveHigh<f32>(r, s)
  v128.store(to + 2 * pitch, lowHalves(pqHigh, rsHigh))
  v128.store(to + 3 * pitch, highHalves(pqHigh, rsHigh))
}

/** 2 by 2 elements of 8 bytes. */
@inline
export function transpose2x2(p: v128, q: v128, to: usize, pitch: usize): void {
  v128.store(to, lowHalves(p, q))
  v128.store(to + pitch, highHalves(p, q))
}

/** Eight rows of a vector each, of elements of 1 or 2 bytes. `D` and `Q` are two and four times as large. */
@inline
function transposeEight<T, D, Q>(from: usize, pitch: usize, to: usize, toPitch: usize): void {
  const p = v128.load(from)
  const q = v128.load(from + pitch)
  const r = v128.load(from + 2 * pitch)
  const s = v128.load(from + 3 * pitch)
  const t = v128.load(from + 4 * pitch)
  const u = v128.load(from + 5 * pitch)
  const v = v128.load(from + 6 * pitch)
  const w = v128.load(from + 7 * pitch)
  const pq = interleaveLow<T>(p, q)
  const rs = interleaveLow<T>(r, s)
  const tu = interleaveLow<T>(t, u)
  const vw = interleaveLow<T>(v, w)
  storeColumns<T, D, Q>(pq, rs, tu, vw, to, toPitch)
  const pqHigh = interleaveHigh<T>(p, q)
  const rsHigh = interleaveHigh<T>(r, s)
  const tuHigh = interleaveHigh<T>(t, u)
  const vwHigh = interleaveHigh<T>(v, w)
  storeColumns<T, D, Q>(pqHigh, rsHigh, tuHigh, vwHigh, to + <usize>(lanes<T>() / 2) * toPitch, toPitch)
}

/** Half of the columns of eight rows, whose pairs are interleaved. */
@inline
function storeColumns<T, D, Q>(pq: v128, rs: v128, tu: v128, vw: v128, to: usize, pitch: usize): void {
  const p = interleaveLow<D>(pq, rs)
  const t = interleaveLow<D>(tu, vw)
  const pHigh = interleaveHigh<D>(pq, rs)
  const tHigh = interleaveHigh<D>(tu, vw)
  const next = <usize>(lanes<T>() / 8) * pitch
  storeEights<T>(interleaveLow<Q>(p, t), to, pitch)
  storeEights<T>(interleaveHigh<Q>(p, t), to + next, pitch)
  storeEights<T>(interleaveLow<Q>(pHigh, tHigh), to + 2 * next, pitch)
  storeEights<T>(interleaveHigh<Q>(pHigh, tHigh), to + 3 * next, pitch)
}

/** Each eight elements to a row of their own. */
@inline
function storeEights<T>(eights: v128, to: usize, pitch: usize): void {
  if (sizeof<T>() == 2) {
    v128.store(to, eights)
    return
  }
  v128.store64_lane(to, eights, 0)
  v128.store64_lane(to + pitch, eights, 1)
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
    if (ASC_FEATURE_SIMD)
      for (; row + together<T>() <= rows; row += together<T>())
        strip<T>(src + row * srcPitch, srcPitch, cols, dst + row * sizeof<T>(), dstPitch)
    for (; row < rows; row++) {
      let from = src + row * srcPitch
      let to = dst + row * sizeof<T>()
      for (let c = 0; c < cols; c++, from += sizeof<T>(), to += dstPitch) store<T>(to, load<T>(from))
    }
  }
}

/** Rows that are transposed together. */
@inline
function together<T>(): i32 {
  return min(8, lanes<T>())
}

@inline
function strip<T>(src: usize, srcPitch: usize, cols: i32, dst: usize, dstPitch: usize): void {
  let from = src
  let to = dst
  let c = 0
  for (; c + lanes<T>() <= cols; c += lanes<T>(), from += 16, to += lanes<T>() * dstPitch) {
    if (sizeof<T>() == 1) transposeEight<u8, u16, u32>(from, srcPitch, to, dstPitch)
    else if (sizeof<T>() == 2) transposeEight<u16, u32, u64>(from, srcPitch, to, dstPitch)
    else if (sizeof<T>() == 8) transpose2x2(v128.load(from), v128.load(from + srcPitch), to, dstPitch)
    else {
      const p = v128.load(from)
      const q = v128.load(from + srcPitch)
      const r = v128.load(from + 2 * srcPitch)
      const s = v128.load(from + 3 * srcPitch)
      transpose4x4(p, q, r, s, to, dstPitch)
    }
  }
  for (; c < cols; c++, from += sizeof<T>(), to += dstPitch)
    for (let r = 0; r < together<T>(); r++) store<T>(to + r * sizeof<T>(), load<T>(from + r * srcPitch))
}
