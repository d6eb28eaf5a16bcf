/**
 * @file Medians and quantiles of 3 x 3 windows at stride 1, which share sorted columns: every rank, beside the reference.
 */
import { describe, expect, test } from 'vitest'
import { withBackend } from '../../../src/kernels/backend.ts'
import { quantilePool2d, quantilePool3d } from '../../../src/ops/functions/quantile.ts'
import { rand, tensor } from '../../../src/tensor/create.ts'
import { firstDifference } from '../jobs.ts'

const dtypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'float32',
  'float64',
  'float16',
] as const
const quantiles = [...Array.from({ length: 9 }, (_, rank) => rank / 8), 0.3, 0.85]

/** Values with ties, of unsigned integers up to the largest, and of floats zeros of both signs, infinities and some NaN. */
function values(shape: readonly number[], dtype: (typeof dtypes)[number]) {
  const isFloat = dtype.startsWith('float')
  const largest = Math.floor((2 ** Number(dtype.replace(/\D+/, '')) - 1) / 40)
  const special = [Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const made = Array.from(rand(shape, { seed: 3 }).data as Float32Array, (value, i) => {
    if (isFloat && i % 41 === 0) return special[(i / 41) % 5]!
    const number = Math.floor(40 * value)
    return dtype.startsWith('u') ? number * largest : number - 20
  })
  return tensor(made, shape, dtype)
}

describe.each(dtypes)('%s', (dtype) => {
  test.each([
    ['rows', [2, 2, 9, 37], { layout: 'NCHW' }],
    ['padded rows', [1, 2, 7, 40], { layout: 'NCHW', padding: 1 }],
    ['dilated rows', [1, 2, 9, 41], { layout: 'NCHW', dilation: 2 }],
    ['pixels of 3 channels', [1, 8, 19, 3], { layout: 'NHWC', padding: 1 }],
    ['pixels of 17 channels', [1, 6, 11, 17], { layout: 'NHWC' }],
  ] as const)('every rank of %s', (_, shape, options) => {
    const x = values(shape, dtype)
    for (const q of quantiles) {
      const pooled = () => quantilePool2d(x, { kernelSize: 3, stride: 1, q, ...options }).data as Float32Array
      expect(firstDifference(pooled(), withBackend('reference', pooled)), `q ${q}`).toBe(-1)
    }
  })
})

test('windows of one row in three layers share columns too', () => {
  const x = values([1, 2, 6, 5, 33], 'int16')
  const pooled = () => quantilePool3d(x, { kernelSize: [3, 1, 3], stride: 1, q: 0.4 }).data as Int16Array
  expect(firstDifference(pooled(), withBackend('reference', pooled))).toBe(-1)
})
