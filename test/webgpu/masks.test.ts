/**
 * @file Masks of every form and dtype, on batches that are cut, beside pool2d.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Context } from '../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../src/adapters/webgpu/device.ts'
import { gpuOn } from '../../src/adapters/webgpu/gpu.ts'
import type { Gpu } from '../../src/adapters/webgpu/index.ts'
import * as pool from '../../src/index.ts'
import './adapter.ts'

let context: Context
let gpu: Gpu
beforeAll(async () => {
  context = new Context(await requestDevice(), true)
  gpu = gpuOn(context)
})
afterAll(() => gpu.dispose())

const [n, c, h, w] = [3, 2, 7, 9] as const

const maskOf = (shape: readonly number[]): pool.Tensor => {
  const size = shape.reduce((product, dim) => product * dim, 1)
  return pool.tensor(
    Uint8Array.from({ length: size }, (_, i) => Number((i * 7) % 5 > 1)),
    shape,
  )
}

const shapes = {
  NCHW: [
    [n, c, h, w],
    [n, 1, h, w],
    [1, c, h, w],
    [1, 1, h, w],
    [n, h, w],
    [h, w],
  ],
  NHWC: [
    [n, h, w, c],
    [n, h, w, 1],
    [1, h, w, c],
    [1, h, w, 1],
    [n, h, w],
    [h, w],
  ],
} as const

describe.each(['NCHW', 'NHWC'] as const)('%s', (layout) => {
  it.each(shapes[layout].map((shape) => [shape.join(), shape] as const))(
    'a mask of %s, in bindings that hold one plane',
    async (_, shape) => {
      const x = pool.rand(layout === 'NCHW' ? [n, c, h, w] : [n, h, w, c], { seed: 5 })
      const mask = maskOf(shape)
      const options = {
        kernelSize: 3,
        stride: 2,
        padding: 1,
        layout,
        minCount: 3,
        returnCounts: true,
      } as const
      const { largestBinding } = context
      for (const binding of [largestBinding, 4096]) {
        Object.assign(context, { largestBinding: binding })
        try {
          const own = pool.maxPool2d(x, { ...options, mask, returnIndices: true })
          const other = gpu.maxPool2d(gpu.tensor(x), {
            ...options,
            mask: gpu.tensor(mask),
            returnIndices: true,
          })
          for (const name of ['output', 'indices', 'counts'] as const)
            expect((await other[name].read()).toArray()).toEqual(own[name].toArray())
          const means = { kernelSize: 3, stride: 2, padding: 1, layout, exact: true, nodata: x.data[4]! }
          const dy = pool.rand(own.output.shape, { seed: 6 })
          const there = { ...means, mask: gpu.tensor(Int32Array.from(mask.data as Uint8Array), mask.shape) }
          expect(
            (await gpu.avgPool2dBackward(gpu.tensor(dy), gpu.tensor(x), there).read()).toArray(),
          ).toEqual(pool.avgPool2dBackward(dy, x, { ...means, mask }).toArray())
        } finally {
          Object.assign(context, { largestBinding })
        }
      }
    },
  )
})
