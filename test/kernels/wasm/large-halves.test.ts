/**
 * @file Planes of half precision that are larger than any tile: default against plain loops.
 */
import { describe, expect, test } from 'vitest'
import { withBackend } from '../../../src/kernels/backend.ts'
import { avgPool2d, avgPool2dBackward } from '../../../src/ops/functions/average.ts'
import { maxPool2d, maxPool2dBackward } from '../../../src/ops/functions/max.ts'
import { rand } from '../../../src/tensor/create.ts'
import { storageOf } from '../../../src/tensor/storage.ts'
import { firstDifference } from '../jobs.ts'

const nan = { float16: 0x7e00, bfloat16: 0x7fc0 }

describe.each(['float16', 'bfloat16'] as const)('a plane of %s', (dtype) => {
  const x = rand([1, 1, 2100, 2050], { seed: 7, dtype })
  storageOf(x.data)[1234567] = nan[dtype]
  const options = { kernelSize: 3, stride: 2, padding: 1 }
  const dy = rand([1, 1, 1050, 1025], { seed: 8, dtype })
  const { indices } = maxPool2d(x, { ...options, returnIndices: true })

  test.each([
    ['maximum', () => maxPool2d(x, options)],
    ['average', () => avgPool2d(x, options)],
    ['gradient of the maximum', () => maxPool2dBackward(dy, x, options)],
    ['gradient of the maximum, with indices', () => maxPool2dBackward(dy, x, { ...options, indices })],
    ['gradient of the average', () => avgPool2dBackward(dy, x, options)],
  ])('has the same %s', (_, pooled) => {
    const bitsOf = () => storageOf(pooled().data)
    expect(firstDifference(bitsOf(), withBackend('scalar', bitsOf))).toBe(-1)
  })
})
