/**
 * @file Powers of absolute values, for Lp norms and their gradients.
 */

/** The range in which products of a few numbers neither overflow nor underflow. */
export const least: f64 = reinterpret<f64>(0x2d30000000000000)
export const most: f64 = reinterpret<f64>(0x52b0000000000000)

/** `dst = |src|^power` by repeated multiplication. NaN stays NaN, even for power 0. */
@inline
export function raise(src: usize, dst: usize, n: i32, power: i32): void {
  const factors = abs(power)
  let i = 0
  if (ASC_FEATURE_SIMD) {
    const one = f64x2.splat(1)
    for (; i + 2 <= n; i += 2) {
      const magnitude = f64x2.abs(v128.load(src + (i << 3)))
      let product = v128.or(one, f64x2.ne(magnitude, magnitude))
      for (let k = 0; k < factors; k++) product = f64x2.mul(product, magnitude)
      v128.store(dst + (i << 3), power < 0 ? f64x2.div(one, product) : product)
    }
  }
  for (; i < n; i++) {
    const magnitude = abs(load<f64>(src + (i << 3)))
    let product = magnitude == magnitude ? 1 : magnitude
    for (let k = 0; k < factors; k++) product *= magnitude
    store<f64>(dst + (i << 3), power < 0 ? 1 / product : product)
  }
}

/**
 * `dst = factor * sign(base) * |power|`. 0 if the base is 0, and with `clears` also if the factor is 0, even if the
 * power is NaN or infinite. NaN if the power or the product leaves the range above.
 *
 * @returns true if all stayed in the range
 */
@inline
export function weigh(factors: usize, bases: usize, powers: usize, dst: usize, n: i32, clears: bool): bool {
  let isWild = false
  let i = 0
  if (ASC_FEATURE_SIMD) {
    const zero = f64x2.splat(0)
    const keeps = i64x2.splat(clears ? 0 : -1)
    let wild = zero
    for (; i + 2 <= n; i += 2) {
      const factor = v128.load(factors + (i << 3))
      const base = v128.load(bases + (i << 3))
      const power = v128.load(powers + (i << 3))
      const wildNow = wildAmong(factor, base, power, keeps)
      wild = v128.or(wild, wildNow)
      v128.store(dst + (i << 3), v128.or(weighed(factor, base, power, keeps), wildNow))
    }
    isWild = v128.any_true(wild)
  }
  for (; i < n; i++) {
    const factor = load<f64>(factors + (i << 3))
    const base = load<f64>(bases + (i << 3))
    const power = load<f64>(powers + (i << 3))
    const product = factor * copysign(power, base)
    const isUsed = base != 0 && (factor != 0 || !clears)
    const isWildNow = isUsed && (isWildOne(power) || (factor != 0 && isWildOne(product)))
    if (isWildNow) isWild = true
    store<f64>(dst + (i << 3), isWildNow ? NaN : isUsed ? product : 0)
  }
  return !isWild
}

/** `factor * sign(base) * |power|`; 0 where the base is 0, and where the factor is 0 unless `keeps` is set. */
@inline
export function weighed(factor: v128, base: v128, power: v128, keeps: v128): v128 {
  return v128.and(productOf(factor, base, power), isUsed(factor, base, keeps))
}

/** Lanes of `weighed` whose power or product leaves the range. */
@inline
export function wildAmong(factor: v128, base: v128, power: v128, keeps: v128): v128 {
  const hasFactor = f64x2.ne(factor, f64x2.splat(0))
  const isWild = v128.or(wildLanes(power), v128.and(wildLanes(productOf(factor, base, power)), hasFactor))
  return v128.and(isWild, isUsed(factor, base, keeps))
}

@inline
function productOf(factor: v128, base: v128, power: v128): v128 {
  return f64x2.mul(factor, v128.bitselect(base, power, f64x2.splat(-0.0)))
}

@inline
export function isUsed(factor: v128, base: v128, keeps: v128): v128 {
  const zero = f64x2.splat(0)
  return v128.and(f64x2.ne(base, zero), v128.or(f64x2.ne(factor, zero), keeps))
}

/** Lanes outside the range. A NaN is not marked; it passes through the product. */
@inline
function wildLanes(value: v128): v128 {
  const magnitude = f64x2.abs(value)
  return v128.or(f64x2.lt(magnitude, f64x2.splat(least)), f64x2.gt(magnitude, f64x2.splat(most)))
}

/** Lanes in the range. */
@inline
export function tameLanes(value: v128): v128 {
  const magnitude = f64x2.abs(value)
  return v128.and(f64x2.ge(magnitude, f64x2.splat(least)), f64x2.le(magnitude, f64x2.splat(most)))
}

@inline
function isWildOne(value: f64): bool {
  const magnitude = abs(value)
  return magnitude < least || magnitude > most
}
