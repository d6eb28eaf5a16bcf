/**
 * @file Powers and roots of numbers from 0, the same in every engine: `Math.pow` and `Math.cbrt` differ in the last digit from engine to
 * engine, and WebAssembly has neither.
 */
import { fractionOf } from './exponential-parts.ts'
import { logarithmOf, type Split, splitNumber } from './logarithm.ts'

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

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))
const split: Split = { mantissa: 1, exponent: 0 }

/** x^p for x from 0. Products, or within p + 4 units in the last place. NaN is NaN, unless p is 0. */
export function powerOf(x: number, { p, factors, high, low }: Exponent): number {
  if (factors >= 0) return productOf(x, factors)
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) {
    if (x !== x) return x
    return x > 0 === p > 0 ? Number.POSITIVE_INFINITY : 0
  }
  const isTiny = x < 2 ** -1022
  splitNumber(isTiny ? x * 2 ** 54 : x, split)
  const exponent = split.exponent - (isTiny ? 54 : 0)
  const small = p * logarithmOf(split.mantissa - 1)
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

/** The p-th root of a number from 0. */
export type Root = (value: number) => number

export function rootOf(p: number): Root {
  if (p === 1) return (value) => value
  if (p === 2) return Math.sqrt
  if (p === 3) return cubeRoot
  const exponent = exponentOf(1 / p)
  return (value) => powerOf(value, exponent)
}

/** Numbers up to this one have few exponents below them, of which a third would say little. */
const leastCubed = 2 ** -1002

/** The inverse root by a third of the exponent and two steps, then one of Newton, whose error is that of its last addition. */
function cubeRoot(value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) return value
  const isSmall = value <= leastCubed
  const x = isSmall ? value * 2 ** 54 : value
  bits.setFloat64(0, x)
  bits.setInt32(0, 0x553ef0ff - Math.floor(bits.getInt32(0) / 3))
  bits.setInt32(4, 0)
  let r = bits.getFloat64(0)
  let rest = cubicRest(x, r)
  r += r * (rest * (rest * (2 / 9) + 1 / 3))
  rest = cubicRest(x, r)
  r += r * (rest * (rest * (2 / 9) + 1 / 3))
  const y = x * r * r
  const root = y + (x / (y * y) - y) * (1 / 3)
  return isSmall ? root * 2 ** -18 : root
}

/** 1 - x r^3 */
function cubicRest(x: number, r: number): number {
  return 1 - x * r * r * r
}
