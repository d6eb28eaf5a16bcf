/**
 * Relations of calls: planes do not meet, layouts and batches are only ways to lie in memory, and no call remembers another.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptiveAvgPool2d,
  avgPool2d,
  avgPool2dBackward,
  isPoolError,
  lpPool2d,
  maxPool2d,
  maxPool2dBackward,
  minPool2d,
  tensor,
} from '../../../src/index.ts'
import {
  check,
  configuration,
  expectSame,
  integers,
  type Plane,
  sizesOf,
  type Windows,
} from '../../support/configurations.ts'

type Settings = Windows & { readonly layout?: 'NCHW' | 'NHWC'; readonly out?: Float32Array }
type Pool = (x: Plane, options: Settings) => Plane
const pools: readonly [string, Pool][] = [
  ['max', maxPool2d as Pool],
  ['min', minPool2d as Pool],
  ['mean', avgPool2d as Pool],
  ['norm', ((x, options) => lpPool2d(x, { ...options, normType: 3 })) as Pool],
  ['adaptive mean', ((x, { layout, out }) => adaptiveAvgPool2d(x, { outputSize: 3, layout, out })) as Pool],
  [
    'gradient of max',
    ((x, options) => {
      const { out, ...same } = options
      return maxPool2dBackward(maxPool2d(x, same), x, options)
    }) as Pool,
  ],
  [
    'gradient of mean',
    ((x, options) => {
      const { out, ...same } = options
      return avgPool2dBackward(avgPool2d(x, same), x, options)
    }) as Pool,
  ],
]

/** Planes of both samples in another order. */
function permuted(x: Plane, order: readonly number[]): Plane {
  const plane = x.shape[2]! * x.shape[3]!
  const data = new Float32Array(x.data.length)
  order.forEach((from, to) => {
    data.set(x.data.subarray(from * plane, (from + 1) * plane), to * plane)
  })
  return tensor(data, x.shape)
}

function channelsLast(x: Plane): Plane {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const data = new Float32Array(x.data.length)
  for (let b = 0; b < n; b++)
    for (let k = 0; k < c; k++)
      for (let p = 0; p < h * w; p++) data[(b * h * w + p) * c + k] = x.data[(b * c + k) * h * w + p]!
  return tensor(data, [n, h, w, c])
}

describe.each(pools)('%s', (_, pool) => {
  it('reordering the planes reorders the results', () =>
    check(fc.tuple(configuration, fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 })), (drawn) => {
      const [{ x, options }, order] = drawn
      expectSame(pool(permuted(x, order), options).data, permuted(pool(x, options), order).data)
    }))

  it('a batch gives the results of its samples one by one, with or without a batch axis', () =>
    check(configuration, ({ x, options }) => {
      const size = x.data.length / 2
      const alone = [0, 1].flatMap((n) => {
        const sample = x.data.subarray(n * size, (n + 1) * size)
        return [...pool(tensor(sample, n === 0 ? x.shape.slice(1) : [1, ...x.shape.slice(1)]), options).data]
      })
      expectSame(pool(x, options).data, alone)
    }))

  it('channels last gives the values of channels first', () =>
    check(configuration, ({ x, options }) =>
      expectSame(
        pool(channelsLast(x), { ...options, layout: 'NHWC' }).data,
        channelsLast(pool(x, options)).data,
      ),
    ))

  it('equal channels give equal results, for 1 to 33 channels', () =>
    check(fc.tuple(configuration, fc.integer({ min: 1, max: 33 })), ([{ x, options }, channels]) => {
      const [h, w] = sizesOf(x)
      const one = x.data.subarray(0, h * w)
      const alike = Float32Array.from({ length: h * w * channels }, (_, i) => one[Math.floor(i / channels)]!)
      const y = pool(tensor(alike, [h, w, channels]), { ...options, layout: 'NHWC' })
      const single = pool(tensor(one, [1, h, w]), options).data
      expectSame(
        y.data,
        Float32Array.from(y.data, (_, i) => single[Math.floor(i / channels)]!),
      )
    }))

  it('other calls, refused calls and a given `out` do not change the result', () =>
    check(fc.tuple(configuration, configuration), ([a, b]) => {
      const first = pool(a.x, a.options)
      const other = pool(b.x, b.options)
      expect(() => pool(a.x, { ...a.options, layout: 'CHWN' as never })).toThrow(
        expect.toSatisfy((error) => isPoolError(error, 'BAD_PARAM')),
      )
      const out = integers(first.shape, 1, 9).data
      expect(pool(a.x, { ...a.options, out }).data).toBe(out)
      expectSame(out, first.data)
      expectSame(pool(b.x, b.options).data, other.data)
    }))
})
