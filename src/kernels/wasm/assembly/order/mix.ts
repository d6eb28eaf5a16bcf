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

/** Integers overwrite the values of the windows. */
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

function mixTwo(low: v128, high: v128, weight: f64): v128 {
  const span = f64x2.sub(high, low)
  const value =
    weight >= 0.5
      ? f64x2.sub(high, f64x2.mul(span, f64x2.splat(1 - weight)))
      : f64x2.add(low, f64x2.mul(span, f64x2.splat(weight)))
  const infinity = f64x2.splat(Infinity)
  const isInfinite = v128.or(f64x2.eq(f64x2.abs(low), infinity), f64x2.eq(f64x2.abs(high), infinity))
  return v128.bitselect(f64x2.add(low, high), value, isInfinite)
}

/** Keys of unsigned integers are raised to their values. */
@inline
function mixIntegers<T>(w: Windows, low: v128, high: v128, weight: f64): v128 {
  const values = w.values
  const raise: f64 = load<T>(w.orderMask) == 0 ? 0 : <f64>((<u64>1) << (8 * sizeof<T>() - 1))
  v128.store(values, low)
  v128.store(values, high, 16)
  for (let at = values; at < values + 16; at += sizeof<T>()) {
    const a = load<T>(at)
    const b = load<T>(at, 16)
    if (a == b) continue
    const from = <f64>a + raise
    const to = <f64>b + raise
    const value = weight >= 0.5 ? to - (to - from) * (1 - weight) : from + (to - from) * weight
    store<T>(at, <T>(<i32>(rounded(value, w.rounding) - raise)))
  }
  return v128.load(w.values)
}

function rounded(value: f64, rule: i32): f64 {
  if (rule == Rule.Floor) return Math.floor(value)
  if (rule == Rule.Even) return nearest(value)
  const towardZero = Math.trunc(value)
  if (rule == Rule.Trunc || Math.abs(value - towardZero) < 0.5) return towardZero
  return towardZero + copysign<f64>(1, value)
}
