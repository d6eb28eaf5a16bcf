/**
 * @file Powers and roots of numbers from 0, the same in every engine: `Math.pow` and `Math.cbrt` differ in the last digit from engine to
 * engine, and WebAssembly has neither.
 */
import { fractionOf } from './exponential-parts.ts'

/** Whole exponents up to this one are products. */
export const mostFactors = 16

/** 1.5 * 2^52: added and subtracted, it rounds to a whole number. */
const rounder = 1.5 * 2 ** 52

/** Larger exponents give the same powers, 0 or infinity, of every number but 1. */
const mostExponent = 2 ** 70

/** What powers with one exponent share. */
export interface Exponent {
  readonly p: number
  /** The number of factors, or -1. */
  readonly factors: number
  /** The upper half of the digits of p, whose multiples by exponents of numbers are exact, and the rest. */
  readonly high: number
  readonly low: number
}

export function exponentOf(given: number): Exponent {
  const p = Math.max(-mostExponent, Math.min(given, mostExponent))
  const factors = Number.isInteger(p) && p >= 0 && p <= mostFactors ? p : -1
  const high = upperHalf(p)
  return { p, factors, high, low: p - high }
}

/** The upper 26 digits. */
function upperHalf(p: number): number {
  const shifted = p * (2 ** 27 + 1)
  return shifted - (shifted - p)
}

const parts = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** x^p for x from 0. Products, or within p + 4 units in the last place. NaN is NaN, unless p is 0. */
export function powerOf(x: number, { p, factors, high, low }: Exponent): number {
  if (factors >= 0) return productOf(x, factors)
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) {
    if (x !== x) return x
    return x > 0 === p > 0 ? Number.POSITIVE_INFINITY : 0
  }
  const isTiny = x < 2 ** -1022
  parts.setFloat64(0, isTiny ? x * 2 ** 54 : x)
  const upper = parts.getInt32(0)
  let exponent = (upper >>> 20) - 1023 - (isTiny ? 54 : 0)
  parts.setInt32(0, (upper & 0xfffff) | 0x3ff00000)
  let mantissa = parts.getFloat64(0)
  if (mantissa > Math.SQRT2) {
    mantissa *= 0.5
    exponent++
  }
  const small = p * logarithmOf(mantissa)
  const large = high * exponent
  const turns = Math.max(-1200, Math.min(large + small + rounder - rounder, 1200))
  const rest = Math.max(-1, Math.min(large - turns + (low * exponent + small), 1))
  const first = Math.max(-1000, Math.min(turns, 1000))
  return (1 + fractionOf(rest * Math.LN2)) * 2 ** first * 2 ** (turns - first)
}

/** Squares and multiplies. */
export function productOf(x: number, factors: number): number {
  let product = 1
  let square = x
  for (let left = factors; left > 0; left >>= 1) {
    if ((left & 1) === 1) product *= square
    square *= square
  }
  return product
}

/** The logarithm to base 2 of numbers from the root of one half to that of 2: the series of the inverse hyperbolic tangent. */
function logarithmOf(mantissa: number): number {
  const s = (mantissa - 1) / (mantissa + 1)
  const z = s * s
  const w = z * z
  const even = ((((w * (c / 21) + c / 17) * w + c / 13) * w + c / 9) * w + c / 5) * z
  const odd = (((w * (c / 19) + c / 15) * w + c / 11) * w + c / 7) * w + c / 3
  return s * c + s * z * (odd + even)
}

/** Twice the reciprocal of the logarithm of 2. */
const c = 2 * Math.LOG2E

/** The p-th root of a number from 0. */
export type Root = (value: number) => number

export function rootOf(p: number): Root {
  if (p === 1) return (value) => value
  if (p === 2) return Math.sqrt
  const exponent = exponentOf(1 / p)
  return p === 3 ? (value) => cubeRoot(value, powerOf(value, exponent)) : (value) => powerOf(value, exponent)
}

/** One step of Newton, which is right within a unit in the last place. */
function cubeRoot(value: number, near: number): number {
  if (!(near > 0 && near < Number.POSITIVE_INFINITY)) return near
  const square = near * near
  return near - (square * near - value) / (3 * square)
}
