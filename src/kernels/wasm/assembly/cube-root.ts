/**
 * @file Cube roots of two numbers from 0, with the arithmetic of reducers/power.ts where they are exact to 64 bits.
 */

/** Of float64 numbers. */
@inline
export function cubeRoots(value: v128): v128 {
  const isZero = f64x2.eq(value, f64x2.splat(0))
  const isFinite = f64x2.lt(value, f64x2.splat(Infinity))
  const isUsual = v128.or(isZero, v128.and(isFinite, f64x2.gt(value, f64x2.splat(leastCubed))))
  return i64x2.all_true(isUsual) ? v128.andnot(cubeRoot<f64>(value), isZero) : unusualRoots(value)
}

/** Above the numbers of which a third of the exponent says little. Sums of cubes of float32 numbers are above it. */
const leastCubed: f64 = reinterpret<f64>(0x0150000000000000)

/** Cube roots of float64 numbers among which some are small, infinite or NaN. */
function unusualRoots(value: v128): v128 {
  const one = f64x2.splat(1)
  const isSmall = f64x2.le(value, f64x2.splat(leastCubed))
  const up = f64x2.splat(reinterpret<f64>(0x4350000000000000))
  const down = f64x2.splat(reinterpret<f64>(0x3ed0000000000000))
  const y = cubeRoot<f64>(f64x2.mul(value, v128.bitselect(up, one, isSmall)))
  const isOrdinary = v128.and(f64x2.gt(value, f64x2.splat(0)), f64x2.lt(value, f64x2.splat(Infinity)))
  return v128.bitselect(f64x2.mul(y, v128.bitselect(down, one, isSmall)), value, isOrdinary)
}

/**
 * Of normal numbers: the inverse root by a third of the exponent and two steps. For `T` of 32 bits the last one is of
 * the fourth order, to 2^-44. For 64 bits a step of Newton follows, whose error is that of its last addition.
 */
@inline
export function cubeRoot<T>(x: v128): v128 {
  const r = inverseCubeRoot<T>(x)
  const y = f64x2.mul(f64x2.mul(x, r), r)
  if (sizeof<T>() == 4) return y
  const last = f64x2.sub(f64x2.div(x, f64x2.mul(y, y)), y)
  return f64x2.add(y, f64x2.mul(last, f64x2.splat(1 / 3.0)))
}

@inline
export function inverseCubeRoot<T>(x: v128): v128 {
  const upper = v128.shuffle<i32>(x, x, 1, 3, 1, 3)
  const third = i64x2.shr_u(i64x2.extmul_low_i32x4_u(upper, i32x4.splat(0x55555556)), 32)
  let r = i64x2.shl(i64x2.sub(i64x2.splat(0x553ef0ff), third), 32)
  let rest = cubicRest(x, r)
  let step = f64x2.add(f64x2.mul(rest, f64x2.splat(2 / 9.0)), f64x2.splat(1 / 3.0))
  r = f64x2.add(r, f64x2.mul(r, f64x2.mul(rest, step)))
  rest = cubicRest(x, r)
  step = f64x2.splat(2 / 9.0)
  if (sizeof<T>() == 4) step = f64x2.add(step, f64x2.mul(rest, f64x2.splat(14 / 81.0)))
  step = f64x2.add(f64x2.mul(rest, step), f64x2.splat(1 / 3.0))
  return f64x2.add(r, f64x2.mul(r, f64x2.mul(rest, step)))
}

/** 1 - x r^3 */
@inline
function cubicRest(x: v128, r: v128): v128 {
  return f64x2.sub(f64x2.splat(1), f64x2.mul(f64x2.mul(f64x2.mul(x, r), r), r))
}
