/**
 * @file What a page runs to try pooling on a GPU: the contract of test/webgpu, and what its stack does to floats.
 */
import { Context } from '../../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../../src/adapters/webgpu/device.ts'
import { webgpu } from '../../../src/adapters/webgpu/index.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { tensor } from '../../../src/tensor/create.ts'
import type { Outcome } from '../../../test/kernels/outcome.ts'
import { trials, tryContract } from '../../../test/webgpu/contract.ts'
import { type Finding, findHazards } from '../../../test/webgpu/hazards/probes.ts'

export { differencesFrom, rowsOf } from '../../../test/webgpu/hazards/table.ts'
export { refusedShaders } from '../../../test/webgpu/shaders.ts'
export { findHazards }

export const groups = Object.keys(trials)

/** null where the browser finds no adapter. */
export async function adapterName(): Promise<string | null> {
  const adapter = await navigator.gpu?.requestAdapter()
  return adapter == null ? null : `${adapter.info.vendor} ${adapter.info.architecture}`
}

export async function tryGroup(group: string, count: number): Promise<Outcome> {
  const context = new Context(await requestDevice(), true)
  try {
    return await tryContract(context, group, count, { largeEvery: 5 })
  } finally {
    context.dispose()
  }
}

export async function hazards(): Promise<readonly Finding[]> {
  const device = await requestDevice()
  try {
    return await findHazards(device)
  } finally {
    device.destroy()
  }
}

/** Differences between pictures pooled on the GPU and by pool2d, of ImageBitmaps, one of a VideoFrame, and of canvases; each has rows of 52 bytes. */
export async function pooledPictures(): Promise<Readonly<Record<string, number>>> {
  const [width, height] = [13, 10]
  const canvas = new OffscreenCanvas(width, height)
  const paint = canvas.getContext('2d', { willReadFrequently: true })!
  const pixels = paint.createImageData(width, height)
  pixels.data.set(
    Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 256)),
  )
  paint.putImageData(pixels, 0, 0)
  const element = document.createElement('canvas')
  Object.assign(element, { width, height })
  element.getContext('2d')!.putImageData(pixels, 0, 0)
  const bitmap = await createImageBitmap(canvas)
  const video = new VideoFrame(canvas, { timestamp: 0 })
  const frame = await createImageBitmap(video)
  video.close()
  const gpu = await webgpu()
  const x = tensor(new Uint8Array(pixels.data), [1, height, width, 4])
  const options = { kernelSize: 3, stride: 2, layout: 'NHWC' } as const
  const differences: Record<string, number> = {}
  for (const [name, source] of Object.entries({ canvas, element, bitmap, frame })) {
    const image = gpu.image(source)
    const pairs = {
      max: [gpu.maxPool2d(image, options), maxPool2d(x, options)],
      average: [gpu.avgPool2d(image, options), avgPool2d(x, options)],
    } as const
    for (const [op, [pooled, { data: want }]] of Object.entries(pairs)) {
      const got = (await pooled.read()).data
      differences[`${name}, ${op}`] = want.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - Number(got[i]))),
        0,
      )
    }
  }
  gpu.dispose()
  return differences
}
