import { describe, expect, it, test } from 'vitest'
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  globalAvgPool,
  globalMaxPool,
  rand,
  spatialPyramidPool,
  spatialPyramidPoolBackward,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import { dot, separated } from '../support/gradient-cases.ts'
import { codeOf } from '../support/refusals.ts'

const x = separated([2, 3, 7, 6])
/** The features of sample n of a pooled tensor. */
const features = ({ data, shape }: Tensor, n: number) => {
  const size = shape.slice(1).reduce((a, b) => a * b)
  return [...data.slice(n * size, (n + 1) * size)].map(Number)
}

describe('a spatial pyramid', () => {
  it('is its levels, flattened and joined, sample by sample', () => {
    const y = spatialPyramidPool(x, { levels: [4, [2, 3], 1] })
    expect(y.shape).toEqual([2, 3 * (16 + 6 + 1)])
    const levels = [4, [2, 3], 1].map((outputSize) => adaptiveMaxPool2d(x, { outputSize }))
    expect(features(y, 1)).toEqual(levels.flatMap((level) => features(level, 1)))
  })

  it('of means has the levels of a pyramid pooling module', () => {
    const y = spatialPyramidPool(x, { levels: [1, 2, 3, 6], mode: 'average' })
    const levels = [1, 2, 3, 6].map((outputSize) => adaptiveAvgPool2d(x, { outputSize }))
    expect(features(y, 0)).toEqual(levels.flatMap((level) => features(level, 0)))
  })

  it('of one level and both modes is the mean and the maximum', () => {
    const y = spatialPyramidPool(x, { levels: [1], mode: ['average', 'max'] })
    expect(features(y, 1)).toEqual([globalAvgPool(x), globalMaxPool(x)].flatMap((part) => features(part, 1)))
  })

  it.each(['NCHW', 'NHWC'] as const)('has the gradient of finite differences, %s', (layout) => {
    const options = { levels: [3, 2, 1], mode: ['max', 'average'], layout } as const
    const y = spatialPyramidPool(x, options)
    const dy = rand(y.shape, { seed: 1, dtype: 'float64' })
    const v = rand(x.shape, { seed: 2, dtype: 'float64' })
    const dx = spatialPyramidPoolBackward(dy, x, options)
    const at = (step: number) =>
      spatialPyramidPool(
        tensor(
          x.data.map((value, i) => value + step * v.data[i]!),
          x.shape,
        ),
        options,
      ).data
    const down = at(-1e-6)
    const slope = at(1e-6).map((up, i) => (up - down[i]!) / 2e-6)
    expect(Math.abs(dot(dx.data, v.data) - dot(dy.data, slope))).toBeLessThan(1e-6)
  })

  it('of sequences and volumes, of integers and half precision', () => {
    expect(spatialPyramidPool(rand([2, 3, 9]), { levels: [4, 1] }).shape).toEqual([2, 15])
    expect(spatialPyramidPool(rand([1, 2, 4, 5, 6]), { levels: [2, 1] }).shape).toEqual([1, 18])
    const bytes = tensor(Uint8Array.of(1, 9, 3, 7), [1, 1, 2, 2])
    expect([...spatialPyramidPool(bytes, { levels: [2, 1] }).data]).toEqual([1, 9, 3, 7, 9])
    expect(spatialPyramidPool(rand([1, 2, 4, 4], { dtype: 'float16' }), { levels: [1] }).dtype).toBe(
      'float16',
    )
  })
})

test.each([
  ['no levels', () => spatialPyramidPool(x, { levels: [] }), 'BAD_PARAM'],
  ['a level of -1', () => spatialPyramidPool(x, { levels: [-1] }), 'BAD_PARAM'],
  ['another mode', () => spatialPyramidPool(x, { levels: [1], mode: 'sum' as never }), 'BAD_PARAM'],
  ['another option', () => spatialPyramidPool(x, { levels: [1], kernelSize: 2 } as never), 'BAD_PARAM'],
  ['a matrix', () => spatialPyramidPool(rand([4, 4]), { levels: [1] }), 'BAD_SHAPE'],
  [
    'a gradient of another shape',
    () => spatialPyramidPoolBackward(rand([2, 4]), rand([2, 3, 7, 6]), { levels: [1] }),
    'BAD_SHAPE',
  ],
  [
    'gradients of integers',
    () =>
      spatialPyramidPoolBackward(tensor(new Int8Array(1), [1, 1]), tensor(new Int8Array(4), [1, 1, 4]), {
        levels: [1],
      }),
    'BAD_DTYPE',
  ],
])('refuses %s', (_, call, code) => {
  expect(codeOf(call)).toBe(code)
})
