import { describe, expect, expectTypeOf, it } from 'vitest'
import * as pool from '../../src/index.ts'
import {
  AdaptiveAvgPool2d,
  AvgPool2d,
  FractionalMaxPool2d,
  LPPool2d,
  MaxPool2d,
  MaxUnpool2d,
  Pool2D,
  type PooledWithIndices,
  rand,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import { codeOf } from '../support/refusals.ts'

const x = rand([3, 2, 5, 5], { seed: 0 })

describe('Pool2D', () => {
  it('gives the tutorial its shape by default', () => {
    const layer = new Pool2D()
    expect(layer.options).toEqual({ size: [2, 2], mode: 'max', stride: 1 })
    expect(layer.forward(x).shape).toEqual([3, 2, 4, 4])
    expect(layer.outputShape([3, 2, 5, 5])).toEqual([3, 2, 4, 4])
    expect(String(layer)).toBe("Pool2D(size=(2, 2), mode='max', stride=1)")
  })

  it('pools each channel by itself', () => {
    const plane = [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]
    const input = tensor([[plane, plane.map((row) => row.map((value) => 10 * value))]])
    expect(new Pool2D().forward(input).toArray()).toEqual([
      [
        [
          [5, 6],
          [8, 9],
        ],
        [
          [50, 60],
          [80, 90],
        ],
      ],
    ])
    expect(new Pool2D({ mode: 'average' }).forward(input).toArray()).toEqual([
      [
        [
          [3, 4],
          [6, 7],
        ],
        [
          [30, 40],
          [60, 70],
        ],
      ],
    ])
  })

  it('takes height before width', () => {
    const input = tensor(
      Float32Array.from({ length: 15 }, (_, i) => i),
      [1, 1, 3, 5],
    )
    expect(new Pool2D({ size: [1, 3] }).forward(input).toArray()).toEqual([
      [
        [
          [2, 3, 4],
          [7, 8, 9],
          [12, 13, 14],
        ],
      ],
    ])
  })

  it('keeps the last window where the stride does not divide', () => {
    expect(new Pool2D({ stride: 2 }).outputShape([1, 1, 4, 4])).toEqual([1, 1, 2, 2])
    expect(new Pool2D({ stride: 3 }).forward(rand([1, 1, 5, 5])).shape).toEqual([1, 1, 2, 2])
  })

  it('has the gradient of its mode', () => {
    const input = tensor([
      [
        [1, 4],
        [3, 2],
      ],
    ])
    expect(new Pool2D().backward([[[8]]], input).toArray()).toEqual([
      [
        [0, 8],
        [0, 0],
      ],
    ])
    expect(new Pool2D({ mode: 'average' }).backward([[[8]]], input).toArray()).toEqual([
      [
        [2, 2],
        [2, 2],
      ],
    ])
  })

  it('refuses an unknown mode instead of giving zeros', () => {
    expect(codeOf(() => new Pool2D({ mode: 'avg' as never }))).toBe('BAD_PARAM')
    expect(codeOf(() => new Pool2D({ padding: 1 } as never))).toBe('BAD_PARAM')
    expect(codeOf(() => new Pool2D({ size: 0 }))).toBe('BAD_PARAM')
  })
})

describe('layers', () => {
  it('run the function of their name', () => {
    const options = { kernelSize: 3, stride: 2, padding: 1 }
    const layer = new MaxPool2d(options)
    const dy = rand([3, 2, 3, 3], { seed: 1 })
    expect(layer.forward(x)).toEqual(pool.maxPool2d(x, options))
    expect(layer.backward(dy, x)).toEqual(pool.maxPool2dBackward(dy, x, options))
    expect(layer.outputShape([2, 5, 5])).toEqual([2, 3, 3])
    expect(new AvgPool2d(options).forward(x)).toEqual(pool.avgPool2d(x, options))
    expect(new AdaptiveAvgPool2d({ outputSize: [1, null] }).forward(x).shape).toEqual([3, 2, 1, 5])
  })

  it('give indices by their options, to the type checker too', () => {
    const layer = new MaxPool2d({ kernelSize: 2, returnIndices: true })
    const { output, indices } = layer.forward(x)
    const back = new MaxUnpool2d({ kernelSize: 2, outputSize: [5, 5] })
    expect(back.forward(output, indices).shape).toEqual([3, 2, 5, 5])
    expect(back.backward(rand([3, 2, 5, 5]), output, indices).shape).toEqual([3, 2, 2, 2])
    expectTypeOf(layer.forward(x)).toEqualTypeOf<PooledWithIndices<Float32Array>>()
    expectTypeOf(new MaxPool2d({ kernelSize: 2 }).forward(x)).toEqualTypeOf<Tensor<Float32Array>>()
    expectTypeOf(pool.maxPool2d(x, { kernelSize: 2 })).toEqualTypeOf<Tensor<Float32Array>>()
    expectTypeOf(pool.maxPool2d(x, { kernelSize: 2, returnIndices: true })).toEqualTypeOf<
      PooledWithIndices<Float32Array>
    >()
  })

  it('refuse bad options when they are made, before any input', () => {
    expect(codeOf(() => new MaxPool2d({ kernelSize: 0 }))).toBe('BAD_PARAM')
    expect(codeOf(() => new MaxPool2d({ kernelSize: 2, padding: 2 }))).toBe('BAD_PARAM')
    expect(codeOf(() => new AvgPool2d({ kernelSize: 2, divisorOverride: 0 }))).toBe('BAD_PARAM')
    expect(codeOf(() => new LPPool2d({ kernelSize: 2, normType: 0 }))).toBe('BAD_PARAM')
    expect(codeOf(() => new AdaptiveAvgPool2d({ outputSize: -1 }))).toBe('BAD_PARAM')
    expect(codeOf(() => new MaxUnpool2d({ kernelSize: 2, dilation: 2 } as never))).toBe('BAD_PARAM')
  })

  it('keep their own copy of the options, arrays too', () => {
    const kernelSize = [2, 2]
    const layers = [new MaxPool2d({ kernelSize, stride: 2 }), new Pool2D({ size: kernelSize, stride: 2 })]
    kernelSize[0] = 3
    for (const layer of layers) expect(layer.outputShape([3, 2, 5, 5])).toEqual([3, 2, 2, 2])
  })

  it('take tensors only, and no output of their own', () => {
    const layer = new MaxPool2d({ kernelSize: 2 })
    const loose = layer as unknown as { forward(...inputs: unknown[]): unknown }
    expect(codeOf(() => loose.forward(x, { kernelSize: 4 }))).toBe('BAD_PARAM')
    expect(codeOf(() => loose.forward())).toBe('BAD_PARAM')
    expect(codeOf(() => new MaxPool2d({ kernelSize: 2, out: new Float32Array(24) }))).toBe('BAD_PARAM')
  })

  it('send gradients back by the indices that forward returned', () => {
    const layer = new FractionalMaxPool2d({ kernelSize: 2, outputSize: 3, returnIndices: true })
    const { output, indices } = layer.forward(x)
    const dx = layer.backward(output, x, indices)
    expect(dx.shape).toEqual(x.shape)
    expect(codeOf(() => layer.backward(output, x))).toBe('BAD_PARAM')
  })
})
