/**
 * @file Logarithms of normal numbers, the same in every engine: `Math.log` differs in the last digit from engine to engine, and
 * WebAssembly has none.
 */

/** A number as mantissa * 2^exponent. */
export interface Split {
  /** From the root of one half to that of 2. */
  mantissa: number
  exponent: number
}

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))
const split: Split = { mantissa: 1, exponent: 0 }

/** Splits a normal number above 0. */
export function splitNumber(x: number, into: Split): void {
  bits.setFloat64(0, x)
  const upper = bits.getInt32(0)
  bits.setInt32(0, (upper & 0xfffff) | 0x3ff00000)
  const mantissa = bits.getFloat64(0)
  const isLarge = mantissa > Math.SQRT2
  into.mantissa = isLarge ? mantissa * 0.5 : mantissa
  into.exponent = (upper >>> 20) - 1023 + Number(isLarge)
}

/** The logarithm to base 2 of 1 + f, for sums from the root of one half to that of 2: the series of the inverse hyperbolic tangent. */
export function logarithmOf(f: number): number {
  const s = f / (f + 2)
  const z = s * s
  const w = z * z
  const even = ((((w * (c / 21) + c / 17) * w + c / 13) * w + c / 9) * w + c / 5) * z
  const odd = (((w * (c / 19) + c / 15) * w + c / 11) * w + c / 7) * w + c / 3
  return s * c + s * z * (odd + even)
}

/** Twice the reciprocal of the logarithm of 2. */
const c = 2 * Math.LOG2E

/**
 * The natural logarithm of a mean, mean * 2^exponent, within three units in the last place, the same however the two share the size.
 *
 * @param past  the mean less 1, which keeps the digits of means near 1
 */
export function logarithmOfMean(mean: number, exponent: number, past: number): number {
  if (past > Math.SQRT1_2 - 1 && past < Math.SQRT2 - 1) return logarithmOf(past) * Math.LN2
  if (!(mean > 0 && mean < Number.POSITIVE_INFINITY)) return Math.log(mean) + exponent * Math.LN2
  splitNumber(mean, split)
  return (logarithmOf(split.mantissa - 1) + (split.exponent + exponent)) * Math.LN2
}
