/**
 * Exponentials as a fraction and a power of two, beside those of the engine.
 */
import { expect, it, test } from 'vitest'
import { exponentialParts, scaleOf } from '../../src/reducers/exponential-parts.ts'
import { randomOf } from '../kernels/jobs.ts'

const parts = { exponent: 0, fraction: 0 }

it('lie within two units in the last place of the engine', () => {
  const random = randomOf(3)
  let worst = 0
  for (let i = 0; i < 200_000; i++) {
    const x = (random() - 0.5) * [2, 30, 1400][i % 3]!
    exponentialParts(x, parts)
    const given = (1 + parts.fraction) * 2 ** parts.exponent
    const wanted = Math.exp(x)
    if (wanted > 2 ** -1000) worst = Math.max(worst, Math.abs(given - wanted) / (wanted * Number.EPSILON))
  }
  expect(worst).toBeLessThanOrEqual(2)
})

test.each([
  [0, 0, 0],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0],
  [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0],
])('of %d are exact', (x, exponent, fraction) => {
  exponentialParts(x, parts)
  expect(parts).toEqual({ exponent, fraction })
})

it('equal infinities have weight 1', () => {
  expect(scaleOf(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(1)
  expect(scaleOf(3, Number.POSITIVE_INFINITY)).toBe(0)
})
