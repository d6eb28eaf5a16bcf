/**
 * @file Pixels whose channels share a mark, in fewer and in more bytes than a vector.
 */
import { describe, expect, test } from 'vitest'
import { withBackend } from '../../../src/kernels/backend.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { rand } from '../../../src/tensor/create.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'

const [height, width] = [37, 29]
const mask = new Tensor(
  Uint8Array.from({ length: 2 * height * width }, (_, i) => Number((i * 7) % 11 > 3)),
  [2, height, width],
)
const storages = { int8: Int8Array, uint16: Uint16Array, float32: Float32Array, float64: Float64Array }

describe.each(Object.keys(storages) as (keyof typeof storages)[])('pixels of %s', (dtype) => {
  test.each([2, 3, 4, 5, 7, 8, 12, 15, 16, 17])('with %i channels keep those that count', (channels) => {
    const shape = [2, height, width, channels]
    const values = Array.from(rand(shape, { seed: channels }).data as Float32Array, (value) =>
      Math.floor(100 * value),
    )
    const x = new Tensor(storages[dtype].from(values), shape)
    for (const options of [
      { kernelSize: 2 },
      { kernelSize: 3, stride: 2, padding: 1 },
      { kernelSize: 5, stride: 5 },
    ])
      for (const pool of [maxPool2d, avgPool2d]) {
        const pooled = () => pool(x, { ...options, layout: 'NHWC', mask, fill: 1, minCount: 2 }).data
        expect(pooled()).toEqual(withBackend('reference', pooled))
      }
  })
})
