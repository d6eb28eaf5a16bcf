/**
 * Relations of Lp norms: powers are taken in float64 and rounded once, so what is equal in real numbers is near here.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  avgPool2d,
  type DType,
  lpPool1dBackward,
  lpPool2d,
  maxPool2d,
  minPool2d,
  tensor,
} from '../../../src/index.ts'
import { valuesOf } from '../../../src/tensor/storage.ts'
import { check, expectSame, having, map } from '../../support/configurations.ts'

const { POSITIVE_INFINITY: high, NEGATIVE_INFINITY: low } = Number

/** Whole windows: what ceil mode cuts short is scaled up, as PyTorch does. */
const whole = having({ padding: [0, 0], ceilMode: false })
const p = fc.constantFrom(1, 2, 2.5, 3, 64)

/** One rounding on either side. */
const atMost = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  Array.from(a).every((value, i) => value <= b[i]! * (1 + 2 ** -22))

it('norms fall as p grows, down to the largest magnitude', () =>
  check(whole, ({ x, options }) => {
    const norm = (normType: number) => lpPool2d(x, { ...options, normType }).data
    const falling = [1, 1.5, 2, 3, 64, high].map(norm)
    for (let i = 1; i < falling.length; i++) expect(atMost(falling[i]!, falling[i - 1]!)).toBe(true)
  }))

it('are at most the largest magnitude times n^(1/p)', () =>
  check(fc.tuple(whole, p), ([{ x, options }, normType]) => {
    const n = options.kernelSize[0] * options.kernelSize[1]
    const largest = maxPool2d(map(x, Math.abs), options)
    expect(
      atMost(lpPool2d(x, { ...options, normType }).data, map(largest, (v) => v * n ** (1 / normType)).data),
    ).toBe(true)
  }))

it('scaling the input by f scales norms by the magnitude of f', () =>
  check(fc.tuple(whole, p, fc.constantFrom(-4, 0.5, 3)), ([{ x, options }, normType, factor]) => {
    const norm = lpPool2d(x, { ...options, normType })
    const scaled = lpPool2d(
      map(x, (v) => v * factor),
      { ...options, normType },
    )
    const wanted = map(norm, (v) => v * Math.abs(factor))
    expect([atMost(scaled.data, wanted.data), atMost(wanted.data, scaled.data)]).toEqual([true, true])
  }))

it('at infinity are the largest and the smallest magnitude', () =>
  check(whole, ({ x, options }) => {
    const magnitudes = map(x, Math.abs)
    expectSame(lpPool2d(x, { ...options, normType: high }).data, maxPool2d(magnitudes, options).data)
    expectSame(lpPool2d(x, { ...options, normType: low }).data, minPool2d(magnitudes, options).data)
  }))

it('of p = 1 are the sums of magnitudes', () =>
  check(whole, ({ x, options }) =>
    expectSame(
      lpPool2d(x, { ...options, normType: 1 }).data,
      avgPool2d(map(x, Math.abs), { ...options, divisorOverride: 1 }).data,
    ),
  ))

it.each(['float16', 'bfloat16'] as const)(
  'the infinity norm in %s has the gradient of float32, also for NaN',
  (dtype) => {
    const values = [1, 0, Number.NaN, -2, -3, 2, 0, 1]
    const options = { kernelSize: 4, normType: Number.POSITIVE_INFINITY }
    const gradient = (of: DType): number[] => {
      const [x, dy] = [tensor([values], undefined, of), tensor([[1.5, 2.5]], undefined, of)]
      return Array.from(valuesOf(lpPool1dBackward(dy, x, options)), Number)
    }
    expect(gradient(dtype)).toEqual(gradient('float32'))
    expect(gradient(dtype).slice(2)).toEqual([Number.NaN, -0, -2.5, 0, 0, 0])
  },
)
