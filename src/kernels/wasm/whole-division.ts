/**
 * @file Division of sums of integers by multiplication and shift, with the numbers that round the quotient.
 */
import type { Rounding } from '../../reducers/rounding.ts'

/** The parameters that turn a sum into a mean; see assembly/whole-mean.ts. */
export interface WholeDivision {
  readonly isPower: boolean
  readonly toEven: boolean
  readonly isSmall: boolean
  readonly multiplier: number
  readonly shift: number
  readonly bias: number
  readonly negativeBias: number
}

/** Integers of `bits` bits, signed or not. */
export interface WholeType {
  readonly bits: 8 | 16
  readonly signed: boolean
}

/**
 * Divides sums of at most `taps` elements by `divisor`, in unsigned numbers of `sumBits` bits. Null if the sums do
 * not fit or the division would not be exact. With fewer than `taps` as divisor, elements must be unsigned; quotients then saturate,
 * as narrowing reads them as signed numbers of 16 bits for bytes, else 32.
 *
 * `floor(n * multiplier / 2^(sumBits + shift))` is `floor(n / divisor)` for all n up to `most` if the error of the
 * multiplier, times `most`, is below `2^(sumBits + shift)` (Granlund and Montgomery, "Division by invariant integers
 * using multiplication", theorem 4.2).
 *
 * Sums of at most 14 bits are small. With `m = floor(2^(15 + shift) / divisor)` the product `n * m / 2^15`, rounded, is
 * `n * 2^shift / divisor` less at most a half, rounded; and since `2^shift / divisor` is above a half, rounding up reaches no further
 * multiple of `2^shift`.
 */
export function wholeDivision(
  { bits, signed }: WholeType,
  sumBits: 16 | 32,
  divisor: number,
  rounding: Rounding,
  taps = divisor,
): WholeDivision | null {
  const most = 2 ** bits * Math.max(divisor, taps)
  if (most > 2 ** sumBits || (taps > divisor && most / divisor > 2 ** (2 * bits - 1))) return null
  const shift = Math.floor(Math.log2(divisor))
  const isPower = 2 ** shift === divisor
  const scale = 2n ** BigInt(sumBits + shift)
  const multiplier = scale / BigInt(divisor) + 1n
  const error = multiplier * BigInt(divisor) - scale
  const isSmall = !isPower && sumBits === 16 && most <= 2 ** 14
  if (!isPower && !isSmall && error * BigInt(most) >= scale) return null
  const half = Math.floor(divisor / 2)
  const [up, down] = {
    trunc: [0, divisor - 1],
    floor: [0, 0],
    'half-up': [half, Math.floor((divisor - 1) / 2)],
    'half-even': [half, half],
  }[rounding] as [number, number]
  return {
    isPower,
    toEven: rounding === 'half-even' && divisor % 2 === 0,
    isSmall,
    multiplier: isPower ? 0 : isSmall ? Math.floor(2 ** (15 + shift) / divisor) : Number(multiplier),
    shift,
    bias: up + (signed ? 2 ** (bits - 1) * divisor : 0),
    negativeBias: signed ? down - up : 0,
  }
}
