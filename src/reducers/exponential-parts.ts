/**
 * @file e^x as a fraction and a power of two, so that neither overflows, whatever x is. One definition for all kernels:
 * `Math.exp` differs in the last digit from engine to engine, and WebAssembly has none.
 */

/** 1.5 * 2^52: added and subtracted, it rounds to a whole number. */
const rounder = 1.5 * 2 ** 52
/** The upper bits of the logarithm of two, of which a million has an exact multiple, and the rest. */
const ln2High = 0.6931471803691238
const ln2Low = 1.9082149292705877e-10

/** e^x = (1 + fraction) * 2^exponent. */
export interface Parts {
  /** A whole number; infinite for infinite x. */
  exponent: number
  /** From -0.3 to 0.42. */
  fraction: number
}

/**
 * Writes the parts of e^x, within two units in the last place for magnitudes up to 700; beyond, the error grows with that of x,
 * 2^-53 |x|.
 */
export function exponentialParts(x: number, parts: Parts): void {
  const turns = x * Math.LOG2E
  if (Math.abs(turns) >= 2 ** 51) {
    parts.exponent = Math.round(turns)
    parts.fraction = 0
    return
  }
  const exponent = turns + rounder - rounder
  parts.exponent = exponent
  parts.fraction = fractionOf(x - exponent * ln2High - exponent * ln2Low)
}

/** e^r - 1 for r within half of log 2: the Taylor polynomial of degree 13, even and odd terms apart. */
export function fractionOf(r: number): number {
  const s = r * r
  const even = ((((s * (1 / 479001600) + 1 / 3628800) * s + 1 / 40320) * s + 1 / 720) * s + 1 / 24) * s + 0.5
  const odd =
    ((((s * (1 / 6227020800) + 1 / 39916800) * s + 1 / 362880) * s + 1 / 5040) * s + 1 / 120) * s + 1 / 6
  return r + s * (even + r * odd)
}

/** 2^(exponent - largest), where equal infinities have 1; `largest` is no smaller. */
export function scaleOf(exponent: number, largest: number): number {
  return exponent === largest ? 1 : 2 ** (exponent - largest)
}
