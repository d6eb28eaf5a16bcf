/**
 * Gradients of maxima by index in planes of many bands, against plain loops: indices of the windows, and indices far from them.
 */
import { describe, expect, test } from 'vitest'
import * as pool from '../../../src/index.ts'
import { type Tensor, tensor, withBackend } from '../../../src/index.ts'
import { withTuning } from '../../../src/kernels/tuning.ts'
import type { DType } from '../../../src/tensor/dtype.ts'
import { sizeOf } from '../../../src/tensor/shape.ts'

const geometries = [
  { rank: 1, shape: [2, 900, 5], options: { kernelSize: 3, stride: 1, padding: 1 } },
  { rank: 1, shape: [1, 1000, 4], options: { kernelSize: 2, stride: 3 } },
  { rank: 2, shape: [2, 96, 12, 3], options: { kernelSize: 2 } },
  { rank: 2, shape: [1, 120, 9, 4], options: { kernelSize: 3, stride: 2, padding: 1, dilation: 2 } },
  { rank: 2, shape: [1, 97, 11, 4], options: { kernelSize: [4, 2], stride: [1, 2], ceilMode: true } },
  { rank: 3, shape: [1, 80, 5, 4, 3], options: { kernelSize: 2, stride: [1, 2, 2] } },
] as const

type Backward = (dy: Tensor, x: Tensor, options: object) => Tensor
type Forward = (x: Tensor, options: object) => { output: Tensor; indices: Tensor }
const functions = pool as never as Record<string, Forward & Backward>

function numbers(shape: readonly number[], dtype: DType, seed: number): Tensor {
  const odd = [0, -0, Number.NaN, Infinity]
  return tensor(
    Array.from({ length: sizeOf(shape) }, (_, i) => {
      const turn = (i * 7919 + seed * 104729) % 1009
      return turn % 97 === 0 ? odd[turn % 4]! : (turn - 500) / 64
    }),
    shape,
    dtype,
  )
}

describe.each<DType>(['float32', 'float64', 'float16', 'bfloat16'])('%s', (dtype) => {
  test.each(geometries)('$rank-D, $shape, $options', ({ rank, shape, options }) => {
    const own = { layout: 'NHWC', ...options }
    const x = numbers(shape, dtype, 1)
    const { output, indices } = functions[`maxPool${rank}d`]!(x, { ...own, returnIndices: true })
    const dy = numbers(output.shape, dtype, 3)
    const positions = indices.data as Int32Array
    const far = positions.map((index, i) => (i % 701 === 700 ? index % 13 : index))
    const near = positions.map((index, i) => (i < 20 ? index % 2 : index))
    for (const given of [positions, far, near]) {
      const run = () =>
        functions[`maxPool${rank}dBackward`]!(dy, x, {
          ...own,
          indices: tensor(given, indices.shape, 'int32'),
        })
      const got = withTuning({ tileBytes: 4096, tinyReads: 0, tinyElements: 0 }, run)
      expect(got.data).toEqual(withBackend('scalar', run).data)
    }
  })
})
