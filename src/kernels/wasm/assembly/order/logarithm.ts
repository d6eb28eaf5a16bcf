/**
 * @file Logarithms of two numbers, with the arithmetic of reducers/logarithm.ts.
 */
import { rounder, term } from './exponential'

const half: f64 = 0.7071067811865476
const sqrt2: f64 = 1.4142135623730951
const ln2: f64 = 0.6931471805599453
/** Twice the reciprocal of the logarithm of 2. */
const c: f64 = 2 * 1.4426950408889634

/** The mantissas of normal numbers, from the root of one half to that of 2. */
@inline
export function mantissaOf(x: v128): v128 {
  const mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000))
  const isLarge = f64x2.gt(mantissa, f64x2.splat(sqrt2))
  return v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, isLarge)
}

/** The exponents of normal numbers with these mantissas. */
@inline
export function exponentOf(x: v128, mantissa: v128): v128 {
  const e = i64x2.sub(i64x2.shr_u(x, 52), i64x2.shr_u(mantissa, 52))
  // A small whole number added to the bits of the rounder is added to its value.
  return f64x2.sub(i64x2.add(e, i64x2.splat(0x4338000000000000)), f64x2.splat(rounder))
}

/** The logarithm to base 2 of 1 + f, for sums from the root of one half to that of 2. */
@inline
export function logarithmOf(f: v128): v128 {
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)))
  const z = f64x2.mul(s, s)
  const w = f64x2.mul(z, z)
  let even = v128.load64_splat(terms)
  even = term(even, w, terms + 8)
  even = term(even, w, terms + 16)
  even = term(even, w, terms + 24)
  even = term(even, w, terms + 32)
  even = f64x2.mul(even, z)
  let odd = v128.load64_splat(terms + 40)
  odd = term(odd, w, terms + 48)
  odd = term(odd, w, terms + 56)
  odd = term(odd, w, terms + 64)
  odd = term(odd, w, terms + 72)
  return f64x2.add(f64x2.mul(s, f64x2.splat(c)), f64x2.mul(f64x2.mul(s, z), f64x2.add(odd, even)))
}

/** Of the series of the inverse hyperbolic tangent. */
const terms = memory.data<f64>([c / 21, c / 17, c / 13, c / 9, c / 5, c / 19, c / 15, c / 11, c / 7, c / 3])

/** The natural logarithm of normal means. `past` are the means less 1, which keep the digits of means near 1. */
@inline
export function logarithmOfMean(mean: v128, past: v128): v128 {
  const m = mantissaOf(mean)
  const isNear = v128.and(f64x2.gt(past, f64x2.splat(half - 1)), f64x2.lt(past, f64x2.splat(sqrt2 - 1)))
  const f = v128.bitselect(past, f64x2.sub(m, f64x2.splat(1)), isNear)
  const e = v128.andnot(exponentOf(mean, m), isNear)
  const log = f64x2.mul(f64x2.add(logarithmOf(f), e), f64x2.splat(ln2))
  return v128.bitselect(mean, log, f64x2.ne(mean, mean))
}
