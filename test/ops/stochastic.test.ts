/**
 * Stochastic pooling and its mean, compared with a composition of PyTorch's operations (test/fixtures/torch-stochastic.json, written by
 * scripts/golden_stochastic.py) and with their definitions.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import * as pool from '../../src/index.ts'
import { type DType, dtypes } from '../../src/tensor/dtype.ts'
import { firstDifference } from '../kernels/jobs.ts'
import { close, difference, sameValue } from '../support/compare.ts'
import { check, filled } from '../support/configurations.ts'
import { decode } from '../support/golden.ts'
import { codeOf } from '../support/refusals.ts'
import { everyWindow } from '../support/windows.ts'

const {
  Tensor,
  rand,
  stochasticMeanPool1d,
  stochasticMeanPool2d,
  stochasticPool1d,
  stochasticPool2d,
  tensor,
} = pool
const { NaN: nan, POSITIVE_INFINITY: high } = Number

interface Recorded {
  readonly dtype: DType
  readonly shape: number[]
  readonly outputShape: number[]
  readonly kernelSize: number
  readonly stride: number
  readonly [array: string]: unknown
}

const file = new URL('../fixtures/torch-stochastic.json', import.meta.url)
const recorded: readonly Recorded[] = JSON.parse(readFileSync(file, 'utf8')).cases
type Any = Record<string, (...given: unknown[]) => pool.Tensor & pool.PooledWithIndices>
const functions = pool as unknown as Any

it.each(recorded)('is what PyTorch gives for $dtype of $shape', (each) => {
  const { dtype, shape, outputShape, kernelSize, stride } = each
  const read = (name: string, of: number[], type: DType = dtype) => decode(each[name] as string, of, type)
  const [x, dy] = [read('x', shape), read('dy', outputShape)]
  const samples = read('samples', outputShape, 'float64')
  const window = { kernelSize, stride }
  const [pick, mean] = ['Pool', 'MeanPool'].map((name) => `stochastic${name}${shape.length - 2}d`)
  const { output, indices } = functions[pick!]!(x, { ...window, samples, returnIndices: true })
  expect(difference(output, read('picked', outputShape), sameValue)).toBeUndefined()
  const sent = read('pickedGradient', shape)
  for (const known of [{ samples }, { indices }])
    expect(
      difference(functions[`${pick}Backward`]!(dy, x, { ...window, ...known }), sent, sameValue),
    ).toBeUndefined()
  const rounding = 4 * (dtype === 'float32' ? 2 ** -24 : 2 ** -52)
  const wanted = [read('mean', outputShape), read('meanGradient', shape)] as const
  expect(difference(functions[mean!]!(x, window), wanted[0], close(wanted[0], rounding))).toBeUndefined()
  const slope = functions[`${mean}Backward`]!(dy, x, window)
  expect(difference(slope, wanted[1], close(wanted[1], rounding))).toBeUndefined()
})

/** The element that a sample picks, by the cumulative sums of the rectified window; -1 if no element is positive. */
function pickOf(values: readonly number[], sample: number): number {
  const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0)
  let sum = 0
  return values.findIndex((value) => {
    sum += Math.max(value, 0)
    return sum > sample * total
  })
}

it('picks by cumulative sums in random windows, padded and dilated', () =>
  check(fc.tuple(filled, fc.nat()), ([{ x, options }, seed]) => {
    const shape = pool.outputShape('stochasticPool2d', x.shape, options)
    const samples = rand(shape, { seed, dtype: 'float64' })
    const { output, indices } = stochasticPool2d(x, { ...options, samples, returnIndices: true })
    everyWindow(x, options, shape, (values, places, at) => {
      const tap = pickOf(values, samples.data[at]!)
      const [_, h, w] = [x.shape[1]!, x.shape[2]!, x.shape[3]!]
      const place = tap < 0 ? -1 : places[tap]! % (h * w)
      if (indices.data[at] !== place || output.data[at] !== (tap < 0 ? 0 : values[tap]))
        throw new Error(`[${at}] is ${output.data[at]} at ${indices.data[at]}, not ${place} of [${values}]`)
    })
  }))

it('picks each element as often as its share says', () => {
  const x = tensor([1, 2, 0, 5, -3], [1, 1, 5])
  const draws = 20000
  const wide = tensor(
    Float32Array.from({ length: 5 * draws }, (_, i) => x.data[i % 5]!),
    [1, 1, 5 * draws],
  )
  const samples = rand([1, 1, draws], { seed: 7 })
  const { indices } = stochasticPool1d(wide, { kernelSize: 5, samples, returnIndices: true })
  const counts = [0, 0, 0, 0, 0]
  for (const index of indices.data)
    counts[index % 5]!++
    // Five standard deviations of a binomial draw.
  ;[1 / 8, 2 / 8, 0, 5 / 8, 0].forEach((share, i) => {
    expect(Math.abs(counts[i]! - share * draws)).toBeLessThanOrEqual(
      5 * Math.sqrt(draws * share * (1 - share)),
    )
  })
})

it('draws fresh samples unless they are given, and its expected value is the mean', () => {
  const x = rand([1, 1, 4], { seed: 1 })
  const all = Array.from({ length: 4000 }, () => stochasticPool1d(x, { kernelSize: 4 }).data[0]!)
  expect(new Set(all).size).toBe(4)
  const mean = all.reduce((a, b) => a + b) / all.length
  // Five standard errors of the mean of values in [0, 1).
  expect(Math.abs(mean - stochasticMeanPool1d(x, { kernelSize: 4 }).data[0]!)).toBeLessThan(
    5 * Math.sqrt(0.25 / 4000),
  )
})

describe('windows without a probability', () => {
  const at = (values: number[], sample: number) => {
    const x = tensor(Float64Array.from(values), [1, 1, values.length])
    const { output, indices } = stochasticPool1d(x, {
      kernelSize: values.length,
      samples: [[[sample]]],
      returnIndices: true,
    })
    return [output.data[0], indices.data[0], stochasticMeanPool1d(x, { kernelSize: values.length }).data[0]]
  }
  test.each([
    ['zeros and negatives', [0, -1, -high], 0.5, [0, -1, 0]],
    ['a NaN', [1, nan, high], 0.1, [nan, 1, nan]],
    ['several NaNs', [nan, 1, nan], 0.1, [nan, 2, nan]],
    ['an infinity', [1, high, 2], 0.9, [high, 1, high]],
    ['two infinities, the first', [high, 1, high], 0.4, [high, 0, high]],
    ['two infinities, the second', [high, 1, high], 0.5, [high, 2, high]],
    ['huge elements', [1e308, 1e308], 0.5, [1e308, 1, 1e308]],
    ['the least of denormals', [0, Number.MIN_VALUE], 0.999, [Number.MIN_VALUE, 1, Number.MIN_VALUE]],
    ['a sample of 0', [0, -2, 3], 0, [3, 2, 3]],
  ])('%s', (_, values, sample, want) => expect(at(values, sample)).toEqual(want))
})

it('picks among the elements that count, in both layouts, and fills windows with too few', () => {
  const x = tensor([5, 1, -9, 2, -9, -9], [1, 1, 6])
  const window = { kernelSize: 2, nodata: -9, fill: 7, samples: [[[0.9, 0.1, 0.5]]] } as const
  const { output, indices, counts } = stochasticPool1d(x, {
    ...window,
    returnIndices: true,
    returnCounts: true,
  })
  expect([[...output.data], [...indices.data], [...counts.data]]).toEqual([
    [1, 2, 7],
    [1, 3, -1],
    [2, 1, 0],
  ])
  const dy = tensor([1, 10, 100], [1, 1, 3])
  const dx = pool.stochasticPool1dBackward(dy, x, window)
  expect([...dx.data]).toEqual([0, 1, 0, 10, 0, 0])
  const last = { ...window, samples: [[[0.9], [0.1], [0.5]]], layout: 'NHWC' } as const
  const turned = stochasticPool1d(tensor(x.data, [1, 6, 1]), last)
  expect([...turned.data]).toEqual([...output.data])
  expect([...stochasticMeanPool1d(x, { kernelSize: 2, nodata: -9 }).data].slice(0, 2)).toEqual([
    Math.fround(26 / 6),
    2,
  ])
})

describe('refuses', () => {
  const x = rand([1, 1, 4], { seed: 1 })
  const window = { kernelSize: 2 }
  test.each([
    ['samples of another shape', { samples: rand([1, 1, 3]) }, 'BAD_SHAPE'],
    ['a sample of 1', { samples: [[[0.5, 1]]] }, 'BAD_PARAM'],
    ['a sample of NaN', { samples: [[[nan, 0.5]]] }, 'BAD_PARAM'],
    ['samples of integers', { samples: tensor(Int32Array.of(0, 0), [1, 1, 2]) }, 'BAD_DTYPE'],
    ['an output over its samples', sharing(), 'BAD_PARAM'],
  ])('%s', (_, extra, code) => expect(codeOf(() => stochasticPool1d(x, { ...window, ...extra }))).toBe(code))

  it('means and gradients of integers, and a gradient whose picks are not known', () => {
    const whole = tensor(Int32Array.of(1, 2, 3, 4), [1, 1, 4])
    expect(codeOf(() => stochasticMeanPool1d(whole, window))).toBe('BAD_DTYPE')
    const dy = rand([1, 1, 2])
    const samples = [[[0.5, 0.5]]]
    expect(codeOf(() => pool.stochasticPool1dBackward(whole, whole, { ...window, samples }))).toBe(
      'BAD_DTYPE',
    )
    expect(codeOf(() => pool.stochasticPool1dBackward(dy, x, window))).toBe('BAD_PARAM')
  })

  function sharing() {
    const samples = tensor(Float32Array.of(0.5, 0.5), [1, 1, 2])
    return { samples, out: samples.data }
  }
})

/** What a pooling over a few windows gives, of one pick or expected value, and of one gradient. */
function windowsOf(rank: number): readonly [name: string, windows: object, same: object][] {
  const capital = (name: string, mean: string) => `${name}Stochastic${mean}Pool`
  return ['', 'Mean'].flatMap((mean): [string, object, object][] => [
    [`${capital('adaptive', mean)}${rank}d`, { outputSize: 2 }, { kernelSize: 3, stride: 2 }],
    [capital('global', mean), {}, { kernelSize: 5 }],
  ])
}

const forms = [1, 2, 3].flatMap((rank) => windowsOf(rank).map((each) => [rank, ...each] as const))

it.each(forms)('in %i-D: %s is the sliding pooling of the same windows', (rank, name, windows, same) => {
  const lengths = Array<number>(rank).fill(5)
  const sliding = `stochastic${name.includes('Mean') ? 'Mean' : ''}Pool${rank}d`
  for (const layout of ['NCHW', 'NHWC'] as const)
    for (const left of [{}, { nodata: 0.25, fill: 3 }]) {
      const shape = layout === 'NCHW' ? [2, 3, ...lengths] : [2, ...lengths, 3]
      const drawn = rand(shape, { seed: 5, dtype: 'float64' })
      const x = tensor(
        drawn.data.map((value) => Math.round(16 * value - 5) / 16),
        shape,
      )
      const outputShape = functions[sliding]!(x, { ...same, layout }).shape
      const picks = { samples: rand(outputShape, { seed: 6, dtype: 'float64' }) }
      const options = { ...left, layout, ...(name.includes('Mean') ? {} : picks) }
      const dy = rand(outputShape, { seed: 7, dtype: 'float64' })
      const backward = (of: string, over: object) =>
        functions[`${of}Backward`]!(dy, x, { ...options, ...over })
      expect(functions[name]!(x, { ...options, ...windows })).toEqual(
        functions[sliding]!(x, { ...options, ...same }),
      )
      expect(backward(name, windows)).toEqual(backward(sliding, same))
      if (name.includes('Mean')) continue
      const known = { ...options, returnIndices: true }
      const { output, indices } = functions[name]!(x, { ...known, ...windows })
      expect({ output, indices }).toEqual(functions[sliding]!(x, { ...known, ...same }))
      const { samples: _, ...rest } = options as { samples?: unknown }
      expect(functions[`${name}Backward`]!(dy, x, { ...rest, indices, ...windows })).toEqual(
        backward(name, windows),
      )
    }
})

it('picks in adaptive windows that differ in size, and lets global ones lose their axes', () => {
  const x = tensor([1, 2, 3, 4, 5], [1, 1, 5])
  // Windows [1, 2, 3] and [3, 4, 5]: cumulative sums of 1, 3, 6 and 3, 7, 12.
  const samples = [[[0.2, 0.5]]]
  const { output, indices } = pool.adaptiveStochasticPool1d(x, {
    outputSize: 2,
    samples,
    returnIndices: true,
  })
  expect([[...output.data], [...indices.data]]).toEqual([
    [2, 4],
    [1, 3],
  ])
  const thirds = { outputSize: 3, samples: [[[0.5, 0.1, 0.9]]] }
  // Windows [1, 2], [2, 3, 4] and [4, 5].
  expect([...pool.adaptiveStochasticPool1d(x, thirds).data]).toEqual([2, 2, 5])
  expect([...pool.adaptiveStochasticMeanPool1d(x, { outputSize: 3 }).data]).toEqual(
    [5 / 3, 29 / 9, 41 / 9].map(Math.fround),
  )
  const flat = pool.globalStochasticPool(x, { samples: [[0.99]], keepDims: false })
  expect([flat.shape, [...flat.data]]).toEqual([[1, 1], [5]])
  expect([...pool.globalStochasticMeanPool(x).data]).toEqual([Math.fround(55 / 15)])
  expect(codeOf(() => pool.globalStochasticPool(x, { samples: [[[0.5, 0.5]]] }))).toBe('BAD_SHAPE')
  expect(codeOf(() => pool.globalStochasticPoolBackward(tensor([1], [1, 1, 1]), x))).toBe('BAD_PARAM')
})

it('is a layer that hands its picks to the gradient', () => {
  const x = rand([1, 2, 4, 4], { seed: 3 })
  const layer = new pool.StochasticPool2d({ kernelSize: 2, returnIndices: true })
  const { output, indices } = layer.forward(x)
  const dx = layer.backward(output, x, indices)
  expect([...dx.data].filter((value) => value !== 0).toSorted()).toEqual([...output.data].toSorted())
  expect(codeOf(() => layer.backward(output, x))).toBe('BAD_PARAM')
  const mean = new pool.StochasticMeanPool2d({ kernelSize: 2 })
  expect(mean.forward(x)).toEqual(stochasticMeanPool2d(x, { kernelSize: 2 }))
  const adaptive = new pool.AdaptiveStochasticPool2d({ outputSize: 2, returnIndices: true })
  const picked = adaptive.forward(x)
  const sent = adaptive.backward(picked.output, x, picked.indices)
  expect([...sent.data].filter((value) => value !== 0).toSorted()).toEqual([...picked.output.data].toSorted())
  expect(String(new pool.AdaptiveStochasticMeanPool2d({ outputSize: 2 }))).toBe(
    'AdaptiveStochasticMeanPool2d(output_size=2)',
  )
  expect(String(mean)).toBe(
    'StochasticMeanPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)',
  )
})

it('picks among integers, 64-bit ones too', () => {
  const x = tensor(BigInt64Array.of(2n ** 62n, -1n, 2n ** 62n, 0n), [1, 1, 4])
  expect([...stochasticPool1d(x, { kernelSize: 2, samples: [[[0.999, 0]]] }).data]).toEqual([
    2n ** 62n,
    2n ** 62n,
  ])
})

it.each(['float16', 'bfloat16'] as const)('keeps the bits of %s', (dtype) => {
  const bits = tensor(rand([1, 1, 6], { seed: 2, dtype }).data, [1, 1, 6], dtype)
  const { output, indices } = stochasticPool1d(bits, { kernelSize: 3, returnIndices: true })
  expect([...output.data]).toEqual([...indices.data].map((index) => bits.data[index]))
  expect(output).toBeInstanceOf(Tensor)
  expect(dtypes[output.dtype].float).toBe(true)
})

describe('vectors pick what loops pick', () => {
  const all = (shape: readonly number[]) =>
    new Tensor(new Uint8Array(shape.reduce((a, b) => a * b)).fill(1), shape)
  const special = [nan, high, -high, 1e308, 5e-324, 0, -0]
  const geometries = [
    ['3 s1', stochasticPool2d, { kernelSize: 3, padding: 1, stride: 1 }],
    ['2 s2', stochasticPool2d, { kernelSize: 2 }],
    ['adaptive', pool.adaptiveStochasticPool2d, { outputSize: [7, 9] }],
    ['global', pool.globalStochasticPool, {}],
  ] as const

  it.each(geometries)('%s', (_, run, options) => {
    for (const dtype of ['float32', 'float64', 'int16', 'bfloat16'] as const)
      for (const layout of ['NCHW', 'NHWC'] as const) {
        const shape = layout === 'NCHW' ? [2, 2, 120, 280] : [2, 120, 280, 2]
        const random = rand(shape, { seed: 3, dtype: 'float64' }).data
        const values = Array.from(random, (value, i) => {
          const isSpecial = dtype.includes('float') && i % 4001 === 7
          return isSpecial ? special[i % special.length]! : Math.floor((value - 0.3) * 100)
        })
        const x = tensor(values, shape, dtype)
        const pooled = (own: object) =>
          (run as unknown as (x: pool.Tensor, options: object) => { indices: pool.Tensor })(x, {
            ...options,
            layout,
            returnIndices: true,
            ...own,
          })
        const first = pooled({ samples: undefined })
        const samples = rand(first.indices.shape, { seed: 4, dtype: 'float64' })
        const own = pooled({ samples }).indices
        expect(firstDifference(own.data, pooled({ samples, mask: all(shape), fill: 0 }).indices.data)).toBe(
          -1,
        )
      }
  })
})
