/**
 * @file Means of integers: sums divided by multiplication and shift, rounded, and narrowed. The host proves that the
 * division is exact for all sums (see whole-division.ts).
 */
import { lanes, min } from './vectors'

/** Neighbouring outputs of a row that are folded and divided alike. */
@unmanaged
export class Segment {
  from: i32
  to: i32
  /** True if the first taps of the outputs are neighbours: then they are one run. */
  isRun: bool
  /** True if the division is a shift alone. */
  isPower: bool
  /** True if a quotient that was rounded up at a half must become even. */
  toEven: bool
  /** True if sums with their bias have at most 14 bits: the multiplier is one of 15 bits. */
  isSmall: bool
  divisor: u32
  multiplier: u32
  shift: i32
  /** Added to every sum: it rounds, and makes the sum of signed elements positive. */
  bias: u32
  /** Added to negative sums as well. */
  negativeBias: u32
  /** Bytes of the row of folds that the outputs read. */
  reach: u32
}

/** Divides a run of sums `A` and stores the means as `T`. */
export function storeMeans<T, A>(s: Segment, src: usize, dst: usize, n: i32): void {
  if (s.isPower) storeDivided<T, A, Shift>(s, src, dst, n)
  else if (sizeof<A>() == 2 && s.isSmall) storeDivided<T, A, Small>(s, src, dst, n)
  else storeDivided<T, A, Product>(s, src, dst, n)
}

/** Type arguments: how sums are divided. */
type Shift = u8
type Small = u16
type Product = u32

function storeDivided<T, A, D>(s: Segment, src: usize, dst: usize, n: i32): void {
  const times = sizeof<A>() / sizeof<T>()
  const bias = v128.splat<A>(<A>s.bias)
  const negativeBias = v128.splat<A>(<A>s.negativeBias)
  const multiplier = v128.splat<A>(<A>s.multiplier)
  const shift = s.shift
  const divisor = v128.splat<A>(s.toEven ? <A>s.divisor : <A>0)
  const toEven = s.toEven
  let i = 0
  for (; i + 16 / sizeof<T>() <= n; i += 16 / sizeof<T>(), src += 16 * times, dst += 16) {
    const a = quotient<A, D>(v128.load(src), bias, negativeBias, multiplier, shift, toEven, divisor)
    const b = quotient<A, D>(v128.load(src, 16), bias, negativeBias, multiplier, shift, toEven, divisor)
    if (times == 2) v128.store(dst, signedAgain<T>(narrowed<A>(a, b)))
    else {
      const c = quotient<A, D>(v128.load(src, 32), bias, negativeBias, multiplier, shift, toEven, divisor)
      const d = quotient<A, D>(v128.load(src, 48), bias, negativeBias, multiplier, shift, toEven, divisor)
      const low = i16x8.narrow_i32x4_u(a, b)
      v128.store(dst, signedAgain<T>(i8x16.narrow_i16x8_u(low, i16x8.narrow_i32x4_u(c, d))))
    }
  }
  for (; i < n; i += lanes<A>(), src += 16, dst += lanes<A>() * sizeof<T>()) {
    const a = quotient<A, D>(v128.load(src), bias, negativeBias, multiplier, shift, toEven, divisor)
    const half = narrowed<A>(a, v128.splat<A>(<A>0))
    const part = times == 2 ? half : i8x16.narrow_i16x8_u(half, half)
    storePart(dst, signedAgain<T>(part), min(n - i, lanes<A>()) * sizeof<T>())
  }
}

@inline
function quotient<A, D>(
  sum: v128,
  bias: v128,
  negativeBias: v128,
  multiplier: v128,
  shift: i32,
  toEven: bool,
  divisor: v128,
): v128 {
  let value = v128.add<A>(sum, bias)
  if (isSigned<A>()) value = v128.add<A>(value, v128.and(v128.shr<A>(sum, sizeof<A>() * 8 - 1), negativeBias))
  let scaled = value
  if (sizeof<D>() == 2) scaled = i16x8.q15mulr_sat_s(value, multiplier)
  else if (sizeof<D>() == 4) scaled = highProduct<A>(value, multiplier)
  const quotient = shifted<A>(scaled, shift)
  if (!toEven) return quotient
  const isHalf = v128.eq<A>(v128.mul<A>(quotient, divisor), value)
  return v128.sub<A>(quotient, v128.and(v128.and(isHalf, quotient), v128.splat<A>(<A>1)))
}

/** From unsigned order to that of `T`. */
@inline
function signedAgain<T>(value: v128): v128 {
  if (!isSigned<T>()) return value
  return v128.xor(value, v128.splat<T>(<T>((<T>1) << (<T>(sizeof<T>() * 8 - 1)))))
}

@inline
function shifted<A>(value: v128, by: i32): v128 {
  return sizeof<A>() == 2 ? i16x8.shr_u(value, by) : i32x4.shr_u(value, by)
}

/** The upper halves of the products of unsigned lanes. */
@inline
function highProduct<A>(a: v128, b: v128): v128 {
  if (sizeof<A>() == 2) {
    const low = i32x4.extmul_low_i16x8_u(a, b)
    return v128.shuffle<i16>(low, i32x4.extmul_high_i16x8_u(a, b), 1, 3, 5, 7, 9, 11, 13, 15)
  }
  const low = i64x2.extmul_low_i32x4_u(a, b)
  return v128.shuffle<i32>(low, i64x2.extmul_high_i32x4_u(a, b), 1, 3, 5, 7)
}

/** Of quotients that fit unsigned elements of half the size. */
@inline
function narrowed<A>(a: v128, b: v128): v128 {
  return sizeof<A>() == 2 ? i8x16.narrow_i16x8_u(a, b) : i16x8.narrow_i32x4_u(a, b)
}

/** Stores the first `bytes` of a vector, at most 8. */
export function storePart(to: usize, value: v128, bytes: i32): void {
  if (bytes == 8) v128.store64_lane(to, value, 0)
  if (bytes & 4) {
    v128.store32_lane(to, value, 0)
    value = i64x2.shr_u(value, 32)
    to += 4
  }
  if (bytes & 2) {
    v128.store16_lane(to, value, 0)
    value = i64x2.shr_u(value, 16)
    to += 2
  }
  if (bytes & 1) v128.store8_lane(to, value, 0)
}
