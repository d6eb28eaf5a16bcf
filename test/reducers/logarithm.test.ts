/**
 * Logarithms of our own: within a few units in the last place of the host's, near 1 too, and right at the ends of their range.
 */
import { expect, it } from 'vitest'
import { logarithmOfMean } from '../../src/reducers/logarithm.ts'
import { randomOf } from '../kernels/jobs.ts'

/** The error of `own` in units in the last place of `right`. */
function unitsBetween(own: number, right: number): number {
  return Math.abs(own - right) / 2 ** (Math.floor(Math.log2(Math.abs(right))) - 52)
}

it('are accurate', () => {
  const random = randomOf(5)
  let worst = 0
  for (let i = 0; i < 20_000; i++) {
    const mean = i % 2 === 0 ? random() * 4 : 2 ** ((random() - 0.5) * 2000)
    if (mean === 1) continue
    worst = Math.max(worst, unitsBetween(logarithmOfMean(mean, 0, mean - 1), Math.log(mean)))
  }
  // One more for the host's own error.
  expect(worst).toBeLessThanOrEqual(4)
})

it('keep the digits of means near 1', () => {
  const random = randomOf(6)
  for (let i = 0; i < 1000; i++) {
    const past = (random() - 0.25) * 2 ** (-i % 900)
    expect(unitsBetween(logarithmOfMean(1 + past, 0, past), Math.log1p(past))).toBeLessThanOrEqual(4)
  }
})

it('do not depend on how mean and exponent share the size', () => {
  const random = randomOf(5)
  for (let i = 0; i < 1000; i++) {
    const mean = random() * 2 ** ((i % 80) - 40)
    expect(logarithmOfMean(mean * 2 ** 30, -30, mean - 1)).toBe(logarithmOfMean(mean, 0, mean - 1))
  }
})

it('have the limits of logarithms', () => {
  const of = (mean: number): number => logarithmOfMean(mean, 0, mean - 1)
  const means = [0, 1, Number.POSITIVE_INFINITY, Number.NaN]
  expect(means.map(of)).toEqual(means.map(Math.log))
})
