/**
 * @file Division by multiplication: every sum of bytes by every divisor, and the sums around every quotient's limits for
 * 16-bit integers.
 */
import { describe, expect, test } from 'vitest'
import {
  type WholeDivision,
  type WholeType,
  wholeDivision,
} from '../../../src/kernels/wasm/whole-division.ts'
import { roundings, roundQuotient } from '../../../src/reducers/rounding.ts'

/** What assembly/whole-mean.ts computes from a sum, in unsigned numbers of `bits` bits. */
function meanOf(sum: number, divisor: number, type: WholeType, bits: 16 | 32, rounding: never): number {
  const division = wholeDivision(type, bits, divisor, rounding)!
  const { bias, negativeBias, toEven } = division
  const value = sum + bias + (sum < 0 ? negativeBias : 0)
  expect(value >= 0 && value < 2 ** bits).toBe(true)
  let quotient = quotientOf(division, value, bits)
  if (toEven && quotient * divisor === value) quotient -= quotient % 2
  return quotient - (type.signed ? 2 ** (type.bits - 1) : 0)
}

function quotientOf({ isPower, isSmall, multiplier, shift }: WholeDivision, value: number, bits: number) {
  if (isPower) return Math.floor(value / 2 ** shift)
  if (isSmall) return Math.floor((value * multiplier + 2 ** 14) / 2 ** 15) >> shift
  return Number((BigInt(value) * BigInt(multiplier)) >> BigInt(bits + shift))
}

test('the quotients of all sums of bytes by all divisors that 16 bits serve', () => {
  let small = 0
  for (let divisor = 1; divisor < 256; divisor++) {
    const division = wholeDivision({ bits: 8, signed: false }, 16, divisor, 'floor')
    if (divisor < 128) expect(division).not.toBeNull()
    if (division === null) continue
    if (division.isSmall) small++
    let wrong = 0
    for (let n = 0; n < 256 * divisor; n++)
      if (quotientOf(division, n, 16) !== Math.floor(n / divisor)) wrong++
    expect(`${wrong} by ${divisor}`).toBe(`0 by ${divisor}`)
  }
  expect(small).toBe(57)
})

const types = [
  [8, true, 16],
  [8, false, 16],
  [8, true, 32],
  [16, true, 32],
  [16, false, 32],
] as const

describe.each(roundings)('%s', (rounding) => {
  test.each(types)('%i bits, signed %s, sums of %i bits', (bits, signed, sumBits) => {
    const type = { bits, signed }
    const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
    for (const divisor of [
      1,
      2,
      3,
      4,
      6,
      9,
      12,
      49,
      100,
      255,
      ...(sumBits === 32 ? [961, 6561, 65_535] : []),
    ])
      for (const quotient of [low, low + 1, -2, -1, 0, 1, 2, 77, high - 1, high])
        for (const rest of [0, 1, divisor >> 1, (divisor >> 1) + 1, divisor - 1]) {
          const sum = quotient * divisor + rest
          if (sum < low * divisor || sum > high * divisor) continue
          const want = Number(roundQuotient(BigInt(sum), BigInt(divisor), rounding))
          expect([sum, divisor, meanOf(sum, divisor, type, sumBits, rounding as never)]).toEqual([
            sum,
            divisor,
            want,
          ])
        }
  })
})

test('divisors whose sums do not fit are refused', () => {
  expect(wholeDivision({ bits: 8, signed: false }, 16, 257, 'trunc')).toBeNull()
  expect(wholeDivision({ bits: 16, signed: true }, 32, 65_537, 'trunc')).toBeNull()
})
