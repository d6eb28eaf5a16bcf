/**
 * @file The value between two elements of windows, given the weight of the higher one: NumPy's quantile, which starts
 * from the nearer element. Beside an infinity it is the infinity.
 */
import { Windows } from './windows'

export namespace Rule {
  export const Floor: i32 = 0
  /** Halves up, to even, toward zero, away from zero. */
  export const Up: i32 = 1
  export const Even: i32 = 2
  export const Trunc: i32 = 3
}

@inline
export function mix<T>(w: Windows, low: v128, high: v128, weight: f64): v128 {
  if (!isFloat<T>()) return mixIntegers<T>(w, low, high, weight)
  if (sizeof<T>() == 8) return v128.bitselect(low, mixTwo(low, high, weight), i64x2.eq(low, high))
  const upperLow = v128.shuffle<i64>(low, low, 1, 1)
  const upperHigh = v128.shuffle<i64>(high, high, 1, 1)
  const lower = mixTwo(f64x2.promote_low_f32x4(low), f64x2.promote_low_f32x4(high), weight)
  const upper = mixTwo(f64x2.promote_low_f32x4(upperLow), f64x2.promote_low_f32x4(upperHigh), weight)
  const result = v128.shuffle<i64>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 2)
  return v128.bitselect(low, result, i32x4.eq(low, high))
}

/** From the nearer of two elements. */
@inline
function nearer(low: v128, high: v128, weight: f64): v128 {
  const span = f64x2.sub(high, low)
  if (weight >= 0.5) return f64x2.sub(high, f64x2.mul(span, f64x2.splat(1 - weight)))
  return f64x2.add(low, f64x2.mul(span, f64x2.splat(weight)))
}

function mixTwo(low: v128, high: v128, weight: f64): v128 {
  const value = nearer(low, high, weight)
  const infinity = f64x2.splat(Infinity)
  const isInfinite = v128.or(f64x2.eq(f64x2.abs(low), infinity), f64x2.eq(f64x2.abs(high), infinity))
  return v128.bitselect(f64x2.add(low, high), value, isInfinite)
}

/** Keys of unsigned integers are raised to their values. */
@inline
function mixIntegers<T>(w: Windows, low: v128, high: v128, weight: f64): v128 {
  const raise: f64 = load<T>(w.orderMask) == 0 ? 0 : <f64>((<u64>1) << (8 * sizeof<T>() - 1))
  const rule = w.rounding
  if (sizeof<T>() == 1) {
    const first = mixHalves(i16x8.extend_low_i8x16_s(low), i16x8.extend_low_i8x16_s(high), weight, raise, rule)
    const second = mixHalves(i16x8.extend_high_i8x16_s(low), i16x8.extend_high_i8x16_s(high), weight, raise, rule)
    return i8x16.narrow_i16x8_s(first, second)
  }
  return sizeof<T>() == 2 ? mixHalves(low, high, weight, raise, rule) : mixFour(low, high, weight, raise, rule)
}

/** Of 16 bits. */
function mixHalves(low: v128, high: v128, weight: f64, raise: f64, rule: i32): v128 {
  const first = mixFour(i32x4.extend_low_i16x8_s(low), i32x4.extend_low_i16x8_s(high), weight, raise, rule)
  const second = mixFour(i32x4.extend_high_i16x8_s(low), i32x4.extend_high_i16x8_s(high), weight, raise, rule)
  return i16x8.narrow_i32x4_s(first, second)
}

/** Of 32 bits. */
function mixFour(low: v128, high: v128, weight: f64, raise: f64, rule: i32): v128 {
  const lower = mixPair(low, high, weight, raise, rule)
  const upperLow = v128.shuffle<i64>(low, low, 1, 1)
  const upper = mixPair(upperLow, v128.shuffle<i64>(high, high, 1, 1), weight, raise, rule)
  return v128.shuffle<i64>(lower, upper, 0, 2)
}

/** The first two of 32 bits. */
@inline
function mixPair(low: v128, high: v128, weight: f64, raise: f64, rule: i32): v128 {
  const raised = f64x2.splat(raise)
  const from = f64x2.add(f64x2.convert_low_i32x4_s(low), raised)
  const to = f64x2.add(f64x2.convert_low_i32x4_s(high), raised)
  const value = nearer(from, to, weight)
  return i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(rounded(value, rule), raised))
}

@inline
function rounded(value: v128, rule: i32): v128 {
  if (rule == Rule.Floor) return f64x2.floor(value)
  if (rule == Rule.Even) return f64x2.nearest(value)
  const towardZero = f64x2.trunc(value)
  if (rule == Rule.Trunc) return towardZero
  const sign = v128.and(value, f64x2.splat(-0.0))
  const isBelowHalf = f64x2.lt(f64x2.abs(f64x2.sub(value, towardZero)), f64x2.splat(0.5))
  return f64x2.add(towardZero, v128.andnot(v128.or(f64x2.splat(1), sign), isBelowHalf))
}
