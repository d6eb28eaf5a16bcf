/**
 * @file Division by multiplication: every sum of bytes by every divisor, and the sums around every quotient's limits for
 * 16-bit integers, in integers and in float32.
 */
import { describe, expect, test } from 'vitest'
import {
  type WholeDivision,
  type WholeType,
  wholeDivision,
} from '../../../src/kernels/wasm/averages/whole-division.ts'
import { roundings, roundNumber, roundQuotient } from '../../../src/reducers/rounding.ts'

/** What assembly/whole-mean.ts computes from a sum. */
function meanOf(
  sum: number,
  division: WholeDivision,
  divisor: number,
  type: WholeType,
  bits: 16 | 32,
): number {
  const { bias, negativeBias, toEven, half, isFast } = division
  if (isFast && bits === 32) return inFloat32(sum, division, type)
  const value = sum + bias + (sum < 0 ? negativeBias : 0)
  if (value < -half || value >= 2 ** bits) return Number.NaN
  let quotient = quotientOf(division, value, bits)
  if (toEven && quotient * divisor === value + half) quotient -= quotient % 2
  return quotient - (type.signed ? 2 ** (type.bits - 1) : 0)
}

function quotientOf({ isPower, isFast, multiplier, shift }: WholeDivision, value: number, bits: number) {
  if (isFast) return Math.floor((value * multiplier + 2 ** 14) / 2 ** 15) >> shift
  if (isPower) return Math.floor(value / 2 ** shift)
  return Number((BigInt(value) * BigInt(multiplier)) >> BigInt(bits + shift))
}

const numbers = new Float32Array(1)
const bits = new Int32Array(numbers.buffer)

function floatOf(pattern: number): number {
  bits[0] = pattern
  return numbers[0]!
}

function inFloat32(
  sum: number,
  { multiplier, bias, negativeBias }: WholeDivision,
  { signed }: WholeType,
): number {
  const isTurned = signed && sum < 0 && negativeBias !== 0
  const value = Math.fround(sum + (isTurned ? -1 : 1) * floatOf(bias))
  const product = Math.fround(value * floatOf(multiplier))
  return Math.fround(product + 12582912) - 12582912
}

describe.each(roundings)('all sums of bytes by all divisors that 16 bits serve, %s', (rounding) => {
  test.each([true, false])('signed %s', (signed) => {
    const type = { bits: 8, signed } as const
    const counts = { fast: 0, unshifted: 0 }
    for (let divisor = 1; divisor < 256; divisor++) {
      const division = wholeDivision(type, 16, divisor, rounding)
      if (divisor < 128) expect(division).not.toBeNull()
      if (division === null) continue
      // The others differ in what is added alone.
      if (!division.isFast && (signed || rounding !== 'floor')) continue
      if (division.isFast) counts.fast++
      if (division.isFast && division.shift === 0) counts.unshifted++
      const low = signed ? -128 * divisor : 0
      let wrong = 0
      for (let sum = low; sum <= low + 255 * divisor; sum++) {
        const want = roundNumber[rounding](sum / divisor)
        if (meanOf(sum, division, divisor, type, 16) - want !== 0) wrong++
      }
      expect(`${wrong} by ${divisor}`).toBe(`0 by ${divisor}`)
    }
    expect(counts).toEqual({ fast: 63, unshifted: 13 })
  })
})

test.each(roundings)(
  'sums around all halves and whole numbers by divisors that float32 serves, %s',
  (rounding) => {
    let fast = 0
    for (const bits of [8, 16] as const)
      for (const signed of [true, false])
        for (let divisor = 1; divisor < (bits === 8 ? 300 : 140); divisor++) {
          const type = { bits, signed }
          const division = wholeDivision(type, 32, divisor, rounding)!
          if (!division.isFast) continue
          fast++
          const [low, high] = signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1]
          const step = Math.max(1, Math.floor((high - low) / 97))
          let wrong = 0
          for (let quotient = low; quotient <= high; quotient += quotient > high - 9 ? 1 : step)
            for (const rest of [0, 1, (divisor - 1) >> 1, divisor >> 1, (divisor + 1) >> 1, divisor - 1]) {
              const sum = quotient * divisor + Math.max(0, rest)
              if (sum > high * divisor) continue
              const want = Number(roundQuotient(BigInt(sum), BigInt(divisor), rounding))
              if (Math.abs(meanOf(sum, division, divisor, type, 32) - want) > 0) wrong++
            }
          expect(`${wrong} by ${divisor}`).toBe(`0 by ${divisor}`)
        }
    expect(fast).toBeGreaterThan(300)
  },
)

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
          const division = wholeDivision(type, sumBits, divisor, rounding)!
          expect([sum, divisor, Math.abs(meanOf(sum, division, divisor, type, sumBits) - want)]).toEqual([
            sum,
            divisor,
            0,
          ])
        }
  })
})

test('divisors whose sums do not fit are refused', () => {
  expect(wholeDivision({ bits: 8, signed: false }, 16, 257, 'trunc')).toBeNull()
  expect(wholeDivision({ bits: 16, signed: true }, 32, 65_537, 'trunc')).toBeNull()
})
