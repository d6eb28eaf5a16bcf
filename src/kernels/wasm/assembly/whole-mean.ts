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
  /** True if sums of 16 bits, with their bias, have at most 14, or if float32 holds those of 32 bits: see `fast`. */
  isFast: bool
  divisor: u32
  multiplier: u32
  shift: i32
  /** Added to every sum: it rounds, and makes the sum of signed elements positive. */
  bias: u32
  /** Added to negative sums as well. For float32 the bits that the bias takes from its sum. */
  negativeBias: u32
  /** Bytes of the row of folds that the outputs read. */
  reach: u32
  /** Added to a sum with its bias before it is compared with a multiple of the divisor, which a half has become. */
  half: u32
  /** For means: a `Way`. */
  way: i32
}

export namespace Way {
  /** Folds across, then divides. */
  export const Steps: i32 = 0
  /** Folds across and divides in one loop. */
  export const Fused: i32 = 1
  /** The same, and from the input if a row folds one row alone: all windows lie inside it. */
  export const Direct: i32 = 2
}

/** Divides a run of sums `A` and stores the means as `T`. */
export function storeMeans<T, A>(s: Segment, src: usize, dst: usize, n: i32): void {
  if (s.isFast) {
    if (sizeof<A>() == 4 || isPlain(s)) storeDivided<T, A, Plain>(s, src, dst, n)
    else storeDivided<T, A, Fast>(s, src, dst, n)
  } else if (s.isPower) storeDivided<T, A, Shift>(s, src, dst, n)
  else storeDivided<T, A, Product>(s, src, dst, n)
}

/** Type arguments: how sums are divided. */
type Shift = u8
type Product = u32
/** By a multiplier of 15 bits. */
export type Fast = u16
/** The same without a shift, and halves need not become even; or in float32. */
export type Plain = i16

/** True if the product with the multiplier is the mean. */
@inline
export function isPlain(s: Segment): bool {
  return s.shift == 0 && !s.toEven
}

/** A vector that the parameters of a division fill. */
@inline
export function splatOf<A>(value: u32): v128 {
  return sizeof<A>() == 2 ? i16x8.splat(<i16>value) : i32x4.splat(value)
}

function storeDivided<T, A, D>(s: Segment, src: usize, dst: usize, n: i32): void {
  const times = sizeof<A>() / sizeof<T>()
  const bias = splatOf<A>(s.bias)
  const negativeBias = splatOf<A>(s.negativeBias)
  const multiplier = splatOf<A>(s.multiplier)
  const divisor = splatOf<A>(s.divisor)
  let i = 0
  for (; i + 16 / sizeof<T>() <= n; i += 16 / sizeof<T>(), src += 16 * times, dst += 16) {
    const a = quotient<A, D>(s, v128.load(src), bias, negativeBias, multiplier, divisor)
    const b = quotient<A, D>(s, v128.load(src, 16), bias, negativeBias, multiplier, divisor)
    if (times == 2) v128.store(dst, joined<T, A, D>(a, b))
    else {
      const c = quotient<A, D>(s, v128.load(src, 32), bias, negativeBias, multiplier, divisor)
      const d = quotient<A, D>(s, v128.load(src, 48), bias, negativeBias, multiplier, divisor)
      v128.store(dst, joinedFour<T, A, D>(a, b, c, d))
    }
  }
  for (; i < n; i += lanes<A>(), src += 16, dst += lanes<A>() * sizeof<T>()) {
    const a = quotient<A, D>(s, v128.load(src), bias, negativeBias, multiplier, divisor)
    storePart(dst, joinedFew<T, A, D>(a), min(n - i, lanes<A>()) * sizeof<T>())
  }
}

/** The means of a vector of sums, in lanes of `A`; fast ones of 32 bits as signed numbers, others in unsigned order. */
@inline
export function quotient<A, D>(
  s: Segment,
  sum: v128,
  bias: v128,
  negativeBias: v128,
  multiplier: v128,
  divisor: v128,
): v128 {
  if (sizeof<D>() == 2 && sizeof<A>() == 4) return rounded(sum, bias, negativeBias, multiplier, isSigned<A>())
  let value = v128.add<A>(sum, bias)
  if (isSigned<A>()) value = v128.add<A>(value, v128.and(v128.shr<A>(sum, sizeof<A>() * 8 - 1), negativeBias))
  let quotient = value
  if (sizeof<D>() == 2) {
    quotient = i16x8.q15mulr_sat_s(value, multiplier)
    if (!isSigned<D>() && s.shift != 0) quotient = i16x8.shr_u(quotient, s.shift)
  } else {
    if (sizeof<D>() == 4) quotient = highProduct<A>(value, multiplier)
    quotient = shifted<A>(quotient, s.shift)
  }
  if (isSigned<D>() || !s.toEven) return quotient
  const isHalf = v128.eq<A>(v128.mul<A>(quotient, divisor), v128.add<A>(value, splatOf<A>(s.half)))
  return v128.sub<A>(quotient, v128.and(v128.and(isHalf, quotient), splatOf<A>(1)))
}

/**
 * Multiplies float32 sums by the reciprocal of the divisor, and rounds to the nearest whole number: around 1.5 * 2^23
 * float32 has no others, and the last bits are the number.
 */
@inline
function rounded(sum: v128, bias: v128, signs: v128, reciprocal: v128, signed: bool): v128 {
  let value = f32x4.convert_i32x4_s(sum)
  value = f32x4.add(value, signed ? v128.xor(bias, v128.and(value, signs)) : bias)
  const whole: f32 = 12582912
  const sums = f32x4.add(f32x4.mul(value, reciprocal), f32x4.splat(whole))
  return i32x4.sub(sums, i32x4.splat(reinterpret<i32>(whole)))
}

/** Two vectors of means as one of `T`, half the size. */
@inline
export function joined<T, A, D>(a: v128, b: v128): v128 {
  if (sizeof<D>() == 2 && sizeof<A>() == 4)
    return isSigned<T>() ? i16x8.narrow_i32x4_s(a, b) : i16x8.narrow_i32x4_u(a, b)
  return signedAgain<T>(sizeof<A>() == 2 ? i8x16.narrow_i16x8_u(a, b) : i16x8.narrow_i32x4_u(a, b))
}

/** Four vectors of means as one of `T`, a quarter of the size. */
@inline
export function joinedFour<T, A, D>(a: v128, b: v128, c: v128, d: v128): v128 {
  if (sizeof<D>() == 2) {
    const low = i16x8.narrow_i32x4_s(a, b)
    const high = i16x8.narrow_i32x4_s(c, d)
    return isSigned<T>() ? i8x16.narrow_i16x8_s(low, high) : i8x16.narrow_i16x8_u(low, high)
  }
  const low = i16x8.narrow_i32x4_u(a, b)
  return signedAgain<T>(i8x16.narrow_i16x8_u(low, i16x8.narrow_i32x4_u(c, d)))
}

/** One vector of means, as the first elements of one of `T`. */
@inline
export function joinedFew<T, A, D>(a: v128): v128 {
  return sizeof<A>() == 2 * sizeof<T>() ? joined<T, A, D>(a, a) : joinedFour<T, A, D>(a, a, a, a)
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
