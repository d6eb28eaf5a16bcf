/**
 * @file Maxima and minima of what counts in windows of 2 by 2 at stride 2 without padding, in one pass. Neighbours in a
 * row lie side by side, are brought there by a swizzle of a few interleaved channels, or lie many channels apart.
 */
import { marksAt } from './marks'
import { identity, join } from './reducers'
import { joinPairs } from './shuffles'
import { lanes, maskOf, ordered, probeFour, sawNaN, storeOrdered, vectorStart } from './vectors'
import { storePart } from './whole-mean'
import { Windows2x2s2 } from './windows2x2s2'

/** `indices` points to the marks of the elements, one byte for each. */
@unmanaged
class KeptMaxima extends Windows2x2s2 {
  orderMask: i32
  inner: i32
  /** For a few channels: bytes of the results of a vector, and the masks of `pixels2x2s2`; else 0. */
  bytes: usize
  masks: usize
}

/** @returns true if the result may lack a NaN, as `fold` does */
@inline
export function keptPool2x2s2<T, R>(block: usize): bool {
  const w = changetype<KeptMaxima>(block)
  const inner = w.inner
  const size = <usize>(w.inCols * inner)
  const step = w.step / sizeof<T>()
  let dst = w.dst
  let probe = v128.splat<T>(<T>0)
  for (let plane = 0; plane < w.planes; plane++) {
    const first = <usize>(plane * w.inRows) * size
    let a = w.src + first * sizeof<T>()
    let marks = w.indices + first
    for (let row = 0; row < w.rows; row++, a += w.step, marks += step) {
      if (w.bytes != 0) rowInVectors<T, R>(w, a, marks, dst)
      else if (inner == 1) probe = rowBeside<T, R>(w, a, marks, dst, probe)
      else probe = rowApart<T, R>(w, a, marks, dst, probe)
      dst += <usize>(w.cols * inner) * sizeof<T>()
    }
  }
  return sawNaN<T>(probe)
}

@inline
function rowBeside<T, R>(w: KeptMaxima, a: usize, marks: usize, dst: usize, probe: v128): v128 {
  const mask = v128.splat<T>(maskOf<T>(w.orderMask))
  const flip = v128.xor(mask, v128.splat<T>(identity<T, R>()))
  for (let i = 0; i < w.cols; i += lanes<T>()) {
    const j = <usize>vectorStart<T>(i, w.cols)
    const p = a + 2 * j * sizeof<T>()
    const m = marks + 2 * j
    const below = m + w.below / sizeof<T>()
    let m0: v128, m1: v128, n0: v128, n1: v128
    if (sizeof<T>() == 1) {
      m0 = i8x16.neg(v128.load(m))
      m1 = i8x16.neg(v128.load(m, 16))
      n0 = i8x16.neg(v128.load(below))
      n1 = i8x16.neg(v128.load(below, 16))
    } else {
      const top = pairOf<T>(m)
      const low = pairOf<T>(below)
      m0 = firstOf<T>(top)
      m1 = secondOf<T>(top)
      n0 = firstOf<T>(low)
      n1 = secondOf<T>(low)
    }
    const a0 = kept<T, R>(p, m0, flip)
    const a1 = kept<T, R>(p + 16, m1, flip)
    const b0 = kept<T, R>(p + w.below, n0, flip)
    const b1 = kept<T, R>(p + w.below + 16, n1, flip)
    probe = probeFour<T>(probe, a0, a1, b0, b1)
    const best =
      sizeof<T>() == 1
        ? joinPairs<T, R>(join<T, R>(a0, b0), join<T, R>(a1, b1))
        : join<T, R>(joinPairs<T, R>(a0, a1), joinPairs<T, R>(b0, b1))
    storeOrdered<T>(dst + j * sizeof<T>(), best, mask)
  }
  return probe
}

/** Pixels of a vector of channels and more. */
@inline
function rowApart<T, R>(w: KeptMaxima, a: usize, marks: usize, dst: usize, probe: v128): v128 {
  const mask = v128.splat<T>(maskOf<T>(w.orderMask))
  const flip = v128.xor(mask, v128.splat<T>(identity<T, R>()))
  const inner = <usize>w.inner
  const pixel = inner * sizeof<T>()
  const below = w.below / sizeof<T>()
  for (let i = 0; i < w.cols; i++, a += 2 * pixel, marks += 2 * inner, dst += pixel) {
    for (let c = 0; c < w.inner; c += lanes<T>()) {
      const j = <usize>vectorStart<T>(c, w.inner)
      const p = a + j * sizeof<T>()
      const m = marks + j
      const a0 = kept<T, R>(p, marksAt<T>(m), flip)
      const a1 = kept<T, R>(p + pixel, marksAt<T>(m + inner), flip)
      const b0 = kept<T, R>(p + w.below, marksAt<T>(m + below), flip)
      const b1 = kept<T, R>(p + w.below + pixel, marksAt<T>(m + below + inner), flip)
      probe = probeFour<T>(probe, a0, a1, b0, b1)
      storeOrdered<T>(dst + j * sizeof<T>(), join<T, R>(join<T, R>(a0, a1), join<T, R>(b0, b1)), mask)
    }
  }
  return probe
}

/** As `pixels2x2s2`. What is stored after the results of a vector, the next ones replace. */
@inline
function rowInVectors<T, R>(w: KeptMaxima, a: usize, marks: usize, dst: usize): void {
  if (isFloat<T>()) return
  const mask = v128.splat<T>(maskOf<T>(w.orderMask))
  const flip = v128.xor(mask, v128.splat<T>(identity<T, R>()))
  const firsts = v128.load(w.masks)
  const seconds = v128.load(w.masks, 16)
  const bytes = w.bytes
  const last = <usize>(w.cols * w.inner) * sizeof<T>() - bytes
  const below = w.below / sizeof<T>()
  for (let at: usize = 0; ; at += bytes) {
    if (at > last) at = last
    const p = a + 2 * at
    const m = marks + (2 * at) / sizeof<T>()
    const best = join<T, R>(kept<T, R>(p, marksAt<T>(m), flip), kept<T, R>(p + w.below, marksAt<T>(m + below), flip))
    const results = ordered<T>(join<T, R>(i8x16.swizzle(best, firsts), i8x16.swizzle(best, seconds)), mask)
    if (at == last) {
      storePart(dst + at, results, <i32>bytes)
      return
    }
    v128.store64_lane(dst + at, results, 0)
  }
}

/** The elements that count, and the neutral element. `flip` is the mask of the order and the neutral element. */
@inline
function kept<T, R>(at: usize, marks: v128, flip: v128): v128 {
  return v128.xor(v128.and(v128.xor(v128.load(at), flip), marks), v128.splat<T>(identity<T, R>()))
}

/** The masks of the first vector of elements of 2 or 4 bytes, from those of the marks, and of the next. */
@inline
function firstOf<T>(marks: v128): v128 {
  const wide = i16x8.extend_low_i8x16_s(marks)
  return sizeof<T>() == 2 ? wide : i32x4.extend_low_i16x8_s(wide)
}

@inline
function secondOf<T>(marks: v128): v128 {
  return sizeof<T>() == 2
    ? i16x8.extend_high_i8x16_s(marks)
    : i32x4.extend_high_i16x8_s(i16x8.extend_low_i8x16_s(marks))
}

/** The marks of two vectors, -1 for those that count. */
@inline
function pairOf<T>(at: usize): v128 {
  return i8x16.neg(sizeof<T>() == 2 ? v128.load(at) : v128.load64_zero(at))
}
