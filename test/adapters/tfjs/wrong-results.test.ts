/**
 * @file Inputs on which a backend of TensorFlow.js 4.22 gives wrong or inconsistent results, each under its number; ours are right on
 * both backends. What TensorFlow.js itself gives is noted, not asserted.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { poolFunctions } from '../../../src/adapters/tfjs/index.ts'
import { isPoolError } from '../../../src/index.ts'
import { backends, counting, tf, useBackend, values } from './tf.ts'

const { maxPool1d, maxPool2d, maxPool3d, avgPool2d, avgPool3d } = poolFunctions(tf)

const five = () => counting([1, 5, 5, 1], 1)
const negInf = Number.NEGATIVE_INFINITY

function refusalOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe.each(backends)('wrong results of tfjs, right here, on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test('max in ceil mode (wasm: floor only, then stale memory)', () => {
    const y = maxPool2d(counting([1, 5, 5, 1]), { kernelSize: 2, ceilMode: true })
    expect(y.shape).toEqual([1, 3, 3, 1])
    expect(values(y)).toEqual([6, 8, 9, 16, 18, 19, 21, 23, 24])
  })

  test('average in ceil mode (wasm: the same)', () => {
    const y = avgPool2d(counting([1, 5, 5, 1]), { kernelSize: 2, ceilMode: true })
    expect(values(y)).toEqual([3, 5, 6.5, 13, 15, 16.5, 20.5, 22.5, 24])
  })

  test('a window of 1 with padding (wasm: uninitialised memory)', () => {
    const x = counting([1, 2, 2, 1], 1)
    const error = refusalOf(() => maxPool2d(x, { kernelSize: 1, padding: 1 }))
    expect(isPoolError(error, 'BAD_PARAM')).toBe(true)
    expect((error as Error).message).toContain('padding[0] = 1')
    expect(
      isPoolError(
        refusalOf(() => avgPool2d(x, { kernelSize: 1, padding: 1 })),
        'BAD_PARAM',
      ),
    ).toBe(true)
    expect(values(maxPool2d(x, { kernelSize: 2, stride: 1, padding: 1 }))).toEqual([
      1, 2, 2, 3, 4, 4, 3, 4, 4,
    ])
  })

  test('a last window that would start past the input (cpu: a row of -infinity, NaN for averages)', () => {
    const x = counting([1, 6, 6, 1], 1)
    const options = { kernelSize: 1, stride: 2, ceilMode: true }
    const expected = [1, 3, 5, 13, 15, 17, 25, 27, 29]
    expect(values(maxPool2d(x, options))).toEqual(expected)
    expect(values(avgPool2d(x, options))).toEqual(expected)
  })

  test('a window that is not square (cpu: the height used along both axes)', () => {
    const y = maxPool2d(counting([1, 1, 5, 1], 1), { kernelSize: [1, 3], stride: 1, padding: 0 })
    expect(y.shape).toEqual([1, 1, 3, 1])
    expect(values(y)).toEqual([3, 4, 5])
  })

  test('strides that are not equal (cpu: columns of -infinity; wasm: scrambled)', () => {
    const y = maxPool2d(counting([1, 4, 4, 1], 1), { kernelSize: 2, stride: [1, 2], padding: 0 })
    expect(y.shape).toEqual([1, 3, 2, 1])
    expect(values(y)).toEqual([6, 8, 10, 12, 14, 16])
  })

  test('a dilated maximum of negatives (cpu and wasm: 0 from the padding)', () => {
    const y = maxPool2d(tf.fill([1, 5, 5, 1], -3), { kernelSize: 3, stride: 1, padding: 'same', dilation: 2 })
    expect(y.shape).toEqual([1, 5, 5, 1])
    expect(values(y)).toEqual(new Array(25).fill(-3))
  })

  test('a dilated average of ones (cpu and wasm: padding counted, unlike without dilation)', () => {
    const dilated = { kernelSize: 3, stride: 1, padding: 'same', dilation: 2 } as const
    const ones = tf.ones([1, 5, 5, 1])
    expect(values(avgPool2d(ones, dilated))).toEqual(new Array(25).fill(1))
    expect(values(avgPool2d(ones, { ...dilated, dilation: 1 }))).toEqual(new Array(25).fill(1))
  })

  test('padding as a number with dilation (ignored: 3 columns)', () => {
    const y = maxPool2d(five(), { kernelSize: 2, stride: 1, padding: 1, dilation: 2 })
    expect(y.shape).toEqual([1, 5, 5, 1])
    expect(values(y).slice(0, 5)).toEqual([7, 8, 9, 10, 9])
  })

  test('NaN (cpu: ignored, -infinity where there is nothing else; wasm: -infinity)', () => {
    const nan = tf.fill([1, 2, 2, 1], Number.NaN)
    expect(values(maxPool2d(nan, { kernelSize: 2 }))).toEqual([Number.NaN])
    const y = maxPool1d(tf.tensor([Number.NaN, 5, 7], [1, 3, 1]), { kernelSize: 3 })
    expect(values(y)).toEqual([Number.NaN])
    expect(values(maxPool2d(tf.fill([1, 2, 2, 1], negInf), { kernelSize: 2 }))).toEqual([negInf])
  })

  test('the index of a tie (cpu: the first; wasm, webgl, webgpu: the last)', () => {
    const { indices } = maxPool2d(tf.ones([1, 3, 3, 1]), { kernelSize: 2, stride: 1, returnIndices: true })
    expect(values(indices)).toEqual([0, 1, 3, 4])
  })

  test('the gradient of a tie (cpu: the first in 2-D, the last in 3-D; wasm: the last)', () => {
    const flat = tf.grad((x: Tensor) => maxPool2d(x, { kernelSize: 2 }))(tf.ones([1, 2, 2, 1]))
    expect(values(flat)).toEqual([1, 0, 0, 0])
    const deep = tf.grad((x: Tensor) => maxPool3d(x, { kernelSize: 2 }))(tf.ones([1, 2, 2, 2, 1]))
    expect(values(deep)).toEqual([1, 0, 0, 0, 0, 0, 0, 0])
  })

  test('the index of NaN (wasm: 1.2e-38 at 0; cpu: -infinity at -1)', () => {
    const nan = tf.fill([1, 2, 2, 1], Number.NaN)
    const { output, indices } = maxPool2d(nan, { kernelSize: 2, returnIndices: true })
    expect(values(output)).toEqual([Number.NaN])
    expect(values(indices)).toEqual([3])
  })

  test('padding as wide as the window (cpu: NaN; wasm: infinities)', () => {
    const error = refusalOf(() =>
      avgPool2d(five(), {
        kernelSize: 2,
        padding: [
          [2, 2],
          [2, 2],
        ],
      }),
    )
    expect(isPoolError(error, 'BAD_PARAM')).toBe(true)
    expect((error as Error).message).toContain('must be less than the effective window 2')
  })

  test('a window larger than the input (cpu: a negative shape; wasm: memory out of bounds, the backend gone)', () => {
    const error = refusalOf(() => maxPool2d(counting([1, 1, 1, 1], 1), { kernelSize: 4, padding: 'valid' }))
    expect(isPoolError(error, 'BAD_SHAPE')).toBe(true)
    expect(values(maxPool2d(counting([1, 4, 4, 1]), { kernelSize: 4 }))).toEqual([15])
    expect(values(tf.maxPool(counting([1, 4, 4, 1]) as never, 4, 4, 'valid'))).toEqual([15])
  })

  test('values below -1e20 (webgl, webgpu: -1e20)', () => {
    const low = Math.fround(-3e38)
    const y = maxPool2d(tf.fill([1, 2, 2, 1], low), { kernelSize: 2 })
    expect(values(y)).toEqual([low])
  })

  test('padding of half an element (taken, with garbage)', () => {
    const error = refusalOf(() => maxPool2d(five(), { kernelSize: 3, padding: 0.5 }))
    expect(isPoolError(error, 'BAD_PARAM')).toBe(true)
  })

  test('integers (wasm: an error; averages: an error everywhere)', () => {
    const x = tf.tensor([1, -2, 3, -9], [1, 2, 2, 1], 'int32')
    const y = maxPool2d(x, { kernelSize: 2 })
    expect([y.dtype, ...values(y)]).toEqual(['int32', 3])
    const mean = avgPool2d(x, { kernelSize: 2 })
    expect([mean.dtype, ...values(mean)]).toEqual(['int32', -1])
    expect(values(maxPool2d(tf.cast(five(), 'int32'), { kernelSize: 5 }))).toEqual([25])
  })

  test('padding given for each side (tfjs-node: refused)', () => {
    const padding = [
      [1, 0],
      [0, 1],
    ] as const
    const x = counting([1, 2, 2, 1], 1)
    expect(values(maxPool2d(x, { kernelSize: 2, stride: 1, padding }))).toEqual([2, 2, 4, 4])
    expect(values(avgPool2d(x, { kernelSize: 2, stride: 1, padding }))).toEqual([1.5, 2, 2.5, 3])
  })

  test('also: the average of a volume with padding (tfjs issue 7122: NaN)', () => {
    const y = avgPool3d(tf.ones([1, 2, 2, 2, 1]), { kernelSize: 2, stride: 1, padding: 1 })
    expect(y.shape).toEqual([1, 3, 3, 3, 1])
    expect(values(y)).toEqual(new Array(27).fill(1))
  })

  test('also: the gradient of a maximum that is not above 0 (wasm: to the wrong element)', () => {
    const gradient = tf.grad((x: Tensor) => maxPool2d(x, { kernelSize: 2 }))
    expect(values(gradient(tf.tensor([-4, -3, -2, -1], [1, 2, 2, 1])))).toEqual([0, 0, 0, 1])
  })

  test('also: the gradient of an average with padding (divided by the whole window, unlike the average)', () => {
    const dx = tf.grad((x: Tensor) => avgPool2d(x, { kernelSize: 2, stride: 2, padding: 'same' }))(
      tf.ones([1, 3, 3, 1]),
    )
    expect(values(dx)).toEqual([0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1])
  })
})
