/**
 * @file Powers of many elements, with the arithmetic of reducers/power.ts.
 */
import { Block } from '../block'
import { cubeRoots } from '../cube-root'
import { fractionOf, loadPair, powerOfTwo, rounder } from './exponential'
import { exponentOf, logarithmOf, mantissaOf } from './logarithm'

/** An exponent, as reducers/power.ts splits it. */
@unmanaged
export class Exponent {
  p: f64
  /** The number of factors, or -1. */
  factors: f64
  high: f64
  low: f64
}

const ln2: f64 = 0.6931471805599453
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
  const m = mantissaOf(scaled)
  const whole = f64x2.sub(exponentOf(scaled, m), v128.and(isTiny, f64x2.splat(54)))
  const small = f64x2.mul(f64x2.splat(p), logarithmOf(f64x2.sub(m, f64x2.splat(1))))
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

/** The p-th root of two numbers from 0, of which `inverse` is 1 / p. */
export function rootOf(value: v128, p: f64, inverse: Exponent): v128 {
  if (p == 1) return value
  if (p == 2) return f64x2.sqrt(value)
  return p == 3 ? cubeRoots(value) : powerOf(value, inverse)
}
