/**
 * @file Medians and quantiles of large windows by histograms: the bits of the definition, for every border, stride, rounding and layout.
 */
import { describe, expect, test } from 'vitest'
import {
  explain,
  medianPool1d,
  medianPool2d,
  medianPool3d,
  quantilePool2d,
  rand,
  type Tensor,
  tensor,
  withBackend,
} from '../../../src/index.ts'

const types = [Uint8Array, Int8Array, Uint16Array, Int16Array] as const
const roundings = ['trunc', 'floor', 'half-up', 'half-even'] as const

/** Random elements, of all values or of three. */
function elements(type: (typeof types)[number], shape: readonly number[], seed: number): Tensor {
  const { data } = rand(shape, { seed, dtype: 'float64' })
  const range = seed % 3 === 0 ? 3 : 65_536
  const whole = Array.from(data as Float64Array, (value) => Math.floor(value * range))
  return tensor(new type(whole), shape)
}

function expectDefined(run: () => unknown): void {
  const given = (run() as Tensor).data
  expect(given).toEqual((withBackend('reference', run) as Tensor).data)
}

describe.each(types.map((type) => [type.name, type] as const))('%s', (_, type) => {
  test.each([
    [{ kernelSize: [8, 9], stride: 1 }],
    [{ kernelSize: 9, stride: [2, 1], padding: 4 }],
    [{ kernelSize: [7, 9], stride: [1, 3], padding: [3, 4], ceilMode: true }],
    [{ kernelSize: [8, 7], stride: [9, 8] }],
    [{ kernelSize: [20, 21], stride: 1, padding: [10, 3] }],
  ])('%j', (window) => {
    roundings.forEach((rounding, i) => {
      const layout = i % 2 === 0 ? 'NCHW' : 'NHWC'
      const x = elements(type, layout === 'NCHW' ? [2, 3, 21, 24] : [1, 21, 24, 3], i)
      expectDefined(() => medianPool2d(x, { ...window, rounding, layout }))
      const q = [0, 0.23, 0.9, 1][i]!
      expectDefined(() => quantilePool2d(x, { ...window, q, interpolation: 'nearest', layout }))
    })
  })

  test('sequences and volumes', () => {
    const row = elements(type, [2, 90], 4)
    expectDefined(() => medianPool1d(row, { kernelSize: 61, stride: 1, padding: 30 }))
    const volume = elements(type, [2, 9, 10, 11], 5)
    expectDefined(() => medianPool3d(volume, { kernelSize: 5, stride: [1, 1, 2], padding: 2 }))
  })
})

test('they run for windows of 50 elements and more, up to 65535, that are not dilated', () => {
  const strategy = (kernelSize: number, more = {}) => {
    return explain('medianPool2d', [1, 400, 400], { kernelSize, stride: 1, ...more }, 'uint8').strategy
  }
  expect([7, 8, 255, 256].map((size) => strategy(size))).toEqual(['select', 'histogram', 'histogram', null])
  expect(strategy(8, { dilation: 2 })).toBe('select')
})
