/**
 * @file Means of what counts in windows of 2 by 2 at stride 2 without padding, of one channel: one pass marks and adds
 * elements, counts them, and fills windows.
 */
import { Rounding } from './grid'
import { roundedTo } from './means-each'
import { evens, odds } from './shuffles'
import { lanes, vectorStart } from './vectors'
import { Windows2x2s2 } from './windows2x2s2'

/** `indices` points to the marks of a mask, one byte each; it is 0 if there are none. */
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
}

/** Type arguments: what is left out beside the mask. */
type Nothing = u8
type Value = u16
type NaNs = u32

@inline
export function countedMean2x2s2<T>(block: usize): void {
  const w = changetype<CountedMeans>(block)
  if (w.unwanted == 0) means<T, Nothing>(w)
  else if (isFloat<T>() && load<T>(w.unwanted) != load<T>(w.unwanted)) means<T, NaNs>(w)
  else means<T, Value>(w)
}

@inline
function means<T, U>(w: CountedMeans): void {
  const pitch = <usize>w.inCols * sizeof<T>()
  const belowMarks = w.below / sizeof<T>()
  let dst = w.dst
  for (let plane = 0; plane < w.planes; plane++) {
    const first = <usize>plane * w.inRows * w.inCols
    let a = w.src + <usize>plane * w.inRows * pitch
    let marks = w.indices + first
    for (let row = 0; row < w.rows; row++, a += w.step, marks += w.step / sizeof<T>()) {
      if (w.cols < lanes<T>()) shortRow<T, U>(w, a, marks, belowMarks, dst)
      else if (isFloat<T>()) floatRow<T, U>(w, a, marks, belowMarks, dst)
      else byteRow<T, U>(w, a, marks, belowMarks, dst)
      dst += <usize>w.cols * sizeof<T>()
    }
  }
}

@inline
function shortRow<T, U>(w: CountedMeans, a: usize, marks: usize, below: usize, dst: usize): void {
  const taps: usize = below == 0 ? 2 : 4
  for (let i: usize = 0; i < <usize>w.cols; i++) {
    let sum: f64 = 0
    let floats = <T>0
    let count = 0
    for (let tap: usize = 0; tap < taps; tap++) {
      const at = 2 * i + (tap & 1) + (tap >> 1) * below
      const x = load<T>(a + at * sizeof<T>())
      if (w.indices != 0 && load<u8>(marks + at) == 0) continue
      if (sizeof<U>() == 2 && x == load<T>(w.unwanted)) continue
      if (sizeof<U>() == 4 && x != x) continue
      if (isFloat<T>()) floats += x
      else sum += <f64>x
      count++
    }
    const divisor = w.divides ? max<i32>(count, 1) : 1
    let mean: T
    if (isFloat<T>()) mean = <T>(floats / <T>divisor + <T>0)
    else mean = <T>(<i32>roundedTo(sum / <f64>divisor, w.rounding))
    store<T>(dst + i * sizeof<T>(), count < w.least ? load<T>(w.fill) : mean)
  }
}

/** Adds in row-major order, for float32. */
@inline
function floatRow<T, U>(w: CountedMeans, a: usize, marks: usize, below: usize, dst: usize): void {
  const cols = w.cols
  const b = a + below * sizeof<T>()
  // Without a mask every mark is set, and without a second row none of its.
  const unmasked = i16x8.splat(w.indices == 0 ? -1 : 0)
  const hasSecond = i16x8.splat(below == 0 ? 0 : -1)
  const from = w.indices == 0 ? a : marks
  const unwanted = sizeof<U>() == 1 ? i32x4.splat(0) : v128.splat<T>(load<T>(w.unwanted))
  const fill = v128.splat<T>(load<T>(w.fill))
  const least = i32x4.splat(w.least)
  const undivided = i32x4.splat(w.divides ? 0 : 1)
  const divided = i32x4.splat(w.divides ? -1 : 0)
  for (let i = 0; i < cols; i += 4) {
    const j = <usize>vectorStart<T>(i, cols)
    const at = 2 * j * sizeof<T>()
    const top = v128.or(i16x8.neg(v128.load8x8_u(from + 2 * j)), unmasked)
    const low = v128.and(v128.or(i16x8.neg(v128.load8x8_u(from + 2 * j + below)), unmasked), hasSecond)
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const b0 = v128.load(b + at)
    const b1 = v128.load(b + at, 16)
    const m0 = kept<T, U>(a0, i32x4.extend_low_i16x8_s(top), unwanted)
    const m1 = kept<T, U>(a1, i32x4.extend_high_i16x8_s(top), unwanted)
    const n0 = kept<T, U>(b0, i32x4.extend_low_i16x8_s(low), unwanted)
    const n1 = kept<T, U>(b1, i32x4.extend_high_i16x8_s(low), unwanted)
    const x0 = v128.and(a0, m0)
    const x1 = v128.and(a1, m1)
    const y0 = v128.and(b0, n0)
    const y1 = v128.and(b1, n1)
    let total = v128.add<T>(evens<T>(x0, x1), odds<T>(x0, x1))
    total = v128.add<T>(total, evens<T>(y0, y1))
    total = v128.add<T>(total, odds<T>(y0, y1))
    // Lanes of elements that count are -1.
    const left = i32x4.add(m0, n0)
    const right = i32x4.add(m1, n1)
    const counts = i32x4.neg(i32x4.add(evens<T>(left, right), odds<T>(left, right)))
    const divisors = i32x4.max_s(v128.or(v128.and(counts, divided), undivided), i32x4.splat(1))
    const mean = f32x4.add(f32x4.div(total, f32x4.convert_i32x4_s(divisors)), f32x4.splat(0))
    v128.store(dst + j * sizeof<T>(), v128.bitselect(fill, mean, i32x4.lt_s(counts, least)))
  }
}

/** The lanes of `marked` without those of elements that are left out. */
@inline
function kept<T, U>(x: v128, marked: v128, unwanted: v128): v128 {
  if (sizeof<U>() == 1) return marked
  return v128.and(marked, sizeof<U>() == 4 ? v128.eq<T>(x, x) : v128.ne<T>(x, unwanted))
}

/**
 * Sums times 12 over the count are whole numbers, as counts are 1 to 4: one division by 12 serves all.
 */
@inline
function byteRow<T, U>(w: CountedMeans, a: usize, marks: usize, below: usize, dst: usize): void {
  const cols = w.cols
  const b = a + below
  const unmasked = i8x16.splat(w.indices == 0 ? -1 : 0)
  const hasSecond = i8x16.splat(below == 0 ? 0 : -1)
  const from = w.indices == 0 ? a : marks
  const unwanted = sizeof<U>() == 1 ? i8x16.splat(0) : v128.splat<T>(load<T>(w.unwanted))
  const fill = v128.splat<T>(load<T>(w.fill))
  const least = i8x16.splat(<i8>w.least)
  const shares = i8x16(0, 12, 6, 4, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  const truncates = i16x8.splat(w.rounding == Rounding.Trunc ? -1 : 0)
  const floors = i16x8.splat(w.rounding == Rounding.Floor ? -1 : 0)
  const evenBit = i16x8.splat(w.rounding == Rounding.HalfEven ? 1 : 0)
  for (let i = 0; i < cols; i += 16) {
    const j = <usize>vectorStart<T>(i, cols)
    const at = 2 * j
    const a0 = v128.load(a + at)
    const a1 = v128.load(a + at, 16)
    const b0 = v128.load(b + at)
    const b1 = v128.load(b + at, 16)
    const m0 = kept<T, U>(a0, v128.or(i8x16.neg(v128.load(from + at)), unmasked), unwanted)
    const m1 = kept<T, U>(a1, v128.or(i8x16.neg(v128.load(from + at, 16)), unmasked), unwanted)
    const below0 = v128.or(i8x16.neg(v128.load(from + below + at)), unmasked)
    const below1 = v128.or(i8x16.neg(v128.load(from + below + at, 16)), unmasked)
    const n0 = kept<T, U>(b0, v128.and(below0, hasSecond), unwanted)
    const n1 = kept<T, U>(b1, v128.and(below1, hasSecond), unwanted)
    const left = i8x16.add(m0, n0)
    const right = i8x16.add(m1, n1)
    const counts = i8x16.neg(i8x16.add(evens<T>(left, right), odds<T>(left, right)))
    const shared = i8x16.swizzle(shares, counts)
    const low = i16x8.mul(
      i16x8.add(pairSums<T>(v128.and(a0, m0)), pairSums<T>(v128.and(b0, n0))),
      i16x8.extend_low_i8x16_s(shared),
    )
    const high = i16x8.mul(
      i16x8.add(pairSums<T>(v128.and(a1, m1)), pairSums<T>(v128.and(b1, n1))),
      i16x8.extend_high_i8x16_s(shared),
    )
    const first = twelfth<T>(low, truncates, floors, evenBit)
    const second = twelfth<T>(high, truncates, floors, evenBit)
    const mean = isSigned<T>() ? i8x16.narrow_i16x8_s(first, second) : i8x16.narrow_i16x8_u(first, second)
    v128.store(dst + j, v128.bitselect(fill, mean, i8x16.lt_s(counts, least)))
  }
}

@inline
function pairSums<T>(value: v128): v128 {
  return isSigned<T>() ? i16x8.extadd_pairwise_i8x16_s(value) : i16x8.extadd_pairwise_i8x16_u(value)
}

/**
 * Divides by 12 and rounds. For magnitudes up to 3060, a multiplication by 2731 / 2^15 rounds to the nearest whole
 * number, halves up: its error, at most 0.04, is smaller than half of a twelfth.
 */
@inline
function twelfth<T>(value: v128, truncates: v128, floors: v128, evenBit: v128): v128 {
  const sign = isSigned<T>() ? i16x8.shr_s(value, 15) : i16x8.splat(0)
  const size = isSigned<T>() ? i16x8.abs(value) : value
  let quotient = i16x8.q15mulr_sat_s(size, i16x8.splat(2731))
  const rest = i16x8.sub(size, i16x8.mul(quotient, i16x8.splat(12)))
  const isHalf = i16x8.eq(rest, i16x8.splat(-6))
  const downs = v128.or(truncates, v128.andnot(floors, sign))
  const odd = v128.and(v128.and(quotient, evenBit), isHalf)
  quotient = i16x8.add(quotient, i16x8.sub(v128.and(i16x8.shr_s(rest, 15), downs), odd))
  if (!isSigned<T>()) return quotient
  const more = v128.and(i16x8.gt_s(rest, i16x8.splat(0)), v128.and(floors, sign))
  quotient = i16x8.sub(quotient, more)
  return i16x8.sub(v128.xor(quotient, sign), sign)
}
