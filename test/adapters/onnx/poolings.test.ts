import { describe, expect, test } from 'vitest'
import {
  averagePool,
  globalAveragePool,
  globalLpPool,
  globalMaxPool,
  lpPool,
  maxPool,
  maxUnpool,
  runNode,
} from '../../../src/adapters/onnx/index.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { rand, tensor, zeros } from '../../../src/tensor/create.ts'

const arange = (...shape: number[]) =>
  tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
    shape,
  )

describe("ONNX's defaults are not PyTorch's", () => {
  const x = rand([2, 3, 7, 6], { seed: 3 })

  test('strides are 1, pads are not counted', () => {
    expect(maxPool({ X: x }, { kernel_shape: [3, 2] }).Y.toArray()).toEqual(
      maxPool2d(x, { kernelSize: [3, 2], stride: 1 }).toArray(),
    )
    expect(averagePool({ X: x }, { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }).Y.toArray()).toEqual(
      avgPool2d(x, { kernelSize: 3, stride: 1, padding: 1, countIncludePad: false }).toArray(),
    )
  })

  test('pads are all begins, then all ends', () => {
    const padding = [
      [2, 0],
      [0, 1],
    ] as const
    expect(maxPool({ X: x }, { kernel_shape: [3, 3], pads: [2, 0, 0, 1] }).Y.toArray()).toEqual(
      maxPool2d(x, { kernelSize: 3, stride: 1, padding }).toArray(),
    )
  })

  test('numbers come as bigints and in typed arrays too', () => {
    const plain = maxPool({ X: x }, { kernel_shape: [2, 2], strides: [2, 1], ceil_mode: 1 })
    const typed = runNode(
      {
        opType: 'MaxPool',
        attributes: { kernel_shape: [2n, 2n], strides: Int32Array.of(2, 1) as never, ceil_mode: 1n },
      },
      [x],
    )
    expect(typed.map((y) => y.toArray())).toEqual([plain.Y.toArray(), plain.Indices.toArray()])
  })
})

describe('Indices', () => {
  test('count over the whole tensor', () => {
    const { Indices } = maxPool({ X: arange(2, 2, 2, 2) }, { kernel_shape: [2, 2] })
    expect(Indices.toArray()).toEqual([
      [[[3n]], [[7n]]],
      [[[11n]], [[15n]]],
    ])
    expect(Indices.dtype).toBe('int64')
    expect(Indices.data).toBeInstanceOf(BigInt64Array)
  })

  test('storage_order 1 counts a plane column by column', () => {
    const x = arange(1, 2, 2, 3, 4)
    const order = (storage_order: number) =>
      maxPool({ X: x }, { kernel_shape: [1, 1, 1], storage_order }).Indices.data
    expect(Array.from(order(0), Number)).toEqual(Array.from(x.data))
    const columns = Array.from(x.data, (flat) => {
      const [plane, d, h, w] = [
        Math.floor(flat / 24),
        Math.floor(flat / 12) % 2,
        Math.floor(flat / 4) % 3,
        flat % 4,
      ]
      return plane * 24 + d + h * 2 + w * 6
    })
    expect(Array.from(order(1), Number)).toEqual(columns)
  })

  test('can be left out', () => {
    const outputs = maxPool({ X: arange(1, 1, 4) }, { kernel_shape: [2] }, { indices: false })
    expect(Object.keys(outputs)).toEqual(['Y'])
    expect(
      runNode({ opType: 'MaxPool', attributes: { kernel_shape: [2] }, outputs: 1 }, [arange(1, 1, 4)]),
    ).toHaveLength(1)
  })

  test('MaxUnpool puts maxima back', () => {
    const X = rand([2, 2, 6, 6], { seed: 5 })
    const window = { kernel_shape: [2, 2], strides: [2, 2] }
    const { Y, Indices } = maxPool({ X }, window)
    const { output } = maxUnpool({ X: Y, I: Indices }, window)
    expect(output.shape).toEqual(X.shape)
    expect(output.data.every((value, i) => value === 0 || value === X.data[i])).toBe(true)
    expect(maxPool({ X: output }, window).Y.toArray()).toEqual(Y.toArray())
  })
})

describe('the numeric contract', () => {
  test('the first of equal maxima', () => {
    const { Indices } = maxPool({ X: zeros([1, 1, 3, 3]) }, { kernel_shape: [2, 2] })
    expect(Array.from(Indices.data)).toEqual([0n, 1n, 3n, 4n])
  })

  test('-0 and +0 are equal, the first is kept', () => {
    expect(Object.is(maxPool({ X: tensor([[[-0, 0]]]) }, { kernel_shape: [2] }).Y.data[0], -0)).toBe(true)
    expect(Object.is(maxPool({ X: tensor([[[0, -0]]]) }, { kernel_shape: [2] }).Y.data[0], 0)).toBe(true)
  })

  test('NaN wins, the last of several', () => {
    const { Y, Indices } = maxPool(
      {
        X: tensor([
          [
            [
              [NaN, 5],
              [7, NaN],
            ],
          ],
        ]),
      },
      { kernel_shape: [2, 2] },
    )
    expect([Y.data[0], Indices.data[0]]).toEqual([NaN, 3n])
    expect(globalMaxPool({ X: tensor([[[1, NaN, 3]]]) }).Y.data[0]).toBeNaN()
  })

  test('-Infinity is a value like others', () => {
    const { Y, Indices } = maxPool({ X: tensor([[[-Infinity, -Infinity]]]) }, { kernel_shape: [2] })
    expect([Y.data[0], Indices.data[0]]).toEqual([-Infinity, 0n])
  })

  test('norms are of absolute values', () => {
    expect(lpPool({ X: tensor([[[-3, -4]]]) }, { kernel_shape: [2], p: 3 }).Y.data[0]).toBeCloseTo(4.4979, 4)
  })

  test('the overhang of ceil mode is not counted, pads are', () => {
    const ones = tensor([[[1, 1, 1, 1, 1, 1]]])
    const attributes = { kernel_shape: [3], strides: [2], pads: [1, 1], ceil_mode: 1, count_include_pad: 1 }
    const { Y } = averagePool({ X: ones }, attributes)
    expect(Array.from(Y.data as Float32Array, (value) => value.toFixed(3))).toEqual([
      '0.667',
      '1.000',
      '1.000',
      '0.500',
    ])
  })
})

describe('global pooling keeps the rank', () => {
  test.each([[[2, 3, 5]], [[2, 3, 4, 5]], [[1, 2, 2, 3, 2, 2]]])('%j', (shape) => {
    const X = arange(...shape)
    const expected = [...shape.slice(0, 2), ...shape.slice(2).map(() => 1)]
    for (const { Y } of [globalMaxPool({ X }), globalAveragePool({ X }), globalLpPool({ X })]) {
      expect(Y.shape).toEqual(expected)
    }
  })

  test('values', () => {
    const X = tensor([[[3, -4]]])
    expect(globalAveragePool({ X }).Y.toArray()).toEqual([[[-0.5]]])
    expect(globalLpPool({ X }).Y.toArray()).toEqual([[[5]]])
    expect(globalLpPool({ X }, { p: 1 }, { opset: 22 }).Y.toArray()).toEqual([[[7]]])
    expect(globalLpPool({ X }, { p: 1.5 }, { opset: 1 }).Y.data[0]).toBeCloseTo(
      (3 ** 1.5 + 4 ** 1.5) ** (1 / 1.5),
      5,
    )
  })
})

describe('what ONNX Runtime refuses', () => {
  test('four spatial axes', () => {
    const { Y, Indices } = maxPool({ X: arange(1, 1, 2, 2, 2, 2) }, { kernel_shape: [2, 2, 2, 2] })
    expect([Y.toArray(), Indices.toArray()]).toEqual([[[[[[[15]]]]]], [[[[[[15n]]]]]]])
  })

  test('a batch of 0 gives one of 0', () => {
    expect(maxPool({ X: zeros([0, 3, 8, 8]) }, { kernel_shape: [2, 2] }).Indices.shape).toEqual([0, 3, 7, 7])
  })

  test.each(['float16', 'bfloat16', 'float64'] as const)('averages of %s', (dtype) => {
    const X = tensor([[[1, 2, 3, 4]]], undefined, dtype)
    expect(averagePool({ X }, { kernel_shape: [2] }).Y.toArray()).toEqual([[[1.5, 2.5, 3.5]]])
  })
})
