/**
 * @file Powers of many elements, with the arithmetic of reducers/power.ts.
 */
import { Block } from '../block'
import { fractionOf, loadPair, powerOfTwo, rounder } from './exponential'

/** An exponent, as reducers/power.ts splits it. */
@unmanaged
export class Exponent {
  p: f64
  /** The number of factors, or -1. */
  factors: f64
  high: f64
  low: f64
}

const sqrt2: f64 = 1.4142135623730951
const ln2: f64 = 0.6931471805599453
/** Twice the reciprocal of the logarithm of 2. */
const c: f64 = 2 * 1.4426950408889634

@unmanaged
class Powers extends Block {
  /** Elements: arrays have room for whole vectors. */
  n: i32
  eps: usize
  /** The exponents of the powers and of those of slopes. The second is 0 if there are no slopes. */
  exponent: usize
  slope: usize
}

/**
 * Writes the powers of max(x, eps) in float64 at `dst`. At `indices` those of slopes, 0 for elements below eps.
 */
@inline
export function powers<T>(block: usize): void {
  const e = changetype<Powers>(block)
  const eps = v128.load64_splat(e.eps)
  const exponent = changetype<Exponent>(e.exponent)
  const slope = changetype<Exponent>(e.slope)
  const end = e.src + <usize>e.n * sizeof<T>()
  let dst = e.dst
  let beside = e.indices
  for (let src = e.src; src < end; src += 2 * sizeof<T>(), dst += 16, beside += 16) {
    const x = loadPair<T>(src)
    const base = f64x2.max(x, eps)
    v128.store(dst, powerOf(base, exponent))
    if (e.slope != 0) v128.store(beside, v128.andnot(powerOf(base, slope), f64x2.lt(x, eps)))
  }
}

/** x^p for two numbers from 0. */
export function powerOf(x: v128, exponent: Exponent): v128 {
  if (exponent.factors >= 0) return productOf(x, <i32>exponent.factors)
  const p = exponent.p
  const isTiny = f64x2.lt(x, f64x2.splat(reinterpret<f64>(0x0010000000000000)))
  const scaled = v128.bitselect(f64x2.mul(x, f64x2.splat(18014398509481984)), x, isTiny)
  const mantissa = v128.or(v128.and(scaled, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000))
  const isLarge = f64x2.gt(mantissa, f64x2.splat(sqrt2))
  const m = v128.bitselect(f64x2.mul(mantissa, f64x2.splat(0.5)), mantissa, isLarge)
  let e = i64x2.sub(i64x2.shr_u(scaled, 52), i64x2.splat(1023))
  e = i64x2.sub(i64x2.sub(e, v128.and(isTiny, i64x2.splat(54))), isLarge)
  // A small whole number added to the bits of the rounder is added to its value.
  const whole = f64x2.sub(i64x2.add(e, i64x2.splat(0x4338000000000000)), f64x2.splat(rounder))
  const small = f64x2.mul(f64x2.splat(p), logarithmOf(m))
  const large = f64x2.mul(f64x2.splat(exponent.high), whole)
  const rounded = f64x2.sub(f64x2.add(f64x2.add(large, small), f64x2.splat(rounder)), f64x2.splat(rounder))
  const turns = within(rounded, 1200)
  const rest = within(
    f64x2.add(f64x2.sub(large, turns), f64x2.add(f64x2.mul(f64x2.splat(exponent.low), whole), small)),
    1,
  )
  const first = within(turns, 1000)
  const fraction = fractionOf(f64x2.mul(rest, f64x2.splat(ln2)))
  const power = f64x2.mul(
    f64x2.mul(f64x2.add(f64x2.splat(1), fraction), powerOfTwo(first)),
    powerOfTwo(f64x2.sub(turns, first)),
  )
  const isZero = f64x2.eq(x, f64x2.splat(0))
  const isInfinite = f64x2.eq(x, f64x2.splat(Infinity))
  const most = f64x2.splat(Infinity)
  const least = f64x2.splat(0)
  let result = v128.bitselect(p > 0 ? least : most, power, isZero)
  result = v128.bitselect(p > 0 ? most : least, result, isInfinite)
  return v128.bitselect(x, result, f64x2.ne(x, x))
}

/** Squares and multiplies. */
@inline
function productOf(x: v128, factors: i32): v128 {
  let product = f64x2.splat(1)
  let square = x
  for (let left = factors; left > 0; left >>= 1) {
    if (left & 1) product = f64x2.mul(product, square)
    square = f64x2.mul(square, square)
  }
  return product
}

@inline
function within(x: v128, most: f64): v128 {
  return f64x2.max(f64x2.splat(-most), f64x2.min(x, f64x2.splat(most)))
}

/** The logarithm to base 2 of numbers from the root of one half to that of 2. */
@inline
function logarithmOf(m: v128): v128 {
  const one = f64x2.splat(1)
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one))
  const z = f64x2.mul(s, s)
  const w = f64x2.mul(z, z)
  let even = f64x2.splat(c / 21)
  even = term(even, w, c / 17)
  even = term(even, w, c / 13)
  even = term(even, w, c / 9)
  even = f64x2.mul(term(even, w, c / 5), z)
  let odd = f64x2.splat(c / 19)
  odd = term(odd, w, c / 15)
  odd = term(odd, w, c / 11)
  odd = term(odd, w, c / 7)
  odd = term(odd, w, c / 3)
  return f64x2.add(f64x2.mul(s, f64x2.splat(c)), f64x2.mul(f64x2.mul(s, z), f64x2.add(odd, even)))
}

@inline
function term(sum: v128, by: v128, next: f64): v128 {
  return f64x2.add(f64x2.mul(sum, by), f64x2.splat(next))
}

/** The p-th root of two numbers from 0, of which `inverse` is 1 / p. */
export function rootOf(value: v128, p: f64, inverse: Exponent): v128 {
  if (p == 1) return value
  if (p == 2) return f64x2.sqrt(value)
  const near = powerOf(value, inverse)
  if (p != 3) return near
  const square = f64x2.mul(near, near)
  const step = f64x2.div(f64x2.sub(f64x2.mul(square, near), value), f64x2.mul(f64x2.splat(3), square))
  const isPlain = v128.and(f64x2.gt(near, f64x2.splat(0)), f64x2.lt(near, f64x2.splat(Infinity)))
  return f64x2.sub(near, v128.and(step, isPlain))
}
