/**
 * Gradients against finite differences in float64, away from ties, and the adjoint identity <dy, J v> = <J' dy, v>.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../src/index.ts'
import { rand, type Tensor, tensor, zeros } from '../../src/index.ts'
import { cases, dot, functions, separated, shapeOf } from '../support/gradient-cases.ts'

const step = 1e-6

/** The truncation of a central difference, and the rounding of values whose weighted sum is `size`. */
function expectClose(actual: number, expected: number, size: number): void {
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).toBeLessThan(
    1e-6 * (1 + Math.abs(expected)) + (2 ** -51 * size) / step,
  )
}

describe.each(['NCHW', 'NHWC'])('%s', (layout) => {
  it.each(cases)('%s, %i-D, %j', (name, rank, settings) => {
    const options = { ...settings, layout }
    const x = separated(shapeOf(rank, layout))
    const forward = (at: Tensor): Float64Array => functions[name]!(at, options).data as Float64Array
    const y = functions[name]!(x, options)
    const dy = rand(y.shape, { seed: 13, dtype: 'float64' })
    const dx = functions[`${name}Backward`]!(dy, x, options as never).data as Float64Array

    const size = dot(dy.data.map(Math.abs), (y.data as Float64Array).map(Math.abs))
    const direction = rand(x.shape, { seed: 17, dtype: 'float64' }).data
    const along = (sign: number): Float64Array =>
      forward(
        tensor(
          x.data.map((value, i) => value + sign * step * direction[i]!),
          x.shape,
        ),
      )
    const [up, down] = [along(1), along(-1)]
    const slope = up.map((value, i) => (value - down[i]!) / (2 * step))
    expectClose(dot(dx, direction), dot(dy.data, slope), size)

    for (const i of [0, 7, x.data.length - 1]) {
      const nudged = (sign: number): Float64Array =>
        forward(
          tensor(
            x.data.map((value, j) => (i === j ? value + sign * step : value)),
            x.shape,
          ),
        )
      const [more, less] = [nudged(1), nudged(-1)]
      expectClose(
        dx[i]!,
        dot(
          dy.data,
          more.map((value, j) => (value - less[j]!) / (2 * step)),
        ),
        size,
      )
    }
  })
})

it('unpooling and its gradient are transposes', () => {
  const x = rand([2, 3, 4, 4], { seed: 1, dtype: 'float64' })
  const { output, indices } = pool.maxPool2d(x, { kernelSize: 2, returnIndices: true })
  const y = pool.maxUnpool2d(output, indices, { kernelSize: 2 })
  const dy = rand(y.shape, { seed: 2, dtype: 'float64' })
  const dx = pool.maxUnpool2dBackward(dy, output, indices, { kernelSize: 2 })
  expect(dot(dy.data, y.data)).toBeCloseTo(dot(dx.data, output.data), 12)
})

it('every value of a tie-free input receives what the outputs that chose it give', () => {
  const x = rand([1, 1, 9, 9], { seed: 4 })
  const options = { kernelSize: 3, stride: 1, padding: 1 }
  const dy = tensor(new Float32Array(81).fill(1), [1, 1, 9, 9])
  const dx = pool.maxPool2dBackward(dy, x, options)
  const { indices } = pool.maxPool2d(x, { ...options, returnIndices: true })
  const counts = zeros([1, 1, 9, 9])
  for (const index of indices.data) (counts.data as Float32Array)[index]! += 1
  expect(dx.data).toEqual(counts.data)
})

it('elements that no window reads have the gradient 0, with many channels last', () => {
  const x = tensor(new Float32Array(64 * 6 * 64).fill(3), [64, 6, 64])
  pool.sumPool1d(x, { kernelSize: 3, layout: 'NHWC' })
  const options = { kernelSize: 2, stride: 4, normType: 2, layout: 'NHWC' } as const
  const { data, shape } = pool.lpPool1d(x, options)
  const dy = tensor(new Float32Array(data.length).fill(1), shape)
  const dx = pool.lpPool1dBackward(dy, x, options).data as Float32Array
  const unread = dx.filter((_, i) => [2, 3].includes(Math.floor(i / 64) % 6))
  expect(unread).toEqual(new Float32Array(unread.length))
})

it('takes gradients in every floating dtype and refuses integers', () => {
  for (const dtype of ['float32', 'float64', 'float16', 'bfloat16'] as const) {
    const x = tensor(
      [
        [
          [1, 4],
          [3, 2],
        ],
      ],
      undefined,
      dtype,
    )
    const dy = tensor([[[2]]], undefined, dtype)
    expect(pool.maxPool2dBackward(dy, x, { kernelSize: 2 }).toArray()).toEqual([
      [
        [0, 2],
        [0, 0],
      ],
    ])
    expect(pool.avgPool2dBackward(dy, x, { kernelSize: 2 }).toArray()).toEqual([
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    ])
  }
  const x = tensor(
    [
      [
        [1, 4],
        [3, 2],
      ],
    ],
    undefined,
    'int32',
  )
  expect(() => pool.maxPool2dBackward(tensor([[[2]]], undefined, 'int32'), x, { kernelSize: 2 })).toThrow(
    /float32/,
  )
})
