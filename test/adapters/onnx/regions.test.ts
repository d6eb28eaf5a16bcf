import { describe, expect, test } from 'vitest'
import { maxRoiPool, roiAlign } from '../../../src/adapters/onnx/index.ts'
import { tensor } from '../../../src/tensor/create.ts'
import type { TypedArray } from '../../../src/tensor/dtype.ts'

const arange = tensor(
  Float32Array.from({ length: 36 }, (_, i) => i),
  [1, 1, 6, 6],
)
const numbers = ({ data }: { readonly data: TypedArray }): number[] => Array.from(data as Float32Array)
const images = (...indices: bigint[]) => tensor(BigInt64Array.from(indices), [indices.length])

describe('MaxRoiPool', () => {
  const pool = (...rois: number[][]) =>
    maxRoiPool({ X: arange, rois: tensor(rois) }, { pooled_shape: [2, 2] }).Y

  test('a region of whole cells', () => {
    expect(pool([0, 0, 0, 3, 3]).toArray()).toEqual([
      [
        [
          [7, 9],
          [19, 21],
        ],
      ],
    ])
  })

  test('cells overlap where they share an element', () => {
    expect(pool([0, 0, 0, 2, 2]).toArray()).toEqual([
      [
        [
          [7, 8],
          [13, 14],
        ],
      ],
    ])
  })

  test('corners round half away from zero, and a region is at least 1 long', () => {
    expect(pool([0, 0.5, 0.5, 0.5, 0.5]).toArray()).toEqual([
      [
        [
          [7, 7],
          [7, 7],
        ],
      ],
    ])
    expect(pool([0, 4, 4, 2, 2]).toArray()).toEqual([
      [
        [
          [28, 28],
          [28, 28],
        ],
      ],
    ])
    const outside = maxRoiPool(
      { X: arange, rois: tensor([[0, -0.5, -0.5, -0.5, -0.5]]) },
      { pooled_shape: [1, 1] },
    )
    expect(outside.Y.toArray()).toEqual([[[[0]]]])
  })

  test('cells outside the image are 0, cells across its border are clipped', () => {
    expect(pool([0, 4, 4, 7, 7]).toArray()).toEqual([
      [
        [
          [35, 0],
          [0, 0],
        ],
      ],
    ])
  })

  test('spatial_scale, NaN, and several images', () => {
    const X = tensor([
      [
        [
          [1, NaN],
          [2, 3],
        ],
      ],
      [
        [
          [4, 5],
          [6, 7],
        ],
      ],
    ])
    const rois = tensor([
      [1, 0, 0, 2, 2],
      [0, 0, 0, 2, 2],
    ])
    const { Y } = maxRoiPool({ X, rois }, { pooled_shape: [1, 1], spatial_scale: 0.5 })
    expect(numbers(Y)).toEqual([7, NaN])
  })

  test('no regions', () => {
    const none = tensor(new Float32Array(0), [0, 5])
    expect(maxRoiPool({ X: arange, rois: none }, { pooled_shape: [2, 3] }).Y.shape).toEqual([0, 1, 2, 3])
  })
})

describe('RoiAlign', () => {
  const align = (box: number[], attributes = {}, settings = {}) =>
    roiAlign({ X: arange, rois: tensor([box]), batch_indices: images(0n) }, attributes, settings).Y

  test('half_pixel is the default from opset 16, and not there at opset 10', () => {
    const box = [1, 1, 3, 3]
    expect(align(box, { sampling_ratio: 1 }).data[0]).toBe(10.5)
    expect(align(box, { sampling_ratio: 1 }, { opset: 10 }).data[0]).toBe(14)
    expect(
      align(box, { sampling_ratio: 1, coordinate_transformation_mode: 'output_half_pixel' }).data[0],
    ).toBe(14)
  })

  test('regions of no size are 1 long without half_pixel', () => {
    expect(align([2, 2, 2, 2], {}, { opset: 10 }).data[0]).toBe((2.5 * 7 * 2) / 2)
    expect(align([2, 2, 2, 2]).data[0]).toBe(0)
  })

  test('as many samples as a cell has elements, unless sampling_ratio says', () => {
    const linear = align([1, 1, 5, 5], { output_height: 2, output_width: 2 })
    expect(numbers(linear)).toEqual([10.5, 12.5, 22.5, 24.5])
    expect(numbers(align([1, 1, 5, 5], { output_height: 2, output_width: 2, sampling_ratio: 7 }))).toEqual(
      numbers(linear).map((value) => expect.closeTo(value, 4)),
    )
  })

  test('samples up to one element outside take the border, farther ones are 0', () => {
    const point = (x: number, y: number) =>
      align([x, y, x + 1, y + 1], { sampling_ratio: 1, coordinate_transformation_mode: 'half_pixel' }).data[0]
    expect(point(0, 0)).toBe(0)
    expect(point(5, 5)).toBe(35)
    expect(point(6, 6)).toBe(35)
    expect(point(6.5, 5)).toBe(0)
  })

  test('mode max takes the largest weighted corner, as the reference', () => {
    const X = tensor([
      [
        [
          [1, 2],
          [3, 4],
        ],
      ],
    ])
    const { Y } = roiAlign(
      { X, rois: tensor([[0.25, 0.5, 1.25, 1.5]]), batch_indices: images(0n) },
      { mode: 'max', sampling_ratio: 1 },
    )
    expect(Y.data[0]).toBe(Math.max(0.75 * 0.5 * 1, 0.25 * 0.5 * 2, 0.75 * 0.5 * 3, 0.25 * 0.5 * 4))
  })

  test('NaN in the image reaches the cells that sample beside it, and no others', () => {
    const X = tensor(arange.data.slice(), [1, 1, 6, 6])
    X.data[7] = Number.NaN
    for (const mode of ['avg', 'max'] as const) {
      const { Y } = roiAlign(
        { X, rois: tensor([[0, 0, 6, 6]]), batch_indices: images(0n) },
        { mode, output_height: 2, output_width: 2 },
      )
      expect(numbers(Y).map(Number.isNaN)).toEqual([true, false, false, false])
    }
  })

  test('float64 keeps its precision', () => {
    const X = tensor(Float64Array.of(0.1, 0.2, 0.3, 0.4), [1, 1, 2, 2])
    const rois = tensor(Float64Array.of(0.3, 0.3, 1.3, 1.3), [1, 4])
    const { Y } = roiAlign({ X, rois, batch_indices: images(0n) }, { sampling_ratio: 1 })
    expect(Y.data[0]).toBeCloseTo(0.1 + 0.3 * 0.1 + 0.3 * 0.2, 14)
  })
})
