import { afterAll, beforeAll, expect, it } from 'vitest'
import { Context } from '../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../src/adapters/webgpu/device.ts'
import { gpuOn } from '../../src/adapters/webgpu/gpu.ts'
import { type Gpu, webgpu } from '../../src/adapters/webgpu/index.ts'
import { avgPool2d, isPoolError, tensor } from '../../src/index.ts'
import { gpu as adapter } from './adapter.ts'

/** WebGPU's numbers. */
const [copySource, copyTarget, binding] = [1, 2, 4]
const half = { kernelSize: 2, layout: 'NHWC' } as const

let gpu: Gpu
beforeAll(async () => {
  expect(adapter).toBe(navigator.gpu)
  gpu = await webgpu()
})
afterAll(() => gpu.dispose())

const bytes = (shape: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: shape.reduce((size, length) => size * length, 1) }, (_, i) => (i * 7919) >> 3)

const textureWith = (over: Partial<GPUTextureDescriptor> = {}): GPUTexture =>
  gpu.device.createTexture({
    size: [3, 2, 1],
    format: 'rgba8unorm',
    usage: copySource | copyTarget | binding,
    ...over,
  })

/** Rows of 12, 256, 260 and 512 bytes; several layers. */
it.each([
  [1, 2, 3, 4],
  [1, 3, 64, 4],
  [1, 1, 65, 4],
  [3, 5, 128, 4],
  [2, 7, 9, 4],
])('carries the pixels of %d, %d, %d, %d into a texture and back', async (...shape) => {
  const data = bytes(shape)
  const made = gpu.texture(gpu.tensor(data, shape))
  expect([made.width, made.height, made.depthOrArrayLayers]).toEqual([shape[2], shape[1], shape[0]])
  const back = await gpu.image(made).read()
  expect(back.shape).toEqual(shape)
  expect(back.data).toEqual(data)
})

it('carries the pixels of pictures that are larger than a binding', async () => {
  const context = Object.assign(new Context(await requestDevice(), true), { largestBinding: 2000 })
  const small = gpuOn(context)
  const shape = [2, 9, 70, 4]
  const data = bytes(shape)
  const buffer = small.device.createBuffer({ size: data.length, usage: 0x80 | 8 })
  small.device.queue.writeBuffer(buffer, 0, data)
  const made = small.texture(small.wrap(buffer, { shape, dtype: 'uint8' }))
  expect((await small.image(made).read()).data).toEqual(data)
  small.dispose()
})

it('pools a texture into a texture of the caller', async () => {
  const shape = [1, 4, 6, 4]
  const data = bytes(shape)
  const out = textureWith()
  const x = gpu.image(gpu.texture(gpu.tensor(data, shape)))
  expect(gpu.texture(gpu.avgPool2d(x, half), { out })).toBe(out)
  expect((await gpu.image(out).read()).data).toEqual(avgPool2d(tensor(data, shape), half).data)
})

it('takes a tensor that begins within a buffer, without the usages of a copy', async () => {
  const data = bytes([3 * 2 * 4 + 4])
  const buffer = gpu.device.createBuffer({ size: data.length, usage: 0x80 | 8 })
  gpu.device.queue.writeBuffer(buffer, 0, data)
  const x = gpu.wrap(buffer, { shape: [1, 2, 3, 4], dtype: 'uint8', offset: 4 })
  expect((await gpu.image(gpu.texture(x)).read()).data).toEqual(data.subarray(4))
})

it('says what a texture cannot be', () => {
  const x = gpu.tensor(bytes([1, 2, 3, 4]), [1, 2, 3, 4])
  const gone = gpu.tensor(bytes([1, 2, 3, 4]), [1, 2, 3, 4])
  gone.dispose()
  const refusals: readonly (readonly [run: () => unknown, says: RegExp])[] = [
    [() => gpu.texture(tensor([1]) as never), /^BAD_DTYPE gpu\.texture: tensor .*gpu\.tensor/],
    [() => gpu.texture(gone), /^UNAVAILABLE gpu\.texture: tensor .*disposed/],
    [() => gpu.texture(gpu.tensor(new Float32Array(24), [1, 2, 3, 4])), /^BAD_DTYPE .*must be uint8/],
    [
      () => gpu.texture(gpu.tensor(bytes([1, 4, 2, 3]), [1, 4, 2, 3])),
      /^BAD_SHAPE .*\[N, height, width, 4\]/,
    ],
    [() => gpu.texture(gpu.tensor(bytes([0]), [1, 0, 3, 4])), /^BAD_SHAPE .*without 0/],
    [() => gpu.texture(gpu.tensor(bytes([1, 1, 2 ** 14, 4]), [1, 1, 2 ** 14, 4])), /^LIMIT .*at most 8192/],
    [() => gpu.texture(x, { to: 1 } as never), /^BAD_PARAM gpu\.texture: to/],
    [() => gpu.texture(x, { out: {} as never }), /^BAD_PARAM .*out .*must be a GPUTexture/],
    [() => gpu.texture(x, { out: textureWith({ size: [4, 2] }) }), /^BAD_SHAPE .*must be \[3, ?2, ?1\]/],
    [
      () => gpu.texture(x, { out: textureWith({ format: 'r32float' }) }),
      /^BAD_PARAM .*out\.format = "r32float"/,
    ],
    [() => gpu.texture(x, { out: textureWith({ dimension: '3d' }) }), /^BAD_PARAM .*out\.dimension = "3d"/],
    [
      () => gpu.texture(x, { out: textureWith({ usage: binding }) }),
      /^BAD_PARAM .*GPUTextureUsage\.COPY_DST/,
    ],
    [() => gpu.image(textureWith({ usage: binding })), /^BAD_PARAM gpu\.image: .*GPUTextureUsage\.COPY_SRC/],
    [() => gpu.image(textureWith({ format: 'bgra8unorm' })), /^BAD_PARAM gpu\.image: source\.format/],
  ]
  for (const [run, says] of refusals) expect(outcomeOf(run)).toMatch(says)
})

function outcomeOf(run: () => unknown): string {
  try {
    run()
    return 'no error'
  } catch (error) {
    return isPoolError(error) ? `${error.code} ${error.message}` : `not a PoolError: ${error}`
  }
}
