/**
 * Relations of maxima and minima, each with the conditions that make it true.
 */
import fc from 'fast-check'
import { it } from 'vitest'
import { maxPool2d, minPool2d } from '../../../src/index.ts'
import {
  along,
  check,
  configuration,
  expectSame,
  having,
  map,
  pick,
  sizesOf,
} from '../../support/configurations.ts'

it('max and min of one-element windows at stride 1 are the identity', () =>
  check(configuration, ({ x }) => {
    expectSame(maxPool2d(x, { kernelSize: 1 }).data, x.data)
    expectSame(minPool2d(x, { kernelSize: 1 }).data, x.data)
  }))

const rising: readonly [string, (v: number) => number][] = [
  ['v + 7', (v) => v + 7],
  ['3 v', (v) => 3 * v],
  ['v |v|', (v) => v * Math.abs(v)],
  ['sign of v, which makes ties', (v) => Math.sign(v)],
]
it.each(rising)('max commutes with non-decreasing functions: %s', (_, f) =>
  check(configuration, ({ x, options }) =>
    expectSame(maxPool2d(map(x, f), options).data, map(maxPool2d(x, options), f).data),
  ),
)

it('an increasing function of the input does not change the indices of max', () =>
  check(configuration, ({ x, options }) => {
    const located = { ...options, returnIndices: true } as const
    const risen = map(x, (v) => 2 * v * Math.abs(v) + 1)
    expectSame(maxPool2d(risen, located).indices.data, maxPool2d(x, located).indices.data)
  }))

it('max is the negated min of the negated input', () =>
  check(configuration, ({ x, options }) => {
    const negated = map(x, (v) => -v)
    expectSame(map(minPool2d(negated, options), (v) => -v).data, maxPool2d(x, options).data)
  }))

it.each([
  ['max', maxPool2d, Number.NEGATIVE_INFINITY],
  ['min', minPool2d, Number.POSITIVE_INFINITY],
] as const)('%s is the element at its index, with or without indices', (_, pool, empty) =>
  check(configuration, ({ x, options }) => {
    const { output, indices } = pool(x, { ...options, returnIndices: true })
    const [plane, pooled] = [x, output].map((t) => t.shape[2]! * t.shape[3]!) as [number, number]
    const found = output.data.map((_, i) => {
      const index = indices.data[i]!
      return index < 0 ? empty : x.data[Math.floor(i / pooled) * plane + index]!
    })
    expectSame(output.data, found)
    expectSame(pool(x, options).data, output.data)
  }),
)

it('max along rows, then columns, equals max of windows', () =>
  check(configuration, ({ x, options }) =>
    expectSame(
      maxPool2d(maxPool2d(x, along(options, 1)), along(options, 0)).data,
      maxPool2d(x, options).data,
    ),
  ))

it('padding acts like -inf, without ceil mode, whose output size depends on the padding', () =>
  check(having({ ceilMode: false }), ({ x, options }) => {
    const [[h, w], [top, left]] = [sizesOf(x), options.padding]
    const padded = pick(
      x,
      [h + 2 * top, w + 2 * left],
      (row, column) =>
        row < top || row >= top + h || column < left || column >= left + w
          ? null
          : [row - top, column - left],
      Number.NEGATIVE_INFINITY,
    )
    expectSame(maxPool2d(padded, { ...options, padding: 0 }).data, maxPool2d(x, options).data)
  }))

it('over 2 x 2 twice is the maximum over 4 x 4', () =>
  check(configuration, ({ x, options: { ceilMode } }) => {
    const half = { kernelSize: 2, stride: 2, ceilMode }
    expectSame(
      maxPool2d(maxPool2d(x, half), half).data,
      maxPool2d(x, { kernelSize: 4, stride: 4, ceilMode }).data,
    )
  }))

const small = fc.integer({ min: 1, max: 3 })

it('windows of k, then of m, at stride 1 equal windows of k + m - 1', () =>
  check(fc.tuple(configuration, small, small), ([{ x }, k, m]) => {
    fc.pre(k + m - 1 <= Math.min(...sizesOf(x)))
    const pool = (input: typeof x, kernelSize: number) => maxPool2d(input, { kernelSize, stride: 1 })
    expectSame(pool(pool(x, k), m).data, pool(x, k + m - 1).data)
  }))

it('windows of k at stride s, then of m at stride t, equal windows of k + (m - 1) s at stride s t, if there are no gaps', () =>
  check(fc.tuple(configuration, small, small, small, small), ([{ x }, k, m, s, t]) => {
    const whole = k + (m - 1) * s
    fc.pre(s <= k && whole <= Math.min(...sizesOf(x)))
    const inner = maxPool2d(x, { kernelSize: k, stride: s })
    expectSame(
      maxPool2d(inner, { kernelSize: m, stride: t }).data,
      maxPool2d(x, { kernelSize: whole, stride: s * t }).data,
    )
  }))
