/**
 * Relations of means, each with the conditions that make it true. Whole numbers make sums exact; `near` is for divisions.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { avgPool2d, avgPool2dBackward, maxPool2d, minPool2d, tensor } from '../../../src/index.ts'
import {
  along,
  check,
  configuration,
  dot,
  expectNear,
  expectSame,
  filled,
  having,
  integers,
  map,
  pick,
  sizesOf,
} from '../../support/configurations.ts'

const neighbours = having({ dilation: [1, 1] })
const unpadded = having({ padding: [0, 0] })
const countIncludePad = fc.boolean()

it('of one element at stride 1 is the identity', () =>
  check(configuration, ({ x }) => expectSame(avgPool2d(x, { kernelSize: 1 }).data, x.data)))

it('averaging along rows, then columns, equals averaging windows', () =>
  check(fc.tuple(neighbours, countIncludePad), ([{ x, options }, countIncludePad]) => {
    const rows = avgPool2d(x, { ...along(options, 1), countIncludePad })
    expectNear(
      avgPool2d(rows, { ...along(options, 0), countIncludePad }),
      avgPool2d(x, { ...options, countIncludePad }),
    )
  }))

it('is linear', () =>
  check(fc.tuple(configuration, countIncludePad), ([{ x, options }, countIncludePad]) => {
    const z = integers(x.shape, 3, 64)
    const both = map(x, (v, i) => 2 * v - 3 * z.data[i]!)
    const sums = { ...options, divisorOverride: 1 }
    const [left, right] = [avgPool2d(x, sums), avgPool2d(z, sums)]
    expectSame(
      avgPool2d(both, sums).data,
      left.data.map((v, i) => 2 * v - 3 * right.data[i]!),
    )
    const means = { ...options, countIncludePad }
    const [mean, other] = [avgPool2d(x, means), avgPool2d(z, means)]
    expectNear(
      avgPool2d(both, means),
      map(mean, (v, i) => 2 * v - 3 * other.data[i]!),
    )
  }))

it.each([
  ['padding does not count', filled, false],
  ['there is no padding', unpadded, true],
] as const)('averages of a constant are that constant if %s', (_, configurations, countIncludePad) =>
  check(configurations, ({ x, options }) => {
    const y = avgPool2d(
      map(x, () => -5),
      { ...options, countIncludePad },
    )
    expectSame(
      y.data,
      y.data.map(() => -5),
    )
  }),
)

it('lies between min and max where padding does not count', () =>
  check(filled, ({ x, options }) => {
    const mean = avgPool2d(x, { ...options, countIncludePad: false })
    const [low, high] = [minPool2d(x, options), maxPool2d(x, options)]
    expect(mean.data.every((value, i) => value >= low.data[i]! && value <= high.data[i]!)).toBe(true)
  }))

it('averages of non-negative numbers are at most the max if padding counts', () =>
  check(filled, ({ x, options }) => {
    const positive = map(x, Math.abs)
    const [mean, high] = [avgPool2d(positive, options), maxPool2d(positive, options)]
    expect(mean.data.every((value, i) => value <= high.data[i]!)).toBe(true)
  }))

it('countIncludePad changes nothing if there is no padding', () =>
  check(unpadded, ({ x, options }) =>
    expectSame(
      avgPool2d(x, { ...options, countIncludePad: true }).data,
      avgPool2d(x, { ...options, countIncludePad: false }).data,
    ),
  ))

it('an average with divisorOverride, times the divisor, is the sum', () =>
  check(fc.tuple(configuration, fc.constantFrom(-8, -2, 4, 64)), ([{ x, options }, divisorOverride]) => {
    const sum = avgPool2d(x, { ...options, divisorOverride: 1 })
    const mean = avgPool2d(x, { ...options, divisorOverride })
    expectSame(
      mean.data.map((v) => v * divisorOverride + 0),
      sum.data,
    )
  }))

it('counting padding equals averaging an input padded with zeros, without ceil mode', () =>
  check(having({ ceilMode: false }), ({ x, options }) => {
    const [[h, w], [top, left]] = [sizesOf(x), options.padding]
    const padded = pick(x, [h + 2 * top, w + 2 * left], (row, column) =>
      row < top || row >= top + h || column < left || column >= left + w ? null : [row - top, column - left],
    )
    expectSame(avgPool2d(padded, { ...options, padding: 0 }).data, avgPool2d(x, options).data)
  }))

it('over 2 x 2 twice is the mean over 4 x 4, without ceil mode', () =>
  check(configuration, ({ x }) => {
    const half = { kernelSize: 2, stride: 2 }
    expectSame(avgPool2d(avgPool2d(x, half), half).data, avgPool2d(x, { kernelSize: 4, stride: 4 }).data)
  }))

const divisions = fc.record({
  countIncludePad: fc.boolean(),
  divisorOverride: fc.constantFrom(undefined, -3, 1, 7),
})

it('the gradient of averages is the transpose of the linear map', () =>
  check(fc.tuple(configuration, divisions), ([{ x, options }, division]) => {
    const settings = { ...options, ...division }
    const wide = tensor(Float64Array.from(x.data), x.shape)
    const y = avgPool2d(wide, settings)
    const dy = tensor(Float64Array.from(integers(y.shape, 5, 9).data), y.shape)
    const [left, right] = [dot(y.data, dy.data), dot(wide.data, avgPool2dBackward(dy, wide, settings).data)]
    expect(Math.abs(left - right)).toBeLessThanOrEqual(
      1e-12 * dot(y.data.map(Math.abs), dy.data.map(Math.abs)) + 1e-9,
    )
  }))
