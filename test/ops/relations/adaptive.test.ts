/**
 * Relations of adaptive and fractional windows, each with the conditions that make it true.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool2dBackward,
  adaptiveMaxPool2d,
  avgPool2d,
  fractionalMaxPool2d,
  globalAvgPool,
  globalMaxPool,
  maxPool2d,
  type Tensor,
  tensor,
} from '../../../src/index.ts'
import {
  check,
  configuration,
  expectNear,
  expectSame,
  map,
  type Plane,
  pick,
  sizesOf,
} from '../../support/configurations.ts'

type Size = readonly [number, number]
type Adaptive = (x: Plane, options: { outputSize: Size | number }) => Plane
const small = fc.integer({ min: 1, max: 4 })
const sizes = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))

describe.each([
  ['max', adaptiveMaxPool2d as Adaptive, maxPool2d, globalMaxPool],
  ['mean', adaptiveAvgPool2d as Adaptive, avgPool2d, globalAvgPool],
] as const)('%s', (_, adaptive, pool, global) => {
  it('adaptive pooling to the input size is the identity', () =>
    check(configuration, ({ x }) => expectSame(adaptive(x, { outputSize: sizesOf(x) }).data, x.data)))

  it('adaptive pooling to size 1 equals global pooling', () =>
    check(configuration, ({ x }) => expectNear(adaptive(x, { outputSize: 1 }), global(x) as Plane)))

  it('adaptive pooling to a size that divides the input equals sliding pooling', () =>
    check(fc.tuple(configuration, small, small), ([{ x }, k, l]) => {
      const [h, w] = sizesOf(x)
      const outputSize = [Math.floor(h / k), Math.floor(w / l)] as const
      const even = pick(x, [outputSize[0] * k, outputSize[1] * l], (row, column) => [row, column])
      expectNear(adaptive(even, { outputSize }), pool(even, { kernelSize: [k, l] }))
    }))

  it('adaptive pooling to a multiple of the input size repeats every element', () =>
    check(fc.tuple(configuration, small, small), ([{ x }, k, l]) => {
      const [h, w] = sizesOf(x)
      const repeated = pick(x, [h * k, w * l], (row, column) => [Math.floor(row / k), Math.floor(column / l)])
      expectSame(adaptive(x, { outputSize: [h * k, w * l] }).data, repeated.data)
    }))

  it('mirroring the input mirrors the result', () =>
    check(fc.tuple(configuration, sizes), ([{ x }, outputSize]) => {
      const [[h, w], [p, q]] = [sizesOf(x), outputSize]
      const mirrored = pick(x, [h, w], (row, column) => [h - 1 - row, w - 1 - column])
      const y = adaptive(x, { outputSize })
      const expected = pick(y, [p, q], (row, column) => [p - 1 - row, q - 1 - column])
      expectSame(adaptive(mirrored, { outputSize }).data, expected.data)
    }))
})

it('adaptive windows cover every element and pass on the whole gradient', () =>
  check(fc.tuple(configuration, sizes), ([{ x }, outputSize]) => {
    const wide = tensor(Float64Array.from(x.data), x.shape)
    const y = adaptiveAvgPool2d(wide, { outputSize })
    const ones = tensor(new Float64Array(y.data.length).fill(1), y.shape)
    const dx = adaptiveAvgPool2dBackward(ones, wide, { outputSize })
    expect(dx.data.every((value) => value > 0)).toBe(true)
    expect(dx.data.reduce((a, b) => a + b, 0)).toBeCloseTo(y.data.length, 9)
  }))

it('adaptive averages keep the overall mean if the output sizes divide the input', () =>
  check(fc.tuple(configuration, small, small), ([{ x }, k, l]) => {
    const [h, w] = sizesOf(x)
    const even = pick(x, [h - (h % k), w - (w % l)], (row, column) => [row, column])
    const y = adaptiveAvgPool2d(even, { outputSize: [Math.floor(h / k), Math.floor(w / l)] })
    const mean = ({ data }: Tensor<Float32Array>) => data.reduce((a, b) => a + b, 0) / data.length
    expect(mean(y)).toBeCloseTo(mean(even), 2)
  }))

describe('fractional windows', () => {
  const requests = fc
    .record({
      height: fc.integer({ min: 4, max: 20 }),
      width: fc.integer({ min: 4, max: 20 }),
      window: fc.integer({ min: 1, max: 3 }),
      out: fc.tuple(fc.integer({ min: 2, max: 18 }), fc.integer({ min: 2, max: 18 })),
      samples: fc.tuple(fc.nat(1023), fc.nat(1023)),
    })
    .filter(({ height, width, window, out }) => out[0] + window - 1 <= height && out[1] + window - 1 <= width)

  /** Of a plane that rises, the largest is the last element: it says where each window ends. */
  function windowsOf({
    height,
    width,
    window,
    out,
    samples,
  }: typeof requests extends fc.Arbitrary<infer R> ? R : never) {
    const rising = tensor(
      Float64Array.from({ length: height * width }, (_, i) => i),
      [1, height, width],
    )
    const randomSamples = tensor([[samples.map((sample) => sample / 1024)]], undefined, 'float64')
    const options = { kernelSize: window, outputSize: out, randomSamples, returnIndices: true } as const
    const first = fractionalMaxPool2d(rising, options)
    expectSame(fractionalMaxPool2d(rising, options).output.data, first.output.data)
    const rows = Array.from({ length: out[0] }, (_, i) => Math.floor(first.indices.data[i * out[1]]! / width))
    const columns = Array.from({ length: out[1] }, (_, i) => first.indices.data[i]! % width)
    return { rows: rows.map((end) => end - window + 1), columns: columns.map((end) => end - window + 1) }
  }

  it('start at 0, end with the axis, and advance by floor or ceil of (in - window) / (out - 1)', () =>
    check(requests, (request) => {
      const { rows, columns } = windowsOf(request)
      for (const [starts, size] of [
        [rows, request.height],
        [columns, request.width],
      ] as const) {
        const last = size - request.window
        const step = last / (starts.length - 1)
        expect([starts[0], starts.at(-1)]).toEqual([0, last])
        starts.slice(1).forEach((start, i) => {
          expect([Math.floor(step), Math.ceil(step)]).toContain(start - starts[i]!)
        })
      }
    }))
})

it('an output of null keeps the size of its axis', () =>
  check(configuration, ({ x }) =>
    expectSame(
      adaptiveMaxPool2d(x, { outputSize: [2, null] }).data,
      adaptiveMaxPool2d(
        map(x, (v) => v),
        { outputSize: [2, sizesOf(x)[1]] },
      ).data,
    ),
  ))
