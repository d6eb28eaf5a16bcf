import { describe, expect, test } from 'vitest'
import * as pool from '../../src/index.ts'

const { rand, tensor } = pool
const x = rand([2, 3, 4, 6], { seed: 2 })
const mask = tensor(
  Uint8Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 0 : 1)),
  [2, 4, 6],
)

describe('options of a call', () => {
  test('a mask differs from call to call, forward and backward', () => {
    const layer = new pool.AvgPool2d({ kernelSize: 2 })
    const options = { kernelSize: 2, mask }
    const y = layer.forward(x, { mask })
    expect(y).toEqual(pool.avgPool2d(x, options))
    expect(layer.backward(y, x, { mask })).toEqual(pool.avgPool2dBackward(y, x, options))
    expect(layer.forward(x)).toEqual(pool.avgPool2d(x, { kernelSize: 2 }))
    expect(layer.options).toEqual({ kernelSize: 2 })
  })

  test('beside indices, or without them', () => {
    const layer = new pool.MaxPool2d({ kernelSize: 3, returnIndices: true })
    const few = { mask, minCount: 5, fill: 0 }
    const { output, indices } = layer.forward(x, few)
    expect({ output, indices }).toEqual(pool.maxPool2d(x, { kernelSize: 3, returnIndices: true, ...few }))
    const dx = pool.maxPool2dBackward(output, x, { kernelSize: 3, ...few })
    expect(layer.backward(output, x, indices, few)).toEqual(dx)
    expect(layer.backward(output, x, undefined, few)).toEqual(dx)
    expect(layer.backward(output, x, indices)).toEqual(dx)
  })

  test('they replace those of the layer', () => {
    const layer = new pool.AdaptiveAvgPool2d({ outputSize: 1, nodata: 9, fill: 1 })
    const nines = tensor(new Float32Array(4).fill(9), [1, 1, 2, 2])
    expect(layer.forward(nines).toArray()).toEqual([[[[1]]]])
    expect(layer.forward(nines, { nodata: 8 }).toArray()).toEqual([[[[9]]]])
  })

  test('other options, and layers that leave nothing out, refuse them', () => {
    expect(() => new pool.MaxPool2d({ kernelSize: 2 }).forward(x, { kernelSize: 3 } as never)).toThrow(
      'kernelSize',
    )
    expect(() => new pool.BlurPool2d({}).forward(x, { mask })).toThrow('number of arguments = 2')
    expect(() => new pool.MaxPool2d({ kernelSize: 2 }).forward(x, 3 as never)).toThrow(pool.PoolError)
  })
})
