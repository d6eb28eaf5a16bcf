/**
 * @file Exponentials of many elements, with the arithmetic of reducers/exponential-parts.ts.
 */
import { Block } from '../block'

/** Exponents of larger magnitude might leave the range of float64 in sums and products. */
const most: f64 = 300

/** 1.5 * 2^52: added and subtracted, it rounds to a whole number. */
export const rounder: f64 = 6755399441055744
const log2e: f64 = 1.4426950408889634
const ln2High: f64 = 0.6931471803691238
const ln2Low: f64 = 1.9082149292705877e-10

@unmanaged
class Exponentials extends Block {
  /** Elements, a multiple of the lanes: arrays have room for whole vectors. */
  n: i32
  /** The address of the factor of exponents. */
  factor: usize
  /** 1 to write elements times their exponentials beside these, 0 for exponentials less 1. */
  weighs: i32
}

/** Reads x at `src`, writes float64 at `dst` and `indices`. True if an exponent is too large or too small. */
@inline
export function exponentials<T>(block: usize): bool {
  const e = changetype<Exponentials>(block)
  const factor = v128.load64_splat(e.factor)
  const weighs = e.weighs != 0
  const end = e.src + <usize>e.n * sizeof<T>()
  let dst = e.dst
  let beside = e.indices
  let wild = f64x2.splat(0)
  for (let src = e.src; src < end; src += 2 * sizeof<T>(), dst += 16, beside += 16) {
    const x = loadPair<T>(src)
    const exponent = f64x2.mul(factor, x)
    wild = v128.or(wild, f64x2.gt(f64x2.abs(exponent), f64x2.splat(most)))
    const turns = f64x2.sub(
      f64x2.add(f64x2.mul(exponent, f64x2.splat(log2e)), f64x2.splat(rounder)),
      f64x2.splat(rounder),
    )
    const r = f64x2.sub(
      f64x2.sub(exponent, f64x2.mul(turns, f64x2.splat(ln2High))),
      f64x2.mul(turns, f64x2.splat(ln2Low)),
    )
    const fraction = fractionOf(r)
    const weight = f64x2.mul(f64x2.add(f64x2.splat(1), fraction), powerOfTwo(turns))
    v128.store(dst, weight)
    const isOne = f64x2.eq(turns, f64x2.splat(0))
    const past = v128.bitselect(fraction, f64x2.sub(weight, f64x2.splat(1)), isOne)
    v128.store(beside, weighs ? f64x2.mul(weight, x) : past)
  }
  return v128.any_true(wild)
}

/** 2^turns, for whole turns from -1022 to 1023: the sum with the number of all mantissa bits ends in the integer. */
@inline
export function powerOfTwo(turns: v128): v128 {
  return i64x2.shl(i64x2.add(f64x2.add(turns, f64x2.splat(rounder)), i64x2.splat(1023)), 52)
}

/** e^r - 1 for r within half of log 2: the Taylor polynomial of degree 13, even and odd terms apart. */
@inline
export function fractionOf(r: v128): v128 {
  const s = f64x2.mul(r, r)
  let even = v128.load64_splat(terms)
  even = term(even, s, terms + 8)
  even = term(even, s, terms + 16)
  even = term(even, s, terms + 24)
  even = term(even, s, terms + 32)
  even = term(even, s, terms + 40)
  let odd = v128.load64_splat(terms + 48)
  odd = term(odd, s, terms + 56)
  odd = term(odd, s, terms + 64)
  odd = term(odd, s, terms + 72)
  odd = term(odd, s, terms + 80)
  odd = term(odd, s, terms + 88)
  return f64x2.add(r, f64x2.mul(s, f64x2.add(even, f64x2.mul(r, odd))))
}

/** The reciprocals of factorials, of even numbers and of odd ones. Memory fills vectors faster than constants do. */
const terms = memory.data<f64>([
  1 / 479001600.0,
  1 / 3628800.0,
  1 / 40320.0,
  1 / 720.0,
  1 / 24.0,
  0.5,
  1 / 6227020800.0,
  1 / 39916800.0,
  1 / 362880.0,
  1 / 5040.0,
  1 / 120.0,
  1 / 6.0,
])

/** The next step of Horner's scheme, with the coefficient at an address. */
@inline
export function term(sum: v128, by: v128, next: usize): v128 {
  return f64x2.add(f64x2.mul(sum, by), v128.load64_splat(next))
}

/** Two neighbouring elements as float64. */
@inline
export function loadPair<T>(at: usize): v128 {
  return sizeof<T>() == 8 ? v128.load(at) : f64x2.promote_low_f32x4(v128.load64_zero(at))
}
