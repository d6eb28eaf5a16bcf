/**
 * @file Means of what counts in windows of 2 by 2 at stride 2 without padding: one pass marks and adds elements, counts
 * them, and fills windows. Neighbours in a row lie side by side, are brought there by a swizzle of a few interleaved
 * channels, or lie many channels apart.
 */
import { Rounding } from './grid'
import { marksAt } from './marks'
import { roundedTo, shortQuotients } from './means-each'
import { pairSums } from './mean2x2s2'
import { evens, interleaveHigh, interleaveLow, odds } from './shuffles'
import { lanes, vectorStart } from './vectors'
import { storePart } from './whole-mean'
import { Windows2x2s2 } from './windows2x2s2'

/** `indices` points to the marks of a mask, one byte for each element; it is 0 if there are none. */
@unmanaged
class CountedMeans extends Windows2x2s2 {
  /** 0 if sums are not divided. */
  divides: i32
  rounding: i32
  /** Windows with fewer elements are filled. */
  least: i32
  /** The address of what fills them, and of the element that is left out, 0 if there is none. */
  fill: usize
  unwanted: usize
  inner: i32
  /** For a few channels: the pairs of pixels of a vector, and the mask that joins the elements of each; else 0. */
  pairs: i32
  mask: usize
}

/** Type arguments: where the second element of a window lies. */
type Beside = u8
type InVector = u16
type Apart = u32

@inline
export function countedMean2x2s2<T>(block: usize): void {
  const w = changetype<CountedMeans>(block)
  const inner = w.inner
  const size = w.inCols * inner
  const step = w.step / sizeof<T>()
  let dst = w.dst
  for (let plane = 0; plane < w.planes; plane++) {
    const first = <usize>plane * w.inRows * size
    let a = w.src + first * sizeof<T>()
    let marks = w.indices == 0 ? 0 : w.indices + first
    for (let row = 0; row < w.rows; row++, a += w.step) {
      if (inner == 1 && w.cols >= lanes<T>()) rowBeside<T>(w, a, marks, dst)
      else if (inner >= lanes<T>()) rowApart<T>(w, a, marks, dst)
      else if (w.pairs > 0 && w.cols >= 2 * w.pairs) rowInVectors<T>(w, a, marks, dst)
      else shortRow<T>(w, a, marks, dst)
      if (marks != 0) marks += step
      dst += <usize>(w.cols * inner) * sizeof<T>()
    }
  }
}

@inline
function shortRow<T>(w: CountedMeans, a: usize, marks: usize, dst: usize): void {
  const below = w.below / sizeof<T>()
  const taps = below == 0 ? 2 : 4
  const inner = <usize>w.inner
  for (let i: usize = 0; i < <usize>w.cols; i++) {
    for (let c: usize = 0; c < inner; c++, dst += sizeof<T>()) {
      let sum: f64 = 0
      let floats = <T>0
      let count = 0
      for (let tap = 0; tap < taps; tap++) {
        const at = (2 * i + (tap & 1)) * inner + c + (tap >> 1) * below
        const x = load<T>(a + at * sizeof<T>())
        if (marks != 0 && load<u8>(marks + at) == 0) continue
        if (w.unwanted != 0 && isUnwanted<T>(x, load<T>(w.unwanted))) continue
        if (isFloat<T>()) floats += x
        else sum += <f64>x
        count++
      }
      const divisor = w.divides ? max<i32>(count, 1) : 1
      let mean: T
      if (isFloat<T>()) mean = <T>(floats / <T>divisor + <T>0)
      else mean = <T>(<i32>roundedTo(sum / <f64>divisor, w.rounding))
      store<T>(dst, count < w.least ? load<T>(w.fill) : mean)
    }
  }
}

@inline
function rowBeside<T>(w: CountedMeans, a: usize, marks: usize, dst: usize): void {
  for (let i = 0; i < w.cols; i += lanes<T>()) {
    const j = <usize>vectorStart<T>(i, w.cols)
    const mean = meansAt<T, Beside>(w, a + 2 * j * sizeof<T>(), marks + 2 * j, lanes<T>(), marks == 0)
    v128.store(dst + j * sizeof<T>(), mean)
  }
}

/** Two vectors of pairs of pixels at a time. What is stored after each half, the next ones replace. */
@inline
function rowInVectors<T>(w: CountedMeans, a: usize, marks: usize, dst: usize): void {
  if (isFloat<T>()) return
  const bytes = <usize>(w.pairs * w.inner) * sizeof<T>()
  const last = <usize>(w.cols * w.inner) * sizeof<T>() - 2 * bytes
  const apart = (2 * bytes) / sizeof<T>()
  for (let at: usize = 0; ; at += 2 * bytes) {
    if (at > last) at = last
    const mean = meansAt<T, InVector>(w, a + 2 * at, marks + (2 * at) / sizeof<T>(), apart, marks == 0)
    v128.store64_lane(dst + at, mean, 0)
    if (at == last) {
      storePart(dst + at + bytes, v128.shuffle<i64>(mean, mean, 1, 1), <i32>bytes)
      return
    }
    v128.store64_lane(dst + at + bytes, mean, 1)
  }
}

/** Pixels of a vector of channels and more. */
@inline
function rowApart<T>(w: CountedMeans, a: usize, marks: usize, dst: usize): void {
  const inner = <usize>w.inner
  const pixel = inner * sizeof<T>()
  for (let i = 0; i < w.cols; i++, a += 2 * pixel, marks += 2 * inner, dst += pixel) {
    for (let c = 0; c < w.inner; c += lanes<T>()) {
      const j = <usize>vectorStart<T>(c, w.inner)
      v128.store(dst + j * sizeof<T>(), meansAt<T, Apart>(w, a + j * sizeof<T>(), marks + j, inner, w.indices == 0))
    }
  }
}

/** A vector of means. `apart` is the number of elements from the first vector of a row to the second. */
@inline
function meansAt<T, K>(w: CountedMeans, a: usize, marks: usize, apart: usize, isUnmasked: bool): v128 {
  const b = a + w.below
  const below = w.below / sizeof<T>()
  // Without a mask every mark is set, and without a second row none of its.
  const unmasked = i8x16.splat(isUnmasked ? -1 : 0)
  const hasSecond = i8x16.splat(below == 0 ? 0 : -1)
  const from = isUnmasked ? a : marks
  const a0 = v128.load(a)
  const b0 = v128.load(b)
  const m0 = kept<T>(w, a0, v128.or(marksAt<T>(from), unmasked))
  const n0 = kept<T>(w, b0, v128.and(v128.or(marksAt<T>(from + below), unmasked), hasSecond))
  const a1 = v128.load(a + apart * sizeof<T>())
  const b1 = v128.load(b + apart * sizeof<T>())
  const m1 = kept<T>(w, a1, v128.or(marksAt<T>(from + apart), unmasked))
  const n1 = kept<T>(w, b1, v128.and(v128.or(marksAt<T>(from + below + apart), unmasked), hasSecond))
  const x0 = brought<K>(w, v128.and(a0, m0))
  const x1 = brought<K>(w, v128.and(a1, m1))
  const y0 = brought<K>(w, v128.and(b0, n0))
  const y1 = brought<K>(w, v128.and(b1, n1))
  const left = brought<K>(w, addInts<T>(m0, n0))
  const right = brought<K>(w, addInts<T>(m1, n1))
  const isBeside = sizeof<K>() < 4
  const both = isBeside ? addPairs<T>(left, right) : addInts<T>(left, right)
  if (isFloat<T>()) {
    // In row-major order.
    let total = isBeside ? v128.add<T>(evens<T>(x0, x1), odds<T>(x0, x1)) : v128.add<T>(x0, x1)
    total = v128.add<T>(total, isBeside ? evens<T>(y0, y1) : y0)
    total = v128.add<T>(total, isBeside ? odds<T>(y0, y1) : y1)
    return filledFloats<T>(w, total, i32x4.neg(both))
  }
  if (isBeside) {
    const low = addSums<T>(pairSums<T>(x0), pairSums<T>(y0))
    return filled<T>(w, low, addSums<T>(pairSums<T>(x1), pairSums<T>(y1)), both)
  }
  return filled<T>(
    w,
    addSums<T>(pairSums<T>(interleaveLow<T>(x0, x1)), pairSums<T>(interleaveLow<T>(y0, y1))),
    addSums<T>(pairSums<T>(interleaveHigh<T>(x0, x1)), pairSums<T>(interleaveHigh<T>(y0, y1))),
    both,
  )
}

/** Brings the elements of each pair of pixels side by side. */
@inline
function brought<K>(w: CountedMeans, x: v128): v128 {
  return sizeof<K>() == 2 ? i8x16.swizzle(x, v128.load(w.mask)) : x
}

/** The lanes of `marked` without those of elements that are left out. */
@inline
function kept<T>(w: CountedMeans, x: v128, marked: v128): v128 {
  if (w.unwanted == 0) return marked
  const unwanted = v128.splat<T>(load<T>(w.unwanted))
  if (isFloat<T>() && v128.any_true(v128.ne<T>(unwanted, unwanted))) return v128.and(marked, v128.eq<T>(x, x))
  return v128.and(marked, v128.ne<T>(x, unwanted))
}

@inline
function isUnwanted<T>(x: T, unwanted: T): bool {
  return x == unwanted || (isFloat<T>() && x != x && unwanted != unwanted)
}

@inline
function addInts<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) return i8x16.add(a, b)
  return sizeof<T>() == 2 ? i16x8.add(a, b) : i32x4.add(a, b)
}

/** The sums of neighbours in both vectors. */
@inline
function addPairs<T>(a: v128, b: v128): v128 {
  if (sizeof<T>() == 1) return i8x16.narrow_i16x8_s(i16x8.extadd_pairwise_i8x16_s(a), i16x8.extadd_pairwise_i8x16_s(b))
  if (sizeof<T>() == 2) return i16x8.narrow_i32x4_s(i32x4.extadd_pairwise_i16x8_s(a), i32x4.extadd_pairwise_i16x8_s(b))
  return i32x4.add(evens<T>(a, b), odds<T>(a, b))
}

@inline
function addSums<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 1 ? i16x8.add(a, b) : i32x4.add(a, b)
}

@inline
function filledFloats<T>(w: CountedMeans, total: v128, counts: v128): v128 {
  const divisors = w.divides ? i32x4.max_s(counts, i32x4.splat(1)) : i32x4.splat(1)
  const mean = v128.add<T>(v128.div<T>(total, f32x4.convert_i32x4_s(divisors)), v128.splat<T>(<T>0))
  return v128.bitselect(v128.splat<T>(load<T>(w.fill)), mean, i32x4.lt_s(counts, i32x4.splat(w.least)))
}

/** Means of the sums of both halves of a vector, and the fill where too few count. `both` are the counts, negated. */
@inline
function filled<T>(w: CountedMeans, low: v128, high: v128, both: v128): v128 {
  const fill = v128.splat<T>(load<T>(w.fill))
  if (sizeof<T>() == 1) {
    const counts = i8x16.neg(both)
    const shares = i8x16.swizzle(i8x16(0, 12, 6, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), counts)
    const first = twelfths<T>(w.rounding, i16x8.mul(low, i16x8.extend_low_i8x16_s(shares)))
    const second = twelfths<T>(w.rounding, i16x8.mul(high, i16x8.extend_high_i8x16_s(shares)))
    const mean = isSigned<T>() ? i8x16.narrow_i16x8_s(first, second) : i8x16.narrow_i16x8_u(first, second)
    return v128.bitselect(fill, mean, i8x16.lt_s(counts, i8x16.splat(<i8>w.least)))
  }
  const counts = i16x8.neg(both)
  const divisors = i16x8.max_s(counts, i16x8.splat(1))
  const first = shortQuotients<T>(low, i32x4.extend_low_i16x8_s(divisors), w.rounding)
  const second = shortQuotients<T>(high, i32x4.extend_high_i16x8_s(divisors), w.rounding)
  const mean = isSigned<T>() ? i16x8.narrow_i32x4_s(first, second) : i16x8.narrow_i32x4_u(first, second)
  return v128.bitselect(fill, mean, i16x8.lt_s(counts, i16x8.splat(<i16>w.least)))
}

/**
 * Divides by 12 and rounds: sums times 12 over the count are whole numbers, as counts are 1 to 4. For magnitudes up to
 * 3060, a multiplication by 2731 / 2^15 rounds to the nearest whole number: its error, at most 0.04, moves halves away
 * from zero, and is smaller than a twelfth.
 */
@inline
function twelfths<T>(rounding: i32, value: v128): v128 {
  if (rounding == Rounding.HalfUp) return nearestTwelfth(value)
  if (rounding == Rounding.HalfEven) {
    // Both agree but on halves.
    const down = nearestTwelfth(i16x8.sub(value, i16x8.splat(1)))
    const up = nearestTwelfth(i16x8.add(value, i16x8.splat(1)))
    return i16x8.add(down, v128.and(down, i16x8.sub(up, down)))
  }
  let shifted = i16x8.sub(value, i16x8.splat(5))
  if (isSigned<T>() && rounding == Rounding.Trunc)
    shifted = i16x8.add(shifted, v128.and(i16x8.shr_s(value, 15), i16x8.splat(10)))
  return nearestTwelfth(shifted)
}

@inline
function nearestTwelfth(value: v128): v128 {
  return i16x8.q15mulr_sat_s(value, i16x8.splat(2731))
}
