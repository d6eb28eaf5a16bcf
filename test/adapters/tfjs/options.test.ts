/**
 * @file Options and inputs as users of TensorFlow.js give them: what is taken, and how the rest is refused.
 */
import * as core from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { poolFunctions, poolLayers } from '../../../src/adapters/tfjs/index.ts'
import * as library from '../../../src/index.ts'
import { rand, type Tensor, tensor } from '../../../src/index.ts'
import { calls, poolOf, titleOf } from './calls.ts'
import { counting, scattered, tf, useBackend, values } from './tf.ts'

const functions = { ...library } as Record<string, unknown>
const pools = poolFunctions(tf)
const { MaxPool2d, LPPool2d, FractionalMaxPool2d } = poolLayers(tf)

beforeAll(() => useBackend('cpu'))

test('there is a function for every one of the library, and a layer for every function', () => {
  const names = Object.keys(library).filter(
    (name) =>
      /^[a-z]+(P|Unp)ool(\d|$)|^(adaptive|fractional|global|maxBlur|spatialPyramid|stochasticMean)/.test(
        name,
      ) && name !== 'roiPool',
  )
  expect(Object.keys(pools).sort()).toEqual(names.filter((name) => !name.endsWith('Backward')).sort())
  const layers = Object.keys(poolLayers(tf)).map((name) => name.toLowerCase())
  expect(layers.sort()).toEqual([...Object.keys(pools).map((name) => name.toLowerCase()), 'pool2d'].sort())
})

test('functions need no more than tfjs-core', () => {
  const y = poolFunctions(core).maxPool2d(core.tensor([1, 2, 3, 4], [2, 2, 1]), { kernelSize: 2 })
  expect(y).toBeInstanceOf(core.Tensor)
  expect(values(y)).toEqual([4])
})

describe('every call gives what the library gives', () => {
  test.each(
    calls.filter(({ name }) => !name.startsWith('maxUnpool')).map((call) => [titleOf(call), call] as const),
  )('%s', (_, call) => {
    const { dataFormat, ...rest } = call.options as { dataFormat?: string }
    const layout = dataFormat === 'channelsFirst' ? 'NCHW' : 'NHWC'
    const defaults = /^avgPool/.test(call.name) ? { countIncludePad: false } : {}
    const x = scattered(call.shape)
    const own = (functions[call.name] as (x: object, options: object) => Tensor)(
      { data: x.dataSync(), shape: call.shape },
      { ...defaults, ...rest, layout },
    )
    const y = poolOf(call)(x)
    expect([y.dtype, ...y.shape]).toEqual([own.dtype, ...own.shape])
    expect(y.dataSync()).toEqual(own.data)
  })
})

test('channels are last, as in TensorFlow.js, unless they are first', () => {
  const x = counting([1, 2, 2, 3])
  expect(pools.maxPool2d(x, { kernelSize: 2 }).shape).toEqual([1, 1, 1, 3])
  expect(pools.maxPool2d(x, { kernelSize: 2, dataFormat: 'channelsFirst' }).shape).toEqual([1, 2, 1, 1])
})

test('averages of int32 are rounded as they are told to be, by functions and by layers', () => {
  const x = tf.tensor([1, 2], [1, 1, 2, 1], 'int32')
  const options = { kernelSize: [1, 2], rounding: 'half-up' } as const
  expect(values(pools.avgPool2d(x, { kernelSize: [1, 2] }))).toEqual([1])
  expect(values(pools.avgPool2d(x, options))).toEqual([2])
  const { AvgPool2d, Pool2D } = poolLayers(tf)
  const tutorial = { size: [1, 2], mode: 'average', rounding: 'half-up' } as const
  for (const layer of [new AvgPool2d(options), new Pool2D(tutorial)])
    expect(values(layer.apply(x) as typeof x)).toEqual([2])
  expect(() => pools.avgPool2d(tf.ones([1, 2, 2, 1]), options)).toThrow(
    /rounding = "half-up"; results of integers/,
  )
})

test('nested arrays and tensors of the library are inputs too', () => {
  const nested = [
    [[1], [2]],
    [[3], [4]],
  ]
  expect(values(pools.maxPool2d(nested, { kernelSize: 2 }))).toEqual([4])
  expect(values(pools.maxPool2d(tensor(nested), { kernelSize: 2 }))).toEqual([4])
})

test('averages leave padding out unless they are asked to count it', () => {
  const ones = tf.ones([1, 3, 3, 1])
  const options = { kernelSize: 3, stride: 1, padding: 1 }
  expect(values(pools.avgPool2d(ones, options))).toEqual(new Array(9).fill(1))
  expect(values(pools.avgPool2d(ones, { ...options, countIncludePad: true }))[0]).toBeCloseTo(4 / 9, 6)
})

test('fractional pooling without samples draws fresh ones, and its gradient goes where the maxima came from', () => {
  const x = counting([1, 9, 9, 1], 1)
  const dx = tf.grad((at) => pools.fractionalMaxPool2d(at, { kernelSize: 2, outputSize: 3 }))(x)
  expect(values(tf.sum(dx))).toEqual([9])
})

test('indices go into unpooling as they come', () => {
  const x = counting([1, 4, 4, 2])
  const { output, indices } = pools.maxPool2d(x, { kernelSize: 2, returnIndices: true })
  expect(indices.dtype).toBe('int32')
  const y = pools.maxUnpool2d(output, indices, { kernelSize: 2 })
  expect(y.shape).toEqual([1, 4, 4, 2])
  expect(values(y)).toEqual(values(x).map((value, i) => (i % 16 >= 8 && i % 4 >= 2 ? value : 0)))
})

describe('refusals', () => {
  const x = () => counting([1, 4, 4, 1])
  const cases: [string, () => unknown, string, RegExp][] = [
    [
      'another dataFormat',
      () => pools.maxPool2d(x(), { kernelSize: 2, dataFormat: 'NHWC' as never }),
      'BAD_PARAM',
      /dataFormat = "NHWC"; must be "channelsLast" or "channelsFirst"/,
    ],
    [
      "the library's layout",
      () => pools.maxPool2d(x(), { kernelSize: 2, layout: 'NHWC' } as never),
      'BAD_PARAM',
      /layout = "NHWC"; .* Did you mean dataFormat\?$/,
    ],
    [
      "the library's out",
      () => pools.maxPool2d(x(), { kernelSize: 2, out: new Float32Array(4) } as never),
      'BAD_PARAM',
      /out = Float32Array/,
    ],
    [
      'a typing error, with the names that it takes',
      () => pools.maxPool2d(x(), { kernelSize: 2, dataformat: 'channelsLast' } as never),
      'BAD_PARAM',
      /it has dataFormat, kernelSize, stride, padding, dilation, ceilMode, returnIndices, mask, nodata, minCount, fill, argmaxIndices\. Did you mean dataFormat\?$/,
    ],
    [
      'a typing error in Pool2D',
      () => new (poolLayers(tf).Pool2D)({ kernelSize: 2 } as never),
      'BAD_PARAM',
      /it has size, mode, stride, rounding, dataFormat\. Did you mean size\?$/,
    ],
    ['nothing for TensorFlow.js', () => poolFunctions(undefined as never), 'BAD_PARAM', /tf = undefined/],
    ['an empty TensorFlow.js', () => poolLayers({} as never), 'BAD_PARAM', /layers is missing/],
    [
      'TensorFlow.js without layers',
      () => poolLayers(core as never),
      'BAD_PARAM',
      /layers is missing\. Pass what import/,
    ],
    [
      "tfjs' names",
      () => pools.maxPool2d(x(), { poolSize: 2 } as never),
      'BAD_PARAM',
      /poolSize = 2; maxPool2d has no such option/,
    ],
    [
      'no options',
      () => (pools.maxPool2d as (x: unknown) => unknown)(x()),
      'BAD_PARAM',
      /kernelSize = undefined/,
    ],
    ['options that are no object', () => pools.maxPool2d(x(), null as never), 'BAD_PARAM', /options = null/],
    [
      'booleans',
      () => pools.maxPool2d(tf.cast(x(), 'bool'), { kernelSize: 2 }),
      'BAD_DTYPE',
      /x.dtype = "bool"; must be float32 or int32/,
    ],
    ['strings', () => pools.globalMaxPool(tf.tensor(['a'], [1, 1, 1])), 'BAD_DTYPE', /x.dtype = "string"/],
    [
      'float64 of the library',
      () => pools.maxPool2d(rand([1, 4, 4, 1], { dtype: 'float64' }), { kernelSize: 2 }),
      'BAD_DTYPE',
      /x.dtype = "float64"/,
    ],
    [
      'no tensor',
      () => pools.maxPool2d({} as never, { kernelSize: 2 }),
      'BAD_DTYPE',
      /x = Object; must be a tensor/,
    ],
    [
      'another rank',
      () => pools.maxPool2d(tf.ones([3, 3]), { kernelSize: 2 }),
      'BAD_SHAPE',
      /x.shape = \[3, 3\]/,
    ],
    [
      'norms of integers',
      () => pools.lpPool2d(tf.cast(x(), 'int32'), { kernelSize: 2, normType: 2 }),
      'BAD_DTYPE',
      /norms are of float32/,
    ],
    [
      'an index outside its plane',
      () =>
        pools.maxUnpool2d(tf.ones([1, 1, 1, 1]), tf.tensor([4], [1, 1, 1, 1], 'int32'), { kernelSize: 2 }),
      'BAD_INDEX',
      /indices\[0\] = 4/,
    ],
    [
      'indices that are no integers',
      () => pools.maxUnpool2d(tf.ones([1, 1, 1, 1]), tf.ones([1, 1, 1, 1]), { kernelSize: 2 }),
      'BAD_DTYPE',
      /indices.dtype = "float32"/,
    ],
    ['a layer without its window', () => new MaxPool2d({} as never), 'BAD_PARAM', /kernelSize = undefined/],
    [
      'a layer with an option that is none',
      () => new MaxPool2d({ kernelSize: 2, poolSize: 2 } as never),
      'BAD_PARAM',
      /poolSize/,
    ],
    [
      'a norm of no kind',
      () => new LPPool2d({ kernelSize: 2, normType: 'infinite' as never }),
      'BAD_PARAM',
      /normType = "infinite"/,
    ],
    [
      'samples a model could not hold',
      () =>
        new FractionalMaxPool2d({
          kernelSize: 2,
          outputSize: 2,
          randomSamples: tf.zeros([1, 1, 2]) as never,
        }),
      'BAD_PARAM',
      /randomSamples/,
    ],
  ]
  test.each(cases)('%s', (_, run, code, message) => {
    expect(run).toThrow(expect.objectContaining({ name: 'PoolError', code }))
    expect(run).toThrow(message)
  })
})
