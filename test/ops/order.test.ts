/**
 * Medians, quantiles and modes, compared with NumPy and SciPy (test/fixtures/numpy, written by scripts/golden_order.py) and with
 * their definitions on random windows.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as pool from '../../src/index.ts'
import { type DType, dtypeNames, dtypes, type Scalar } from '../../src/tensor/dtype.ts'
import { valuesOf } from '../../src/tensor/storage.ts'
import { difference, sameBits } from '../support/compare.ts'
import { decode } from '../support/golden.ts'
import { codeOf } from '../support/refusals.ts'

interface Recorded {
  readonly op: pool.PoolingName
  readonly options: object
  readonly dtype: DType
  readonly shape: number[]
  readonly x: string
  readonly outputShape: number[]
  readonly y: string
}

const file = new URL('../fixtures/numpy/order.json', import.meta.url)
const recorded: readonly Recorded[] = JSON.parse(readFileSync(file, 'utf8')).cases
const functions = pool as unknown as Record<string, (...given: unknown[]) => pool.Tensor>
const runs = Number(process.env.POOL2D_RUNS ?? 200)

it.each([...new Set(recorded.map(({ op }) => op))])('%s is what NumPy and SciPy give', (op) => {
  const wrong = recorded
    .filter((each) => each.op === op)
    .map(({ options, dtype, shape, x, outputShape, y }) => {
      const got = functions[op]!(decode(x, shape, dtype), options)
      const found = difference(got, decode(y, outputShape, dtype), sameBits)
      return found && `${JSON.stringify(options)} of ${dtype}: ${found}`
    })
  expect(wrong.filter(Boolean)).toEqual([])
})

const row = (values: readonly Scalar[], dtype: DType = 'float64'): pool.Tensor =>
  pool.tensor(values as number[], [1, 1, values.length], dtype)
const one = (y: pool.Tensor | pool.PooledWithIndices): Scalar => valuesOf('output' in y ? y.output : y)[0]!

describe('the median', () => {
  it('is the middle element, or the mean of two', () => {
    expect(one(pool.globalMedianPool(row([5, 1, 3])))).toBe(3)
    expect(one(pool.globalMedianPool(row([5, 1, 3, 4])))).toBe(3.5)
    expect(
      one(pool.globalMedianPool(row([2n ** 63n - 1n, 2n ** 63n - 3n, 0n, 2n ** 64n - 1n], 'uint64'))),
    ).toBe(2n ** 63n - 2n)
  })

  it.each([
    ['trunc', -3, 3],
    ['floor', -4, 3],
    ['half-up', -4, 4],
    ['half-even', -4, 4],
  ] as const)('rounds means of integers by %s', (rounding, below, above) => {
    for (const dtype of ['int8', 'int32', 'int64'] as const) {
      const of = (...values: number[]) =>
        Number(
          one(
            pool.globalMedianPool(row(dtype === 'int64' ? values.map(BigInt) : values, dtype), { rounding }),
          ),
        )
      expect([of(-4, -3), of(3, 4)], dtype).toEqual([below, above])
    }
  })

  it('has indices where an element is picked: the first that equals it, the last NaN', () => {
    const indexOf = (...values: number[]) =>
      pool.globalMedianPool(row(values), { returnIndices: true }).indices.data[0]
    expect(indexOf(7, 2, 9)).toBe(0)
    expect(indexOf(1, 2, 2, 2, 3)).toBe(1)
    expect(indexOf(1, 2)).toBe(-1)
    expect(indexOf(4, 4)).toBe(0)
    expect(indexOf(Number.NaN, 1, Number.NaN, 2)).toBe(2)
  })

  it('puts -0 before 0', () => {
    expect(one(pool.globalMedianPool(row([0, -0, 1])))).toBe(0)
    expect(one(pool.globalMedianPool(row([0, -0, -1])))).toBe(-0)
  })

  it('is NaN for a window without taps, 0 for integers', () => {
    const options = { kernelSize: 2, padding: 1, dilation: 2, returnIndices: true } as const
    const { output, indices } = pool.medianPool1d(row([1]), options)
    expect([output.data[0], indices.data[0]]).toEqual([Number.NaN, -1])
    expect(pool.medianPool1d(row([1n], 'int64'), options).output.data[0]).toBe(0n)
  })

  it('of half precision is rounded once', () => {
    for (const dtype of ['float16', 'bfloat16'] as const)
      expect(one(pool.globalMedianPool(row([1, 2, 4, 8], dtype)))).toBe(3)
  })
})

/** NumPy's linear quantile, with ranks looked up in a sorted copy. */
function linear(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (values.length - 1) * q
  const [low, high, t] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!, at - Math.floor(at)]
  return t >= 0.5 ? high - (high - low) * (1 - t) : low + (high - low) * t
}

describe('a quantile', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 })
  const part = fc.double({ min: 0, max: 1, noNaN: true })

  it('is interpolated as by NumPy', () => {
    const property = fc.property(values, part, (drawn, q) => {
      const numbers = drawn.map((value) => value + 0)
      expect(one(pool.globalQuantilePool(row(numbers), { q }))).toBe(linear(numbers, q))
    })
    fc.assert(property, { numRuns: runs })
  })

  it('of integers is rounded after that, and exact beyond 2^53', () => {
    const property = fc.property(values, part, (drawn, q) => {
      const whole = drawn.map((value) => Math.trunc(value) + 0)
      for (const dtype of ['int32', 'int64'] as const) {
        const x = row(dtype === 'int64' ? whole.map(BigInt) : whole, dtype)
        const y = one(pool.globalQuantilePool(x, { q, rounding: 'half-even' }))
        expect(Math.abs(Number(y) - linear(whole, q))).toBeLessThanOrEqual(0.5 + 1e-9)
      }
    })
    fc.assert(property, { numRuns: runs })
    const far = row([2n ** 62n, 2n ** 62n + 9n, 2n ** 63n - 1n], 'int64')
    expect(one(pool.globalQuantilePool(far, { q: 0.25, rounding: 'half-even' }))).toBe(2n ** 62n + 4n)
    expect(one(pool.globalQuantilePool(far, { q: 0.5 }))).toBe(2n ** 62n + 9n)
  })

  it('at 0 and 1 is the minimum and the maximum, with their indices', () => {
    const x = pool.tensor(
      pool.rand([2, 2, 6, 7], { seed: 4 }).data.map((value) => Math.floor(value * 5)),
      [2, 2, 6, 7],
    )
    x.data[17] = Number.NaN
    const window = { kernelSize: 3, stride: 1, padding: 1, returnIndices: true } as const
    const low = pool.quantilePool2d(x, { ...window, q: 0, interpolation: 'lower' })
    const high = pool.quantilePool2d(x, { ...window, q: 1 })
    const [min, max] = [pool.minPool2d(x, window), pool.maxPool2d(x, window)]
    expect([low.output.data, low.indices.data]).toEqual([min.output.data, min.indices.data])
    expect([high.output.data, high.indices.data]).toEqual([max.output.data, max.indices.data])
  })

  it('between an infinity and a number is the infinity', () => {
    const of = (numbers: number[], q: number) => one(pool.globalQuantilePool(row(numbers), { q }))
    expect([of([1, Infinity], 0.7), of([-Infinity, 1], 0.2), of([1, 2, Infinity], 0.5)]).toEqual([
      Infinity,
      -Infinity,
      2,
    ])
    expect(of([-Infinity, Infinity], 0.5)).toBeNaN()
    expect(of([Infinity, Infinity], 0.3)).toBe(Infinity)
  })

  it('takes a q from 0 to 1 only, and a known interpolation', () => {
    for (const q of [-0.1, 1.01, Number.NaN, '0.5', null, undefined])
      expect(
        codeOf(() => pool.globalQuantilePool(row([1]), { q: q as number })),
        String(q),
      ).toBe('BAD_PARAM')
    const interpolation = 'cubic' as never
    expect(codeOf(() => pool.globalQuantilePool(row([1]), { q: 0.5, interpolation }))).toBe('BAD_PARAM')
  })
})

describe('the gradient', () => {
  it('is shared by the two elements that the value lies between', () => {
    const dy = row([8])
    expect([...pool.globalMedianPoolBackward(dy, row([4, 1, 3, 2])).data]).toEqual([0, 0, 4, 4])
    expect([...pool.globalQuantilePoolBackward(dy, row([4, 1, 3]), { q: 0.125 }).data]).toEqual([0, 6, 2])
    const lower = { q: 0.125, interpolation: 'lower' } as const
    expect([...pool.globalQuantilePoolBackward(dy, row([4, 1, 3]), lower).data]).toEqual([0, 8, 0])
  })

  it('goes to the first of equal elements, and to the last NaN', () => {
    expect([...pool.globalMedianPoolBackward(row([8]), row([2, 2, 2, 2])).data]).toEqual([8, 0, 0, 0])
    const broken = row([Number.NaN, 1, Number.NaN])
    expect([...pool.globalMedianPoolBackward(row([8]), broken).data]).toEqual([0, 0, 8])
  })

  it('is the same with the indices of the forward call', () => {
    const x = pool.rand([1, 2, 6, 5], { seed: 2 })
    const window = { kernelSize: 3, stride: 2, padding: 1 } as const
    const { output, indices } = pool.medianPool2d(x, { ...window, returnIndices: true })
    const found = pool.medianPool2dBackward(output, x, { ...window, indices })
    expect(found.data).toEqual(pool.medianPool2dBackward(output, x, window).data)
    const layer = new pool.MedianPool2d({ ...window, returnIndices: true })
    expect(layer.backward(output, x, layer.forward(x).indices).data).toEqual(found.data)
  })
})

describe('elements left out', () => {
  it('are not ranked: nodata NaN is nanmedian', () => {
    const x = row([9, Number.NaN, 1, Number.NaN, 4, 3])
    const { output, counts } = pool.globalMedianPool(x, { nodata: Number.NaN, returnCounts: true })
    expect([output.data[0], counts.data[0]]).toEqual([3.5, 4])
    expect(one(pool.globalQuantilePool(x, { nodata: Number.NaN, q: 1 }))).toBe(9)
    expect(one(pool.globalMedianPool(row([Number.NaN]), { nodata: Number.NaN }))).toBeNaN()
  })

  it('have no gradient, with the indices or without', () => {
    const x = row([5, 1, 2, 9, 7, 8])
    const mask = pool.tensor([0, 1, 1, 1, 0, 0], undefined, 'uint8')
    const options = { kernelSize: 3, mask, fill: 0 } as const
    const { indices } = pool.medianPool1d(x, { ...options, returnIndices: true })
    expect([...indices.data]).toEqual([-1, 3])
    for (const known of [{}, { indices }]) {
      const dx = pool.medianPool1dBackward(row([4, 6]), x, { ...options, ...known })
      expect([...dx.data]).toEqual([0, 2, 2, 6, 0, 0])
    }
    const few = pool.medianPool1dBackward(row([4, 6]), x, { ...options, minCount: 2 })
    expect([...few.data]).toEqual([0, 2, 2, 0, 0, 0])
  })

  it('do not vote', () => {
    const labels = row([7, 7, 7, 2, 2, 5], 'uint16')
    expect(one(pool.globalModePool(labels, { nodata: 7 }))).toBe(2)
    expect([...pool.modePool1d(labels, { kernelSize: 3, nodata: 7 }).data]).toEqual([7, 2])
  })
})

type Ties = NonNullable<pool.ModeOptions['ties']>

/** Counts every label by comparing it with every other. */
function commonest(labels: readonly Scalar[], ties: Ties, ignore: Scalar | null): Scalar {
  const kept = labels.some((label) => label !== ignore) ? labels.filter((label) => label !== ignore) : labels
  const times = kept.map((label) => kept.filter((other) => other === label).length)
  const most = kept.filter((_, i) => times[i] === Math.max(...times))
  if (ties === 'first') return most[0]!
  return most.reduce((best, label) => ((ties === 'lowest' ? label < best : label > best) ? label : best))
}

describe('the mode', () => {
  const integers = dtypeNames.filter((dtype) => !dtypes[dtype].float)

  it.each(integers)('is the commonest label, of %s', (dtype) => {
    const offset = dtype === 'uint64' ? 2n ** 64n - 10n : dtype === 'int64' ? -(2n ** 63n) : 0
    const label = fc
      .integer({ min: 0, max: 4 })
      .map((n) => (typeof offset === 'bigint' ? BigInt(n) + offset : n))
    const property = fc.property(
      fc.array(label, { minLength: 1, maxLength: 12 }),
      fc.constantFrom<Ties>('first', 'lowest', 'highest'),
      fc.option(label),
      (labels, ties, ignore) => {
        const options = { ties, ignore: ignore ?? undefined, returnIndices: true } as const
        const { output, indices } = pool.globalModePool(row(labels, dtype), options)
        expect(output.data[0]).toBe(commonest(labels, ties, ignore))
        expect(indices.data[0]).toBe(labels.indexOf(output.data[0]!))
      },
    )
    fc.assert(property, { numRuns: Math.ceil(runs / 4) })
  })

  it('leaves a background out unless nothing else is there', () => {
    const labels = pool.tensor([[[0, 0, 0, 0, 7, 0]]], undefined, 'uint8')
    expect([...pool.modePool1d(labels, { kernelSize: 2, ignore: 0 }).data]).toEqual([0, 0, 7])
  })

  it('gives `ignore` or 0 for a window without taps', () => {
    const options = { kernelSize: 2, padding: 1, dilation: 2, returnIndices: true } as const
    const x = row([1], 'uint8')
    expect([...pool.modePool1d(x, { ...options, ignore: 9 }).output.data]).toEqual([9])
    expect([...pool.modePool1d(x, options).indices.data]).toEqual([-1])
  })

  it('refuses labels of float type, and labels that the dtype cannot hold', () => {
    const x = row([1, 2], 'uint8')
    for (const dtype of ['float32', 'float64', 'float16', 'bfloat16'] as const)
      expect(
        codeOf(() => pool.globalModePool(row([1, 2], dtype))),
        dtype,
      ).toBe('BAD_DTYPE')
    for (const ignore of [-1, 256, 1.5, '0', 300n])
      expect(
        codeOf(() => pool.globalModePool(x, { ignore: ignore as number })),
        String(ignore),
      ).toBe('BAD_PARAM')
    expect(codeOf(() => pool.globalModePool(x, { ties: 'last' as never }))).toBe('BAD_PARAM')
    const out = Uint8Array.of(42)
    expect(codeOf(() => pool.globalModePool(x, { ignore: -1, out }))).toBe('BAD_PARAM')
    expect(out[0]).toBe(42)
  })
})

describe.skipIf(pool.info().backend !== 'simd')('kernels', () => {
  const chosen = (...call: Parameters<typeof pool.explain>) => {
    const { kernel, strategy } = pool.explain(...call)
    return [kernel, strategy]
  }

  it('select and count in vectors where windows are small and all elements count, else in loops', () => {
    const shape = [1, 2, 64, 64]
    const window = { kernelSize: 3, stride: 1, padding: 1 } as const
    expect(chosen('medianPool2d', shape, window)).toEqual(['median.f32.forward.simd', 'select'])
    expect(chosen('modePool2d', shape, { kernelSize: 2 }, 'uint64')).toEqual([
      'mode.u64.forward.simd',
      'votePairs',
    ])
    const small: Parameters<typeof pool.explain>[] = [
      ['medianPool2d', shape, { ...window, returnIndices: true }],
      ['quantilePool2d', shape, { ...window, q: 0.3 }],
    ]
    for (const call of small) expect(chosen(...call)[0]).toMatch(/simd$/)
    const others: Parameters<typeof pool.explain>[] = [
      ['medianPool2d', shape, { ...window, nodata: 0 }],
      ['globalMedianPool', shape, {}],
    ]
    for (const call of others) expect(chosen(...call)[0]).toMatch(/scalar$/)
  })

  it('vote on pairs of pixels, in rows of two vectors and more', () => {
    const halved = { kernelSize: 2, layout: 'NHWC' } as const
    expect(chosen('modePool2d', [4, 512, 8, 2], halved, 'uint8')[1]).toBe('vote')
    for (const [channels, dtype] of [
      [2, 'uint8'],
      [3, 'int8'],
      [8, 'uint8'],
      [3, 'uint16'],
      [2, 'int32'],
    ] as const)
      expect(chosen('modePool2d', [4, 128, 20, channels], halved, dtype)[1], dtype).toBe('votePixels')
  })

  it('count labels as the reference does, whatever the channels, ties and label to ignore', () => {
    for (const dtype of ['uint8', 'int16', 'uint32', 'int64'] as const)
      for (const channels of [1, 2, 3, 5, 8])
        for (const width of [16, 17, 18, 19, 31]) {
          const shape = [2, 5, width, channels]
          const { data } = pool.rand(shape, { seed: width + channels })
          const labels = pool.tensor(Array.from(data, (value) => Math.floor(value * 3)).flat(), shape, dtype)
          for (const ties of ['first', 'lowest', 'highest'] as const)
            for (const ignore of [undefined, 1])
              for (const window of [
                { kernelSize: 2, ceilMode: true },
                { kernelSize: 3, stride: 1, padding: 1 },
              ]) {
                const call = () => pool.modePool2d(labels, { ...window, ties, ignore, layout: 'NHWC' })
                const name = `${dtype} ${shape} ${ties} ${ignore} ${window.kernelSize}`
                expect(pool.withBackend('simd', call).data, name).toEqual(
                  pool.withBackend('reference', call).data,
                )
              }
        }
  })

  it('select every rank of nine', () => {
    for (const dtype of ['uint8', 'int16', 'float32', 'float64'] as const) {
      const x = pool.tensor(
        Array.from(pool.rand([20 * 37], { seed: 9 }).data, (value) => Math.floor(value * 100)),
        [1, 1, 20, 37],
        dtype,
      )
      for (let rank = 0; rank < 9; rank++) {
        const call = () =>
          pool.quantilePool2d(x, { kernelSize: 3, stride: 1, q: rank / 8, interpolation: 'lower' })
        expect(pool.withBackend('simd', call).data, `${dtype} ${rank}`).toEqual(
          pool.withBackend('reference', call).data,
        )
      }
    }
  })

  it('give the bits of the reference, through the library', () => {
    const x = pool.rand([2, 3, 19, 37], { seed: 6 })
    x.data[100] = Number.NaN
    const labels = pool.tensor(
      Int32Array.from(x.data, (value) => Math.floor(value * 4)),
      x.shape,
    )
    for (const layout of ['NCHW', 'NHWC'] as const) {
      const window = { kernelSize: 3, stride: 2, padding: 1, layout } as const
      const calls: (() => pool.Tensor)[] = [
        () => pool.medianPool2d(x, window),
        () => pool.quantilePool2d(x, { ...window, q: 0.8, interpolation: 'nearest' }),
        () => pool.modePool2d(labels, { ...window, ignore: 0, ties: 'lowest' }),
        () => pool.adaptiveModePool2d(labels, { outputSize: 5, layout }),
      ]
      for (const call of calls) expect(call().data).toEqual(pool.withBackend('reference', call).data)
    }
  })
})
