/**
 * Powers and roots of our own: within p + 4 units in the last place of the host's, and right at the ends of their range.
 */
import { describe, expect, it } from 'vitest'
import { exponentOf, powerOf, rootOf } from '../../src/reducers/power.ts'
import { randomOf } from '../kernels/jobs.ts'

/** Units in the last place of `right` between two numbers. */
function unitsBetween(own: number, right: number): number {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(right))) - 52)
  return Math.abs(own - right) / unit
}

describe.each([0.3, 1 / 3, 1.5, 2.5, 2.92, 3, 7, 16, 17, 31.25, -0.5, -2])('p = %d', (p) => {
  it('is accurate', () => {
    const random = randomOf(3)
    const exponent = exponentOf(p)
    let [worst, compared] = [0, 0]
    for (let i = 0; i < 20_000; i++) {
      const x = i % 2 === 0 ? random() * 4 : 2 ** ((random() - 0.5) * 2000)
      const right = x ** p
      if (!(right > 1e-290 && right < 1e290)) continue
      compared++
      worst = Math.max(worst, unitsBetween(powerOf(x, exponent), right))
    }
    expect(compared).toBeGreaterThan(5_000)
    // One more for the host's own error.
    expect(worst).toBeLessThanOrEqual(Math.abs(p) + 5)
  })

  it('has the limits of powers', () => {
    const exponent = exponentOf(p)
    for (const x of [0, Number.POSITIVE_INFINITY, 1, Number.NaN]) expect(powerOf(x, exponent)).toBe(x ** p)
  })
})

it('overflows and underflows as powers do', () => {
  expect(powerOf(1e200, exponentOf(2.5))).toBe(Number.POSITIVE_INFINITY)
  expect(powerOf(1e-200, exponentOf(2.5))).toBe(0)
  expect(powerOf(1.5, exponentOf(1e300))).toBe(Number.POSITIVE_INFINITY)
  expect(powerOf(Number.MIN_VALUE, exponentOf(0.5))).toBeCloseTo(2 ** -537, 170)
  expect(powerOf(5, exponentOf(0))).toBe(1)
})

it.each([1, 2, 3, 2.5, 9])('roots of order %d undo powers', (p) => {
  const [root, exponent] = [rootOf(p), exponentOf(p)]
  const random = randomOf(7)
  for (let i = 0; i < 2_000; i++) {
    const x = random() * 100
    expect(unitsBetween(root(powerOf(x, exponent)), x)).toBeLessThanOrEqual(p + 8)
  }
  expect([0, Number.POSITIVE_INFINITY, 1].map(root)).toEqual([0, Number.POSITIVE_INFINITY, 1])
})
