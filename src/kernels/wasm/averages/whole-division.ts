/**
 * @file Division of sums of integers by multiplication and shift, with the numbers that round the quotient.
 */
import type { Rounding } from '../../../reducers/rounding.ts'

/** The parameters that turn a sum into a mean; see assembly/whole-mean.ts. */
export interface WholeDivision {
  readonly isPower: boolean
  readonly toEven: boolean
  readonly isFast: boolean
  readonly multiplier: number
  readonly shift: number
  readonly bias: number
  readonly negativeBias: number
  readonly half: number
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
 * Sums of at most 14 bits are fast. With `m = floor(2^(15 + shift) / divisor)` the product `n * m / 2^15`, rounded, is
 * `n * 2^shift / divisor` less at most a half, rounded; and since `2^shift / divisor` is above a half, rounding up reaches no further
 * multiple of `2^shift`. Without a shift see `withoutShift`; for sums of 32 bits `inFloat32`.
 */
export function wholeDivision(
  type: WholeType,
  sumBits: 16 | 32,
  divisor: number,
  rounding: Rounding,
  taps = divisor,
): WholeDivision | null {
  const { bits, signed } = type
  const most = 2 ** bits * Math.max(divisor, taps)
  if (most > 2 ** sumBits || (taps > divisor && most / divisor > 2 ** (2 * bits - 1))) return null
  const shift = Math.floor(Math.log2(divisor))
  const isPower = 2 ** shift === divisor
  const half = Math.floor(divisor / 2)
  const [up, down] = {
    trunc: [0, divisor - 1],
    floor: [0, 0],
    'half-up': [half, Math.floor((divisor - 1) / 2)],
    'half-even': [half, half],
  }[rounding] as [number, number]
  const toEven = rounding === 'half-even' && divisor % 2 === 0
  const bias = up + (signed ? 2 ** (bits - 1) * divisor : 0)
  const common = { isPower, toEven, bias, negativeBias: signed ? down - up : 0, half: 0 }
  const isSmall = sumBits === 16 && most <= 2 ** 14
  if (isSmall) {
    const fast = withoutShift(divisor, most)
    if (fast !== null) return { ...common, ...fast, bias: bias - fast.half, isFast: true }
    if (!isPower) {
      const multiplier = Math.floor(2 ** (15 + shift) / divisor)
      return { ...common, isFast: true, multiplier, shift }
    }
  }
  if (sumBits === 32) {
    const fast = inFloat32(type, divisor, rounding, Math.max(divisor, taps), isPower)
    if (fast !== null) return { ...common, ...fast, toEven: false, isFast: true }
  }
  if (isPower) return { ...common, isFast: false, multiplier: 0, shift }
  const scale = 2n ** BigInt(sumBits + shift)
  const multiplier = scale / BigInt(divisor) + 1n
  const error = multiplier * BigInt(divisor) - scale
  if (error * BigInt(most) >= scale) return null
  return { ...common, isFast: false, multiplier: Number(multiplier), shift }
}

type Multiplier = Pick<WholeDivision, 'multiplier' | 'shift' | 'half'>

/**
 * With `m = ceil(2^15 / divisor)` and its error `e = m * divisor - 2^15`, the product `v * m / 2^15` is `v / divisor` and at most
 * `v * e / (divisor * 2^15)` more. Rounded, with halves up, it is `floor((v + half) / divisor)` if that is less than what is left to the
 * next half: `1 / (2 * divisor)` for odd divisors. Powers of two have no error.
 */
function withoutShift(divisor: number, most: number): Multiplier | null {
  if (divisor < 2) return null
  const multiplier = Math.ceil(2 ** 15 / divisor)
  const error = multiplier * divisor - 2 ** 15
  const isExact = divisor % 2 === 0 ? error === 0 : 2 * (most + divisor) * error < 2 ** 15
  return isExact ? { multiplier, shift: 0, half: Math.floor(divisor / 2) } : null
}

/**
 * Sums below 2^22, times the float32 reciprocal, are wrong by less than `1 / (2 * divisor)`; with the bias they lie at least so far from
 * halves. By powers of two sums below 2^23 are divided exactly, halves too.
 */
function inFloat32(
  { bits, signed }: WholeType,
  divisor: number,
  rounding: Rounding,
  taps: number,
  isPower: boolean,
): (Multiplier & Pick<WholeDivision, 'bias' | 'negativeBias'>) | null {
  const isEven = divisor % 2 === 0
  if (rounding === 'half-even' && isEven && !isPower) return null
  const most = 2 ** (signed ? bits - 1 : bits) * taps + divisor
  if (most >= 2 ** (isPower ? 23 : 22) || most >= divisor * 2 ** 22) return null
  const bias = {
    trunc: (1 - divisor) / 2,
    floor: (1 - divisor) / 2,
    'half-up': isEven ? 0.5 : 0,
    'half-even': 0,
  }
  const followsSign = signed && rounding !== 'floor'
  return {
    multiplier: bitsOf(1 / divisor),
    shift: 0,
    half: 0,
    bias: bitsOf(bias[rounding]),
    negativeBias: followsSign ? -(2 ** 31) : 0,
  }
}

/** The bits of a float32 number. */
function bitsOf(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0]!
}
