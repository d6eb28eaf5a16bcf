/**
 * Means of many elements: each value is the correctly rounded one, or within a unit in the last place of it.
 */
import { describe, expect, it } from 'vitest'
import { globalAveragePool } from '../../src/adapters/onnx/index.ts'
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool2dBackward,
  adaptiveAvgPool3d,
  avgPool2d,
  avgPool2dBackward,
  globalAvgPool,
  globalLpPool,
  Tensor,
  type TypedArray,
  tensor,
} from '../../src/index.ts'
import { randomOf } from '../kernels/jobs.ts'
import { type KernelFamily, kernelFamilies, onKernels } from '../support/kernel-family.ts'

const { fround } = Math

/** The sum as two numbers, of which the second is what the first lost (Neumaier). */
function meanOf(data: ArrayLike<number>): number {
  let [sum, lost] = [0, 0]
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return (sum + lost) / data.length
}

/** Kelvin around 288, as a weather raster holds them. */
function raster(length: number): Float32Array {
  const random = randomOf(7)
  return Float32Array.from({ length }, () => 283 + 10 * random())
}

function filled(shape: readonly number[], value: number): { data: Float32Array; shape: readonly number[] } {
  return { data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape }
}

describe('with the kernels that are chosen', () => {
  it('ones over 4200 x 4200', () => {
    expect(globalAvgPool(filled([1, 1, 4200, 4200], 1)).data[0]).toBe(1)
  })

  it.each([[[1, 1, 3000, 3000]], [[1, 1, 9_000_000]], [[1, 1, 90, 300, 300]]])('100.1 over %j', (shape) => {
    expect(globalAvgPool(filled(shape, 100.1)).data[0]).toBe(fround(100.1))
  })

  it.each([1000, 2000])('a raster of %i squared', (side) => {
    const x = { data: raster(side * side), shape: [1, 1, side, side] }
    const mean = fround(meanOf(x.data))
    expect(globalAvgPool(x).data[0]).toBe(mean)
    expect(adaptiveAvgPool2d(x, { outputSize: 1 }).data[0]).toBe(mean)
    expect(globalAveragePool({ X: x }).Y.data[0]).toBe(mean)
    expect(globalAvgPool({ ...x, shape: [1, side, side, 1] }, { layout: 'NHWC' }).data[0]).toBe(mean)
    expect(avgPool2d(x, { kernelSize: side }).data[0]).toBe(mean)
  })
})

describe.each<KernelFamily>(kernelFamilies)('%s', (family) => {
  const within = <T>(run: () => T): T => onKernels(family, run)
  const side = 300
  const x = { data: raster(side * side), shape: [1, 1, side, side] }

  it('gives global means, large bins and large windows correctly rounded', () => {
    within(() => {
      expect(globalAvgPool(x).data[0]).toBe(fround(meanOf(x.data)))
      const halves = adaptiveAvgPool2d(x, { outputSize: [2, 1] }).data
      const half = x.data.length / 2
      expect(Array.from(halves)).toEqual([
        fround(meanOf(x.data.subarray(0, half))),
        fround(meanOf(x.data.subarray(half))),
      ])
      const row = { data: x.data, shape: [1, 1, x.data.length] }
      expect(adaptiveAvgPool1d(row, { outputSize: 2 }).data).toEqual(halves)
      const volume = { data: x.data, shape: [1, 1, 9, 100, 100] }
      expect(adaptiveAvgPool3d(volume, { outputSize: 1 }).data[0]).toBe(fround(meanOf(x.data)))
    })
  })

  it.each(['float32', 'float64', 'float16', 'bfloat16'] as const)('keeps a constant in %s', (dtype) => {
    within(() => {
      const constant = tensor(
        Array.from({ length: 4900 }, () => 100.1),
        [1, 1, 70, 70],
        dtype,
      )
      const value = constant.data[0]!
      const poolings: Tensor<TypedArray>[] = [
        globalAvgPool(constant),
        adaptiveAvgPool2d(constant, { outputSize: 3 }),
        avgPool2d(constant, { kernelSize: 31, stride: 1 }),
        avgPool2d(constant, { kernelSize: 17, stride: 4, padding: 8, countIncludePad: false }),
        globalAvgPool(new Tensor(constant.data, [1, 490, 5, 2], dtype), { layout: 'NHWC' }),
      ]
      for (const { data } of poolings) expect(new Set(data as Float32Array)).toEqual(new Set([value]))
    })
  })

  it('does not overflow float32 on the way', () => {
    within(() => expect(globalAvgPool(filled([1, 1, 20, 20], 3e38)).data[0]).toBe(fround(3e38)))
  })

  it('adds gradients of windows that overlap much in float64', () => {
    within(() => {
      const dy = filled([1, 1, 40, 40], 0.1)
      const dx = avgPool2dBackward(dy, filled([1, 1, 70, 70], 0), { kernelSize: 31, stride: 1 })
      expect(dx.data[35 * 70 + 35]).toBe(fround((fround(0.1) * 961) / 961))
    })
  })

  it('divides the gradient of adaptiveAvgPool to one output once, as PyTorch does', () => {
    within(() => {
      const one = tensor([1], [1, 1, 1, 1], 'float64')
      const zeros = tensor(new Float64Array(300), [1, 1, 30, 10])
      expect(adaptiveAvgPool2dBackward(one, zeros, { outputSize: 1 }).data[0]).toBe(0.0033333333333333335)
    })
  })

  it('norms of many elements', () => {
    within(() => {
      const { data } = globalLpPool(filled([1, 1, 500, 500], 0.1), { normType: 1 })
      expect(data[0]).toBe(fround(fround(0.1) * 250_000))
    })
  })

  it('keeps the row-major order where `exact` asks for it', () => {
    within(() => {
      const { data } = globalAvgPool(x, { exact: true })
      let sum = 0
      for (const value of x.data) sum = fround(sum + value)
      expect(data[0]).toBe(fround(sum / x.data.length))
    })
  })
})
