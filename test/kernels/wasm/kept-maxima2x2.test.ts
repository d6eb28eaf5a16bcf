/**
 * @file Maxima and minima of what counts in windows of 2 by 2 and of 2, with a mark for each element, beside the reference.
 */
import { describe, expect, test } from 'vitest'
import { withBackend } from '../../../src/kernels/backend.ts'
import { maxPool1d, maxPool2d, minPool2d } from '../../../src/ops/functions/max.ts'
import { rand, tensor } from '../../../src/tensor/create.ts'
import { firstDifference } from '../jobs.ts'

const dtypes = ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'float64'] as const
type Sample = (typeof dtypes)[number]

/** Unsigned integers up to the largest, and floats with zeros of both signs, infinities and NaN. */
function values(shape: readonly number[], dtype: Sample) {
  const special = [Number.NaN, -0, 0, Number.NEGATIVE_INFINITY]
  const largest = Math.floor((2 ** Number(dtype.replace(/\D+/, '')) - 1) / 40)
  const made = Array.from(rand(shape, { seed: 5 }).data as Float32Array, (value, i) => {
    if (dtype.startsWith('float') && i % 31 === 0) return special[(i / 31) % 4]!
    const number = Math.floor(40 * value)
    return dtype.startsWith('u') ? number * largest : number - 20
  })
  return tensor(made, shape, dtype)
}

/** One element in three, and some windows whole, are left out. */
function marks(shape: readonly number[]) {
  return tensor(
    Array.from(rand(shape, { seed: 6 }).data as Float32Array, (value) => Number(value > 0.35)),
    shape,
    'uint8',
  )
}

describe.each(dtypes)('%s', (dtype) => {
  test.each([
    ['rows', [2, 3, 11, 75], 'NCHW'],
    ['rows of less than a vector', [3, 2, 5, 7], 'NCHW'],
    ['pixels of 3 channels', [2, 6, 23, 3], 'NHWC'],
    ['pixels of 5 channels', [2, 7, 21, 5], 'NHWC'],
    ['pixels of 16 channels', [2, 4, 9, 16], 'NHWC'],
    ['pixels of 37 channels', [2, 4, 9, 37], 'NHWC'],
  ] as const)('maxima and minima of %s', (_, shape, layout) => {
    const [x, mask] = [values(shape, dtype), marks(shape)]
    for (const pool of [maxPool2d, minPool2d]) {
      const pooled = () => pool(x, { kernelSize: 2, layout, mask, fill: 3 }).data as Float32Array
      expect(firstDifference(pooled(), withBackend('reference', pooled))).toBe(-1)
    }
  })

  test('windows of two along lines', () => {
    const shape = [3, 2, 81]
    const [x, mask] = [values(shape, dtype), marks(shape)]
    const pooled = () => maxPool1d(x, { kernelSize: 2, mask, fill: 3 }).data as Float32Array
    expect(firstDifference(pooled(), withBackend('reference', pooled))).toBe(-1)
  })
})
