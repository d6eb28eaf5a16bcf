/**
 * @file What lies between the elements of two ranks.
 */
import { mix, Rule } from './mix'
import { Windows } from './windows'

/** The mean of two elements, or what lies between them by weight. */
@inline
export function between<T>(w: Windows, count: i32, low: v128, high: v128): v128 {
  if (w.weights == 0) return middle<T>(low, high, w.rounding)
  return mix<T>(w, low, high, load<f64>(w.weights + ((<usize>count) << 3)))
}

/** The mean of two elements: of floats in float64, of integers by a rule. */
@inline
function middle<T>(low: v128, high: v128, rule: i32): v128 {
  if (isFloat<T>() && sizeof<T>() == 8) {
    const mean = f64x2.mul(f64x2.add(low, high), f64x2.splat(0.5))
    return v128.bitselect(low, mean, i64x2.eq(low, high))
  }
  if (isFloat<T>()) {
    const half = f64x2.splat(0.5)
    const upperLow = v128.shuffle<i64>(low, low, 1, 1)
    const upperHigh = v128.shuffle<i64>(high, high, 1, 1)
    const lower = f64x2.mul(f64x2.add(f64x2.promote_low_f32x4(low), f64x2.promote_low_f32x4(high)), half)
    const upper = f64x2.mul(f64x2.add(f64x2.promote_low_f32x4(upperLow), f64x2.promote_low_f32x4(upperHigh)), half)
    const result = v128.shuffle<i64>(f32x4.demote_f64x2_zero(lower), f32x4.demote_f64x2_zero(upper), 0, 2)
    return v128.bitselect(low, result, i32x4.eq(low, high))
  }
  const differs = v128.xor(low, high)
  const floor = v128.add<T>(v128.and(low, high), v128.shr<T>(differs, 1))
  const one = v128.splat<T>(<T>1)
  const rest = v128.and(differs, one)
  const isNegative = v128.lt<T>(floor, v128.splat<T>(<T>0))
  if (rule == Rule.Floor) return floor
  if (rule == Rule.Up) return v128.add<T>(floor, rest)
  if (rule == Rule.Even) return v128.add<T>(floor, v128.and(rest, floor))
  return v128.add<T>(floor, rule == Rule.Trunc ? v128.and(rest, isNegative) : v128.andnot(rest, isNegative))
}
