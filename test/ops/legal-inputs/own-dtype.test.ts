/**
 * Legal inputs that other pooling code often gets wrong and that need a particular dtype or size, on every kernel.
 */
import { describe, expect, it } from 'vitest'
import { rand, tensor } from '../../../src/index.ts'
import { dtypeNames, dtypes } from '../../../src/tensor/dtype.ts'
import { kernelFamilies } from '../../support/kernel-family.ts'
import { layouts, libraryIn } from '../../support/world.ts'

const signed = dtypeNames.filter((dtype) => !dtypes[dtype].float && dtype.startsWith('int'))
const settings = kernelFamilies.flatMap((family) => layouts.map((layout) => ({ family, layout })))

describe.each(settings)('$family, $layout', ({ family, layout }) => {
  const library = libraryIn({ family, layout, dtype: 'float32' })
  const { adaptiveMaxPool2d, avgPool2d, globalAvgPool, lpPool1d, maxPool1d } = library

  it.each(signed)('a window whose only tap is the last, of %s', (dtype) => {
    const { maxPool2d } = libraryIn({ family, layout, dtype })
    const x = [
      [
        [-1, -2],
        [-3, -4],
      ],
    ]
    const window = { kernelSize: 2, stride: 2, padding: 1, dilation: 2, ceilMode: true }
    expect([...maxPool2d(x, window).data]).toEqual([-4, -4, -4, -4])
  })

  it('a sequence past 2^24', () => {
    const x = { data: new Float32Array(2 ** 24 + 1), shape: [1, 2 ** 24 + 1] }
    x.data[2 ** 24] = 3
    const { output, indices } = maxPool1d(x, { kernelSize: 1, stride: 2 ** 23, returnIndices: true })
    expect([...output.data, ...indices.data]).toEqual([0, 0, 3, 0, 2 ** 23, 2 ** 24])
  })

  it('adaptive windows of large primes', () => {
    const x = { data: new Uint8Array(5873 * 37).fill(9), shape: [1, 5873, 37] }
    const y = adaptiveMaxPool2d(x, { outputSize: [3527, 22] })
    expect(y.shape).toEqual([1, 3527, 22])
    expect(y.data.every((value) => value === 9)).toBe(true)
  })

  it('a fractional norm of negative values', () => {
    const [y] = lpPool1d([[-1, 2]], { normType: 2.3, kernelSize: 2 }).data
    expect(y).toBeCloseTo((1 + 2 ** 2.3) ** (1 / 2.3), 6)
  })

  it('a white image of bytes stays white', () => {
    const x = { data: new Uint8Array(17 * 17).fill(255), shape: [1, 17, 17] }
    expect([...avgPool2d(x, { kernelSize: 17 }).data]).toEqual([255])
  })

  it('a float16 average of 128 * 128 times 256 does not overflow', () => {
    const x = { data: new Uint16Array(128 * 128).fill(0x5c00), shape: [1, 1, 128, 128], dtype: 'float16' }
    expect(globalAvgPool(x).toArray()).toEqual([[[[256]]]])
  })

  it('the least of denormals is more than 0', () => {
    const least = { float32: 1.401298464324817e-45, float64: Number.MIN_VALUE } as const
    for (const dtype of ['float32', 'float64'] as const) {
      const x = tensor([[0, least[dtype]]], undefined, dtype)
      const { output, indices } = maxPool1d(x, { kernelSize: 2, returnIndices: true })
      expect([output.data[0], indices.data[0]]).toEqual([least[dtype], 1])
    }
  })

  it('an average in ceil mode divides by the padding but not by the overhang', () => {
    const x = tensor(
      Float32Array.from({ length: 16 }, (_, i) => i + 1),
      [1, 1, 4, 4],
    )
    const y = avgPool2d(x, { kernelSize: 3, stride: 2, padding: 1, ceilMode: true })
    expect([...y.data]).toEqual([14 / 9, 20 / 6, 2, 38 / 6, 11, 6, 4.5, 7.5, 4].map(Math.fround))
  })
})

describe.each(kernelFamilies)('%s', (family) => {
  const { maxPool2d } = libraryIn({ family, layout: 'NCHW', dtype: 'float32' })

  it('sliced, transposed and reversed views give what their dense copies give', () => {
    const { data } = rand([1, 6, 8], { seed: 3 })
    const views = [
      { data, shape: [1, 3, 4], stride: [99, 16, 2], offset: 1 },
      { data, shape: [1, 8, 6], stride: [48, 1, 8], offset: 0 },
      { data, shape: [1, 6, 8], stride: [48, -8, -1], offset: 47 },
    ]
    for (const view of views) {
      const at = (h: number, w: number) => data[view.offset + h * view.stride[1]! + w * view.stride[2]!]!
      const dense = Float32Array.from({ length: view.shape[1]! * view.shape[2]! }, (_, i) =>
        at(Math.floor(i / view.shape[2]!), i % view.shape[2]!),
      )
      const expected = maxPool2d({ data: dense, shape: view.shape }, { kernelSize: 2, stride: 1 })
      expect(maxPool2d(view, { kernelSize: 2, stride: 1 }).data).toEqual(expected.data)
    }
  })
})
