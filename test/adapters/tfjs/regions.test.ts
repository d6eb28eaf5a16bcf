/**
 * Poolings of regions on tensors of TensorFlow.js: values and gradients of the library.
 */
import { beforeAll, expect, test } from 'vitest'
import { regionFunctions } from '../../../src/adapters/tfjs/index.ts'
import * as pool from '../../../src/index.ts'
import { rand, type Tensor, tensor } from '../../../src/index.ts'
import { tf, useBackend } from './tf.ts'

const pools = regionFunctions(tf)
const shape = [2, 9, 7, 8]
const x = rand(shape, { seed: 1 })
const rows = [
  [0, 0.5, 1, 5.2, 6],
  [1, 3, 2, 6.5, 8.5],
]
beforeAll(() => useBackend('cpu'))

const functions = pool as unknown as Record<string, (...given: unknown[]) => Tensor>

test.each([
  ['roiPool', {}],
  ['roiAlign', { samplingRatio: 2, aligned: true }],
  ['psRoiPool', {}],
  ['psRoiAlign', { samplingRatio: -1 }],
] as const)('%s', (name, own) => {
  const options = { outputSize: 2, spatialScale: 0.5, ...own }
  const want = functions[name]!(x, tensor(rows), { ...options, layout: 'NHWC' })
  const given = tf.tensor(x.data as Float32Array, shape)
  const lists = [tf.tensor([rows[0]!.slice(1)]), tf.tensor([rows[1]!.slice(1)])]
  for (const boxes of [tf.tensor(rows), rows, lists]) {
    const f = (at: typeof given) => pools[name](at, boxes as never, options as never)
    const y = f(given)
    expect([y.shape, y.dataSync()]).toEqual([want.shape, want.data])
    const dx = tf.grad((at) => tf.sum(f(at as typeof given)))(given)
    const ones = tensor(new Float32Array(want.size).fill(1), want.shape)
    const slope = functions[`${name}Backward`]!(ones, x, tensor(rows), { ...options, layout: 'NHWC' })
    expect(dx.dataSync()).toEqual(slope.data)
  }
})

test('refuse other options, other types and boxes of NaN', () => {
  const given = tf.tensor(x.data as Float32Array, shape)
  const call = (boxes: unknown, options: object) => () =>
    pools.roiPool(given, boxes as never, options as never)
  expect(call(rows, { outputSize: 2, aligned: true })).toThrow(/aligned/)
  expect(call(rows, { outputSize: 2, layout: 'NHWC' })).toThrow(/layout/)
  expect(call([[0, Number.NaN, 1, 2, 3]], { outputSize: 2 })).toThrow(/boxes\[0\]\[1\] = NaN/)
  expect(() => pools.roiPool(tf.ones([1, 4, 4, 1], 'int32'), rows, { outputSize: 2 })).toThrow(/int32/)
})
