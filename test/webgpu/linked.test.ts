/**
 * @file Gradients by indices that no pooling of this GPU wrote.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Gpu, webgpu } from '../../src/adapters/webgpu/index.ts'
import { maxPool2dBackward, rand, tensor } from '../../src/index.ts'
import { firstDifference, randomOf } from '../kernels/jobs.ts'
import './adapter.ts'

let gpu: Gpu
beforeAll(async () => {
  gpu = await webgpu()
})
afterAll(() => gpu.dispose())

const options = { kernelSize: 3, stride: 1, padding: 1 } as const

describe.each(['NCHW', 'NHWC'] as const)('%s', (layout) => {
  const [n, c, h, w] = [2, 3, 23, 21] as const
  const shape = layout === 'NCHW' ? [n, c, h, w] : [n, h, w, c]
  const random = randomOf(7)
  const somewhere = (): number => Math.floor(random() * h * w)
  const kinds: Readonly<Record<string, (i: number) => number>> = {
    'anywhere in the plane': somewhere,
    'few, each of many windows': (i) => (i % 5) * 40,
    'one of all windows': () => 17,
    'many of one window, one of many': (i) => (i % 3 === 0 ? 33 : somewhere()),
  }

  it.each(
    Object.entries(kinds).flatMap(([name, indexOf]) =>
      (['float32', 'float16', 'bfloat16'] as const).map((dtype) => ({ name, indexOf, dtype })),
    ),
  )('elements $name, $dtype, have the bits of pool2d', async ({ indexOf, dtype }) => {
    const x = rand(shape, { seed: 1, dtype })
    const dy = rand(shape, { seed: 2, dtype })
    const indices = tensor(
      Int32Array.from({ length: x.size }, (_, i) => indexOf(i)),
      shape,
      'int32',
    )
    const want = maxPool2dBackward(dy, x, { ...options, layout, indices })
    const [ownDy, ownX, ownIndices] = [dy, x, indices].map((each) => gpu.tensor(each))
    const dx = gpu.maxPool2dBackward(ownDy!, ownX!, { ...options, layout, indices: ownIndices! })
    const got = await dx.read()
    expect(got.dtype).toBe(dtype)
    expect(firstDifference(got.data, want.data)).toBe(-1)
  })

  it('an index outside the plane gives nothing', async () => {
    const dy = Float32Array.from({ length: n * c * h * w }, (_, i) => (i % 7) - 3)
    const outside = (i: number): boolean => i % 4 === 0
    const inside = Int32Array.from(dy, somewhere)
    const indices = inside.map((index, i) => (outside(i) ? (i % 8 === 0 ? -1 : h * w) : index))
    const x = rand(shape, { seed: 1 })
    const want = maxPool2dBackward(
      tensor(
        dy.map((value, i) => (outside(i) ? 0 : value)),
        shape,
      ),
      x,
      { ...options, layout, indices: tensor(inside, shape, 'int32') },
    )
    const dx = gpu.maxPool2dBackward(gpu.tensor(dy, shape), gpu.tensor(x), {
      ...options,
      layout,
      indices: gpu.tensor(indices, shape, 'int32'),
    })
    expect(firstDifference((await dx.read()).data, want.data)).toBe(-1)
  })
})
