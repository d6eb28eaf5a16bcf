/**
 * @file Means of 64-bit integers at the ends of their range: by a product with the reciprocal of the divisor, and by long division where
 * the divisor is smaller than the window, or both are large.
 */
import { describe, expect, test } from 'vitest'
import { avgPool2d, type DType, explain, tensor } from '../../../src/index.ts'
import { type Rounding, roundings, roundQuotient } from '../../../src/reducers/rounding.ts'

const ranges = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const

/** Runs of the least and the largest number, with numbers beside them and around multiples of 2^32. */
function numbersOf(dtype: 'int64' | 'uint64', length: number): bigint[] {
  const [low, high] = ranges[dtype]
  const odd = [low + 1n, high - 1n, 0n, 1n, 2n ** 32n - 1n, 2n ** 32n, high / 2n - 1n, high / 3n]
  let state = 1
  const next = (): number => {
    state = (state * 48271) % 2147483647
    return state
  }
  return Array.from({ length }, (_, i) => {
    if (i % 400 < 100) return low
    if (i % 400 < 200) return high
    return i % 400 < 300 ? odd[next() % odd.length]! : low + (BigInt(next()) << 33n) + BigInt(next())
  })
}

function meansOf(
  numbers: readonly bigint[],
  dtype: 'int64' | 'uint64',
  window: number,
  divisor: bigint,
  rounding: Rounding,
): bigint[] {
  const [low, high] = ranges[dtype]
  return numbers.slice(window - 1).map((_, i) => {
    const sum = numbers.slice(i, i + window).reduce((total, value) => total + value, 0n)
    const mean = roundQuotient(sum, divisor, rounding)
    return mean < low ? low : mean > high ? high : mean
  })
}

const windows = [1, 2, 3, 5, 8, 31, 64]
const overrides = [null, 3, 7, -5, 2 ** 20, 2 ** 29, 2 ** 31 - 1]

describe.each(['int64', 'uint64'] as const)('%s', (dtype) => {
  const length = 1600
  const numbers = numbersOf(dtype, length)
  const Class = dtype === 'int64' ? BigInt64Array : BigUint64Array
  const x = tensor(Class.from(numbers), [1, 1, 1, length], dtype as DType)

  test.each(windows)('windows of %i by all divisors and roundings', (taps) => {
    for (const divisorOverride of taps === 1 ? [null, 3, -5] : overrides)
      for (const rounding of roundings) {
        const options = { kernelSize: [1, taps], stride: 1, rounding, divisorOverride }
        const { data } = avgPool2d(x, options)
        const want = meansOf(numbers, dtype, taps, BigInt(divisorOverride ?? taps), rounding)
        const wrong = want.flatMap((mean, i) => (mean === data[i] ? [] : [[i, mean, data[i]]]))
        expect([divisorOverride, rounding, wrong.slice(0, 3)]).toEqual([divisorOverride, rounding, []])
      }
  })

  test('the kernel under test runs', () => {
    expect(explain('avgPool2d', x.shape, { kernelSize: [1, 3], stride: 1 }, dtype).strategy).toBe('longMean')
  })
})
