/**
 * Gradients of averages whose windows do not overlap; those of halves are those of float32, rounded once. And gradients of norms of p = 1,
 * whose norms are not computed unless a NaN lies among the inputs.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../../src/index.ts'
import { type Tensor, tensor } from '../../../src/index.ts'
import type { DType } from '../../../src/tensor/dtype.ts'
import { type HalfType, narrow } from '../../../src/tensor/half.ts'
import { sizeOf } from '../../../src/tensor/shape.ts'
import { valuesOf } from '../../../src/tensor/storage.ts'
import { functions } from '../../support/gradient-cases.ts'

const halves: readonly HalfType[] = ['float16', 'bfloat16']
const geometries = [
  { rank: 1, size: 301, options: { kernelSize: 2 } },
  { rank: 1, size: 40, options: { kernelSize: 3, stride: 5, padding: 1 } },
  { rank: 2, size: 19, options: { kernelSize: 2 } },
  { rank: 2, size: 19, options: { kernelSize: [2, 3], stride: [4, 3], padding: [0, 1] } },
  { rank: 2, size: 21, options: { kernelSize: 2, stride: 5, dilation: 2 } },
  { rank: 2, size: 18, options: { kernelSize: 4, stride: 4, ceilMode: true } },
  { rank: 2, size: 24, options: { kernelSize: 8 } },
  { rank: 3, size: 9, options: { kernelSize: 2 } },
]
const layouts = [
  { layout: 'NCHW', channels: 3 },
  { layout: 'NHWC', channels: 1 },
  { layout: 'NHWC', channels: 3 },
  { layout: 'NHWC', channels: 20 },
]
const places = geometries.flatMap((geometry) => layouts.map((layout) => ({ ...geometry, ...layout })))
/** Norms take no padding. */
const unpadded = places.filter(({ options }) => !('padding' in options))

/** Numbers with zeros of both signs, and, if `special`, with NaN and infinities. */
function numbers(shape: readonly number[], dtype: DType, special: boolean, seed: number): Tensor {
  const rare = special ? [Number.NaN, Infinity, -Infinity] : []
  const odd = [0, -0, ...rare]
  const values = Array.from({ length: sizeOf(shape) }, (_, i) => {
    const turn = (i * 7919 + seed * 104729) % 1009
    return turn % 23 === 0 ? odd[turn % odd.length]! : (turn - 500) / 64
  })
  return tensor(values, shape, dtype)
}

function shapeOf(rank: number, size: number, layout: string, channels: number): readonly number[] {
  const sides = Array<number>(rank).fill(size)
  return layout === 'NCHW' ? [2, channels, ...sides] : [2, ...sides, channels]
}

function widened(x: Tensor): Tensor {
  return tensor(Array.from(valuesOf(x) as Float32Array), x.shape, 'float32')
}

function expectRounded(got: Tensor, wide: Tensor, dtype: HalfType): void {
  const bits = new Uint16Array(wide.data.length)
  narrow(wide.data as Float32Array, dtype, bits)
  expect(Array.from(got.data as Uint16Array)).toEqual(Array.from(bits))
}

describe.each(halves)('%s', (dtype) => {
  it.each(places)('averages, $rank-D, $layout of $channels, $options', (place) => {
    const { rank, size, layout, channels, options } = place
    const [name, own] = [`avgPool${rank}d`, { layout, ...options }]
    for (const special of [false, true]) {
      const dy = numbers(functions[name]!(x(), own).shape, dtype, special, 3)
      const backward = functions[`${name}Backward`]!
      expectRounded(backward(dy, x(), own), backward(widened(dy), widened(x()), own), dtype)
    }
    function x(): Tensor {
      return numbers(shapeOf(rank, size, layout, channels), dtype, false, 1)
    }
  })

  it.each(places)('maxima by index, $rank-D, $layout of $channels, $options', (place) => {
    const { rank, size, layout, channels, options } = place
    const own = { layout, ...options }
    const max = (
      pool as never as Record<string, (x: Tensor, o: object) => { output: Tensor; indices: Tensor }>
    )[`maxPool${rank}d`]!
    const backward = functions[`maxPool${rank}dBackward`]!
    for (const special of [false, true]) {
      const x = numbers(shapeOf(rank, size, layout, channels), dtype, special, 1)
      const { output, indices } = max(x, { ...own, returnIndices: true })
      const dy = numbers(output.shape, dtype, special, 3)
      const met = tensor(
        Array.from(indices.data as Int32Array, (index) => index % 7),
        indices.shape,
        'int32',
      )
      for (const given of [indices, met]) {
        const wide = backward(widened(dy), widened(x), { ...own, indices: given } as never)
        expectRounded(backward(dy, x, { ...own, indices: given } as never), wide, dtype)
      }
    }
  })
})

describe.each<DType>(['float16', 'bfloat16', 'float32', 'float64'])('norms of p = 1 of %s', (dtype) => {
  it.each(unpadded)(
    '$rank-D, $layout of $channels, $options',
    ({ rank, size, layout, channels, options }) => {
      const [name, own] = [`lpPool${rank}d`, { layout, ...options, normType: 1 }]
      const shape = shapeOf(rank, size, layout, channels)
      for (const special of [false, true]) {
        const x = numbers(shape, dtype, special, 1)
        const dy = numbers(functions[name]!(x, own).shape, dtype, false, 3)
        const backward = functions[`${name}Backward`]!
        const [got, want] = ['simd', 'reference'].map((backend) =>
          pool.withBackend(backend as 'simd', () => valuesOf(backward(dy, x, own))),
        )
        expect(Array.from(got as Float64Array, (value) => value + 0)).toEqual(
          Array.from(want as Float64Array, (value) => value + 0),
        )
      }
    },
  )
})

describe.each<DType>(['float32', 'float64'])(
  'averages of %s with a negative divisor, which turns zeros',
  (dtype) => {
    it.each(places.filter(({ rank }) => rank > 1))(
      '$rank-D, $layout of $channels, $options',
      ({ rank, size, layout, channels, options }) => {
        const [name, own] = [`avgPool${rank}d`, { layout, ...options, divisorOverride: -3 }]
        const x = numbers(shapeOf(rank, size, layout, channels), dtype, false, 1)
        const dy = numbers(functions[name]!(x, own).shape, dtype, true, 3)
        const backward = functions[`${name}Backward`]!
        const [got, want] = ['simd', 'reference'].map((backend) =>
          pool.withBackend(backend as 'simd', () => backward(dy, x, own).data),
        )
        expect(got).toEqual(want)
      },
    )
  },
)
