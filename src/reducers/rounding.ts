/**
 * @file Rounds the mean of integers to an integer by one of four rules.
 */

/**
 * Toward zero; toward -Infinity; to nearest with halves away from zero; to nearest with halves to the even neighbour.
 */
export const roundings = ['trunc', 'floor', 'half-up', 'half-even'] as const

/**
 * The rounding of a mean of integers: toward zero, down, or to nearest with halves away from zero or to the even
 * neighbour.
 */
export type Rounding = (typeof roundings)[number]

/** The definition: rounds the exact `sum / divisor`. */
export function roundQuotient(sum: bigint, divisor: bigint, rounding: Rounding): bigint {
  const towardZero = sum / divisor
  if (rounding === 'trunc') return towardZero
  const rest = sum % divisor
  const sign = sum < 0n === divisor < 0n ? 1n : -1n
  const twice = 2n * magnitude(rest)
  const whole = magnitude(divisor)
  const isAway =
    rounding === 'floor'
      ? rest !== 0n && sign < 0n
      : twice > whole || (twice === whole && (rounding === 'half-up' || towardZero % 2n !== 0n))
  return isAway ? towardZero + sign : towardZero
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}

/**
 * Rounds a float64 quotient with the same result. Exact for sums up to 2^52 and divisors up to 2^53: a quotient
 * that is not a whole number or a half then differs from those by more than the rounding error of float64.
 */
export const roundNumber: Readonly<Record<Rounding, (quotient: number) => number>> = {
  trunc: Math.trunc,
  floor: Math.floor,
  'half-up': (quotient) => {
    const towardZero = Math.trunc(quotient)
    return Math.abs(quotient - towardZero) >= 0.5 ? towardZero + Math.sign(quotient) : towardZero
  },
  'half-even': (quotient) => {
    const towardZero = Math.trunc(quotient)
    const past = Math.abs(quotient - towardZero)
    const isAway = past > 0.5 || (past === 0.5 && towardZero % 2 !== 0)
    return isAway ? towardZero + Math.sign(quotient) : towardZero
  },
}
