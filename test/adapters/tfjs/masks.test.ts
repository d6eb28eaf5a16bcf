/**
 * @file Elements left out of poolings of TensorFlow.js: values are the library's, derivatives have the mask of x and never take
 * `nodata` for a number of the tangent.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { poolFunctions, poolLayers } from '../../../src/adapters/tfjs/index.ts'
import { tensor } from '../../../src/index.ts'
import { catalogue, type PoolingName } from '../../../src/ops/catalogue.ts'
import { Tensor as Core } from '../../../src/tensor/tensor.ts'
import { scattered, tf, useBackend, values } from './tf.ts'

beforeAll(() => useBackend('cpu'))

const shape = [1, 4, 6, 2]
/** Leaves out a whole window of 2 x 2, the first, and parts of others; shared by the channels. */
const bits = [0, 0, 1, 1, 1, 0, /**/ 0, 0, 1, 0, 1, 1, /**/ 1, 1, 0, 1, 1, 1, /**/ 0, 1, 1, 1, 1, 1]
const mask = () => tf.tensor(bits, [4, 6], 'bool')
const host = tensor(Uint8Array.from(bits), [4, 6])
const counts = (i: number) => bits[Math.floor(i / 2)] === 1

type Call = readonly [PoolingName, object]
const cases: readonly Call[] = [
  ['maxPool2d', { kernelSize: 2 }],
  ['minPool2d', { kernelSize: 2 }],
  ['avgPool2d', { kernelSize: 2 }],
  ['avgPool2d', { kernelSize: 3, stride: 1, padding: 1 }],
  ['sumPool2d', { kernelSize: 2 }],
  ['lpPool2d', { kernelSize: 2, normType: 3 }],
  ['rmsPool2d', { kernelSize: 2 }],
  ['varPool2d', { kernelSize: [2, 3], correction: 0 }],
  ['gemPool2d', { kernelSize: 2 }],
  ['softPool2d', { kernelSize: 2 }],
  ['lsePool2d', { kernelSize: 2 }],
  ['medianPool2d', { kernelSize: [2, 3] }],
  ['quantilePool2d', { kernelSize: [2, 3], q: 0.3 }],
  ['adaptiveMaxPool2d', { outputSize: [2, 3] }],
  ['adaptiveAvgPool2d', { outputSize: [2, 3] }],
  ['globalAvgPool', {}],
]
const piecewiseLinear = ['max', 'min', 'average', 'sum', 'median', 'quantile']

const pools = poolFunctions(tf) as unknown as Record<string, (x: Tensor, options: object) => Tensor>
const step = 2 ** -11

describe.each(cases)('%s %o', (name, options) => {
  const operation = catalogue[name]
  const f = (x: Tensor) => pools[name]!(x, { ...options, mask: mask(), fill: 0 })
  const x = () => tf.add(scattered(shape), name.startsWith('gem') ? 2 : 0) as Tensor

  test('has the values of the library', () => {
    const core = new Core(x().dataSync() as Float32Array, shape)
    const y = operation.forward(core, { ...options, mask: host, fill: 0, layout: 'NHWC' }) as Core
    expect(values(f(x()))).toEqual(Array.from(y.data as Float32Array))
  })

  test('has a gradient on what counts alone, which finite differences confirm', () => {
    const dy = scattered(f(x()).shape, 2)
    const dx = values(tf.grad(f)(x(), dy))
    dx.forEach((value, i) => {
      if (!counts(i)) expect(value).toBe(0)
    })
    expect(dx.some((value) => value !== 0)).toBe(true)
    const v = scattered(shape, 3)
    const at = (by: number) => values(tf.sum(tf.mul(f(tf.add(x(), tf.mul(v, by))), dy)))[0]!
    const along = (at(step) - at(-step)) / (2 * step)
    const got = values(v).reduce((sum, value, i) => sum + value * dx[i]!, 0)
    expect(Math.abs(got - along)).toBeLessThan(4e-3 * Math.max(1, Math.abs(along)))
  })

  test('nodata is the mask that it makes, in the gradient too, also where the tangent holds that number', () => {
    const holed = tf.tidy(() =>
      tf.add(
        tf.mul(x(), tf.cast(tf.reshape(mask(), [4, 6, 1]), 'float32')),
        tf.cast(tf.reshape(tf.logicalNot(mask()), [4, 6, 1]), 'float32'),
      ),
    )
    const g = (x: Tensor) => pools[name]!(x, { ...options, nodata: 1, fill: 0 })
    expect(values(g(holed))).toEqual(values(f(holed)))
    const ones = tf.onesLike(f(x())) as Tensor
    expect(values(tf.grad(g)(holed, ones))).toEqual(values(tf.grad(f)(holed, ones)))
  })

  test(
    piecewiseLinear.includes(operation.reducer)
      ? 'the gradient of the gradient is the masked pooling'
      : 'the gradient of the gradient is refused',
    () => {
      const dy = scattered(f(x()).shape, 2)
      const bare = (x: Tensor) => pools[name]!(x, { ...options, mask: mask() })
      const gradient = (dy: Tensor) => tf.grad(bare)(x(), dy)
      const twice = () => values(tf.grad(gradient)(dy, tf.onesLike(x())))
      if (!piecewiseLinear.includes(operation.reducer)) {
        expect(twice).toThrow('the gradient of its gradient is not available where elements are left out')
        return
      }
      const along = values(tf.grads((a: Tensor) => tf.grad(f)(a, dy))([x()])[0]!)
      expect(along.every((value) => value === 0)).toBe(true)
      const expected = (
        operation.forward(new Core(new Float32Array(48).fill(1), shape), {
          ...options,
          mask: host,
          fill: 0,
          layout: 'NHWC',
        }) as Core
      ).data as Float32Array
      for (const [i, value] of twice().entries()) expect(value).toBeCloseTo(expected[i]!, 5)
    },
  )
})

test('NaN is left out by nodata: NaN, and windows without another element give fill', () => {
  const x = tf.tensor([Number.NaN, 2, Number.NaN, Number.NaN], [1, 4, 1])
  const y = poolFunctions(tf).maxPool1d(x, { kernelSize: 2, nodata: Number.NaN, fill: -1 })
  expect(values(y)).toEqual([2, -1])
  const dx = tf.grad((x: Tensor) =>
    poolFunctions(tf).maxPool1d(x, { kernelSize: 2, nodata: Number.NaN, fill: -1 }),
  )(x)
  expect(values(dx)).toEqual([0, 1, 0, 0])
})

test('labels, indices and minCount', () => {
  const { modePool1d, maxPool1d } = poolFunctions(tf)
  const labels = tf.tensor([7, 7, 3, 3, 7, 3], [1, 6, 1], 'int32')
  expect(
    values(modePool1d(labels, { kernelSize: 3, mask: [1, 0, 1, 1, 1, 1], ties: 'lowest' }) as Tensor),
  ).toEqual([3, 3])
  const { output, indices } = maxPool1d(labels, {
    kernelSize: 3,
    mask: [0, 1, 1, 0, 0, 1],
    minCount: 2,
    fill: 0,
    returnIndices: true,
  })
  expect([values(output), values(indices)]).toEqual([
    [7, 0],
    [1, -1],
  ])
})

test('layers take a mask as their second input, and are saved with nodata', () => {
  const { AvgPool2d, MaxPool2d } = poolLayers(tf)
  const x = scattered(shape)
  const input = tf.input({ shape: [4, 6, 2] })
  const marks = tf.input({ shape: [4, 6], dtype: 'int32' })
  const layer = new AvgPool2d({ kernelSize: 2, masked: true, fill: 0 })
  const output = layer.apply([input, marks]) as SymbolicTensor
  expect(output.shape).toEqual([null, 2, 3, 2])
  const model = tf.model({ inputs: [input, marks], outputs: output })
  const whole = tf.reshape(tf.cast(mask(), 'int32'), [1, 4, 6])
  expect(values(model.predict([x, whole]) as Tensor)).toEqual(
    values(pools.avgPool2d!(x, { kernelSize: 2, mask: mask(), fill: 0 })),
  )
  const saved = JSON.parse(
    JSON.stringify(new MaxPool2d({ kernelSize: 2, nodata: Number.NaN, fill: -1 }).getConfig()),
  )
  const again = new MaxPool2d(saved)
  expect(again.options).toMatchObject({ nodata: Number.NaN, fill: -1 })
  expect(() => new AvgPool2d({ kernelSize: 2, masked: 1 as never })).toThrow(
    'masked = 1; must be true or false',
  )
  expect(() => new AvgPool2d({ kernelSize: 2, mask: [1] } as never)).toThrow('mask')
})

test('masks of floats and of another shape are refused', () => {
  const x = scattered(shape)
  expect(() => pools.maxPool2d!(x, { kernelSize: 2, mask: tf.ones([4, 6]) })).toThrow(
    'mask.dtype = "float32"; must be an integer type',
  )
  expect(() => pools.maxPool2d!(x, { kernelSize: 2, mask: tf.ones([3, 6], 'int32') })).toThrow(
    'mask.shape = [3, 6]',
  )
  expect(() => pools.maxPool2d!(x, { kernelSize: 2, returnCounts: true })).toThrow('returnCounts')
})
