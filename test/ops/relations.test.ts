/**
 * Relations that hold between poolings, on random configurations; each with the conditions that make it true.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool2d,
  avgPool2dBackward,
  globalAvgPool,
  lpPool2d,
  maxPool2d,
  maxPool2dBackward,
  maxUnpool2d,
  minPool2d,
  rand,
  type Tensor,
  tensor,
} from '../../src/index.ts'

const numRuns = Number(process.env.POOL2D_RUNS ?? 200)
const check = <T>(arbitrary: fc.Arbitrary<T>, relation: (value: T) => void): void =>
  fc.assert(
    fc.property(arbitrary, (value) => {
      relation(value)
    }),
    { numRuns },
  )

const axis = fc.record({
  size: fc.integer({ min: 4, max: 16 }),
  kernelSize: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 4 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  share: fc.integer({ min: 0, max: 2 }),
})

/** A plane of seeded values (integers, so sums are exact, or fractions) with a window that fits it. */
const configuration = fc
  .record({
    h: axis,
    w: axis,
    ceilMode: fc.boolean(),
    seed: fc.integer({ min: 0, max: 2 ** 31 }),
    levels: fc.constantFrom(5, 1000),
  })
  .filter(({ h, w }) =>
    [h, w].every(({ size, kernelSize, dilation }) => (kernelSize - 1) * dilation + 1 <= size),
  )
  .map(({ h, w, ceilMode, seed, levels }) => ({
    x: integers([2, 3, h.size, w.size], seed, levels),
    options: {
      kernelSize: [h.kernelSize, w.kernelSize],
      stride: [h.stride, w.stride],
      dilation: [h.dilation, w.dilation],
      padding: [h, w].map(({ kernelSize, share }) => Math.min(share, Math.floor(kernelSize / 2))),
      ceilMode,
    },
  }))

const floor = configuration.map(({ x, options }) => ({ x, options: { ...options, ceilMode: false } }))
const unpadded = floor.map(({ x, options }) => ({ x, options: { ...options, padding: 0 } }))

/** Whole numbers around 0. */
function integers(shape: readonly number[], seed: number, levels: number): Tensor<Float32Array> {
  return map(rand(shape, { seed }), (value) => Math.floor(value * levels) - Math.floor(levels / 2))
}

function map(x: Tensor<Float32Array>, f: (value: number, i: number) => number): Tensor<Float32Array> {
  return tensor(x.data.map(f), x.shape)
}

/** Swaps the last two axes. */
function transpose(x: Tensor<Float32Array>): Tensor<Float32Array> {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const data = new Float32Array(x.data.length)
  for (let plane = 0; plane < n * c; plane++)
    for (let i = 0; i < h; i++)
      for (let j = 0; j < w; j++) data[(plane * w + j) * h + i] = x.data[(plane * h + i) * w + j]!
  return tensor(data, [n, c, w, h])
}

function toChannelsLast(x: Tensor<Float32Array>): Tensor<Float32Array> {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const data = new Float32Array(x.data.length)
  for (let b = 0; b < n; b++)
    for (let k = 0; k < c; k++)
      for (let p = 0; p < h * w; p++) data[(b * h * w + p) * c + k] = x.data[(b * c + k) * h * w + p]!
  return tensor(data, [n, h, w, c])
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0)

describe('max', () => {
  it('of a window of one element at stride 1 is the identity', () =>
    check(configuration, ({ x }) => expect(maxPool2d(x, { kernelSize: 1 }).data).toEqual(x.data)))

  it('commutes with increasing functions', () =>
    check(configuration, ({ x, options }) =>
      expect(
        maxPool2d(
          map(x, (v) => 3 * v + 1),
          options,
        ).data,
      ).toEqual(map(maxPool2d(x, options), (v) => 3 * v + 1).data),
    ))

  it('is the min of the negated, negated', () =>
    check(configuration, ({ x, options }) =>
      expect(
        map(
          minPool2d(
            map(x, (v) => -v),
            options,
          ),
          (v) => -v,
        ).data,
      ).toEqual(maxPool2d(x, options).data),
    ))

  it('is the element at its index', () =>
    check(configuration, ({ x, options }) => {
      const { output, indices } = maxPool2d(x, { ...options, returnIndices: true })
      const [plane, pooled] = [x.shape, output.shape].map((shape) => shape[2]! * shape[3]!) as [
        number,
        number,
      ]
      const found = output.data.map((_, i) => {
        const index = indices.data[i]!
        return index < 0 ? Number.NEGATIVE_INFINITY : x.data[Math.floor(i / pooled) * plane + index]!
      })
      expect(output.data).toEqual(found)
    }))

  it('along rows, then columns, is max over windows', () =>
    check(configuration, ({ x, options }) => {
      const only = (keep: number) => ({
        kernelSize: options.kernelSize.map((v, i) => (i === keep ? v : 1)),
        stride: options.stride.map((v, i) => (i === keep ? v : 1)),
        dilation: options.dilation.map((v, i) => (i === keep ? v : 1)),
        padding: options.padding.map((v, i) => (i === keep ? v : 0)),
        ceilMode: options.ceilMode,
      })
      expect(maxPool2d(maxPool2d(x, only(1)), only(0)).data).toEqual(maxPool2d(x, options).data)
    }))

  it('at a stride is every stride-th at stride 1, without ceil mode', () =>
    check(floor, ({ x, options }) => {
      const dense = maxPool2d(x, { ...options, stride: 1 })
      const strided = maxPool2d(x, options)
      const [, , h, w] = strided.shape as [number, number, number, number]
      const width = dense.shape[3]!
      const picked = strided.data.map((_, i) => {
        const [plane, row, column] = [Math.floor(i / (h * w)), Math.floor(i / w) % h, i % w]
        return dense.data[
          (plane * dense.shape[2]! + row * options.stride[0]!) * width + column * options.stride[1]!
        ]!
      })
      expect(picked).toEqual(strided.data)
    }))

  it('over 2x2 twice is max over 4x4', () =>
    check(configuration, ({ x, options: { ceilMode } }) => {
      const half = { kernelSize: 2, stride: 2, ceilMode }
      expect(maxPool2d(maxPool2d(x, half), half).data).toEqual(
        maxPool2d(x, { kernelSize: 4, stride: 4, ceilMode }).data,
      )
    }))

  it('sends on all of its gradient', () =>
    check(unpadded, ({ x, options }) => {
      const y = maxPool2d(x, options)
      const dy = integers(y.shape, 7, 9)
      const dx = maxPool2dBackward(dy, x, options)
      const sum = (data: Float32Array): number => data.reduce((a, b) => a + b, 0)
      expect(sum(dx.data)).toBe(sum(dy.data))
      expect(dot(dx.data, x.data)).toBe(dot(dy.data, y.data))
    }))

  it('comes back from unpooling on its support', () =>
    check(unpadded, ({ x, options }) => {
      const { output, indices } = maxPool2d(x, { ...options, dilation: 1, returnIndices: true })
      const outputSize = x.shape.slice(2)
      const back = maxUnpoolOrNull(output, indices, {
        kernelSize: options.kernelSize,
        stride: options.stride,
        outputSize,
      })
      fc.pre(back !== null)
      const support = new Set(
        [...indices.data.keys()].map(
          (i) => planeOf(output, i) * x.shape[2]! * x.shape[3]! + indices.data[i]!,
        ),
      )
      expect(back!.data).toEqual(x.data.map((value, i) => (support.has(i) ? value : 0)))
    }))
})

describe('average', () => {
  it('is linear', () =>
    check(configuration, ({ x, options }) => {
      const z = integers(x.shape, 3, 64)
      const both = tensor(
        x.data.map((v, i) => 2 * v + z.data[i]!),
        x.shape,
      )
      const sum = { ...options, divisorOverride: 1 }
      const [left, right] = [avgPool2d(x, sum), avgPool2d(z, sum)]
      expect(avgPool2d(both, sum).data).toEqual(left.data.map((v, i) => 2 * v + right.data[i]!))
    }))

  it('of a constant is that constant where padding does not count', () =>
    check(configuration, ({ x, options }) => {
      const ones = map(x, () => 1)
      const y = avgPool2d(ones, { ...options, dilation: 1, countIncludePad: false })
      expect(y.data).toEqual(y.data.map(() => 1))
    }))

  it('lies between min and max where padding does not count', () =>
    check(configuration, ({ x, options }) => {
      const plain = { ...options, dilation: 1 }
      const [low, mean, high] = [
        minPool2d(x, plain),
        avgPool2d(x, { ...plain, countIncludePad: false }),
        maxPool2d(x, plain),
      ]
      expect(mean.data.every((value, i) => value >= low.data[i]! && value <= high.data[i]!)).toBe(true)
    }))

  it('counts no padding where there is none', () =>
    check(configuration, ({ x, options }) => {
      const plain = { ...options, padding: 0 }
      expect(avgPool2d(x, { ...plain, countIncludePad: true }).data).toEqual(
        avgPool2d(x, { ...plain, countIncludePad: false }).data,
      )
    }))

  it('has the transposed matrix as its gradient', () =>
    check(configuration, ({ x, options }) => {
      const sum = { ...options, divisorOverride: 1 }
      const y = avgPool2d(x, sum)
      const dy = integers(y.shape, 5, 9)
      expect(dot(y.data, dy.data)).toBe(dot(x.data, avgPool2dBackward(dy, x, sum).data))
    }))
})

describe('layouts', () => {
  it('channels last gives what channels first gives', () =>
    check(configuration, ({ x, options }) => {
      const last = toChannelsLast(x)
      const layout = { layout: 'NHWC' } as const
      for (const pool of [maxPool2d, avgPool2d] as const) {
        const run = pool as (x: Tensor<Float32Array>, options: object) => Tensor<Float32Array>
        expect(run(last, { ...options, ...layout }).data).toEqual(toChannelsLast(run(x, options)).data)
      }
    }))

  it('axes swapped with all their settings give the swapped result', () =>
    check(configuration, ({ x, options }) => {
      const { kernelSize, stride, dilation, padding, ceilMode } = options
      const [k, s, d, p] = [kernelSize, stride, dilation, padding].map((v) => [...v].reverse())
      const swapped = { kernelSize: k!, stride: s!, dilation: d!, padding: p!, ceilMode }
      expect(maxPool2d(transpose(x), swapped).data).toEqual(transpose(maxPool2d(x, options)).data)
    }))

  it('samples do not meet: a batch is its samples', () =>
    check(configuration, ({ x, options }) => {
      const size = x.data.length / 2
      const samples = [0, 1].map((n) => tensor(x.data.subarray(n * size, (n + 1) * size), x.shape.slice(1)))
      const alone = samples.flatMap((sample) => [...avgPool2d(sample, options).data])
      expect([...avgPool2d(x, options).data]).toEqual(alone)
    }))
})

describe('norms', () => {
  it('fall with p, down to the max', () =>
    check(unpadded, ({ x, options }) => {
      const norm = (normType: number) => lpPool2d(x, { ...options, normType }).data
      const [one, two, many, most] = [norm(1), norm(2), norm(64), norm(Number.POSITIVE_INFINITY)]
      const falls = (a: Float32Array, b: Float32Array): boolean => a.every((v, i) => v >= b[i]! * (1 - 1e-6))
      expect([falls(one, two), falls(two, many), falls(many, most)]).toEqual([true, true, true])
    }))
})

describe('adaptive', () => {
  it('to the same size is the identity, to 1 global, and where sizes divide an ordinary pooling', () =>
    check(configuration, ({ x }) => {
      const [, , h, w] = x.shape as [number, number, number, number]
      expect(adaptiveMaxPool2d(x, { outputSize: [h, w] }).data).toEqual(x.data)
      expect(adaptiveMaxPool2d(x, { outputSize: [h, null] }).data).toEqual(x.data)
      expect(adaptiveAvgPool2d(x, { outputSize: 1 }).data[0]).toBeCloseTo(globalAvgPool(x).data[0]!, 3)
      const even = adaptiveMaxPool2d(x, { outputSize: [h % 2 ? h : h / 2, w] })
      expect(even.data).toEqual(maxPool2d(x, { kernelSize: [h % 2 ? 1 : 2, 1] }).data)
    }))
})

function planeOf(y: Tensor, i: number): number {
  return Math.floor(i / (y.shape[2]! * y.shape[3]!))
}

function maxUnpoolOrNull(...call: Parameters<typeof maxUnpool2d>): Tensor | null {
  const [x, indices, options] = call
  const size = options.outputSize as readonly number[]
  const fits = [0, 1].every((a) => {
    const [k, s] = [options.kernelSize, options.stride].map((v) => (v as readonly number[])[a]!) as [
      number,
      number,
    ]
    return Math.abs(size[a]! - ((x as Tensor).shape[a + 2]! - 1) * s - k) < s
  })
  return fits ? maxUnpool2d(x, indices, options) : null
}
