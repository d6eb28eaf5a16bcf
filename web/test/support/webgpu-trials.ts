/**
 * @file What a page runs to try pooling on a GPU: the contract of test/webgpu, and what its stack does to floats.
 */
import { Context } from '../../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../../src/adapters/webgpu/device.ts'
import { type Gpu, type GpuImageSource, webgpu } from '../../../src/adapters/webgpu/index.ts'
import { isPoolError } from '../../../src/errors.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { tensor } from '../../../src/tensor/create.ts'
import type { Outcome } from '../../../test/kernels/outcome.ts'
import { trials, tryContract } from '../../../test/webgpu/contract.ts'
import { type Finding, findHazards } from '../../../test/webgpu/hazards/probes.ts'
import { refusedShaders } from '../../../test/webgpu/refused-shaders.ts'

export { differencesFrom, rowsOf } from '../../../test/webgpu/hazards/table.ts'
export { findHazards, refusedShaders }

export const groups = Object.keys(trials)

/** null where the browser finds no adapter. */
export async function adapterName(): Promise<string | null> {
  const adapter = await navigator.gpu?.requestAdapter()
  return adapter == null ? null : `${adapter.info.vendor} ${adapter.info.architecture}`
}

export async function tryGroup(group: string, count: number, seed: number): Promise<Outcome> {
  const context = new Context(await requestDevice(), true)
  try {
    return await tryContract(context, group, count, { seed, largeEvery: 5 })
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

export async function refusedHere(shaders: readonly string[]): Promise<readonly string[]> {
  const device = await requestDevice()
  try {
    return await refusedShaders(device, shaders)
  } finally {
    device.destroy()
  }
}

/** What a read says whose device is lost amid it, and what the next device sums. */
export async function lossAmidRead(): Promise<{ readonly code: string; readonly sums: readonly number[] }> {
  const sumOn = (gpu: Gpu) => gpu.sumPool2d(gpu.tensor([[[1, 2]]]), { kernelSize: [1, 2] }).read()
  const lost = await webgpu()
  const reading = sumOn(lost).then(
    () => 'no error',
    (error: unknown) => (isPoolError(error) ? error.code : `not a PoolError: ${error}`),
  )
  lost.device.destroy()
  const code = await reading
  await lost.lost
  const next = await webgpu()
  const { data } = await sumOn(next)
  next.dispose()
  return { code, sums: Array.from(data, Number) }
}

/** Pixels of a canvas, without alpha. */
function painted(width: number, height: number): readonly [HTMLCanvasElement, ImageData] {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const paint = canvas.getContext('2d', { willReadFrequently: true })!
  const pixels = paint.createImageData(width, height)
  pixels.data.set(
    Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 256)),
  )
  paint.putImageData(pixels, 0, 0)
  return [canvas, pixels]
}

/** The largest differences between a source pooled on the GPU, and its pixels pooled by pool2d. */
async function differencesOf(
  gpu: Gpu,
  source: GpuImageSource,
  pixels: ImageData,
): Promise<readonly number[]> {
  const { width, height, data } = pixels
  const x = tensor(new Uint8Array(data), [1, height, width, 4])
  const options = { kernelSize: 3, stride: 2, layout: 'NHWC' } as const
  const image = gpu.image(source)
  const pairs = [
    [gpu.maxPool2d(image, options), maxPool2d(x, options)],
    [gpu.avgPool2d(image, options), avgPool2d(x, options)],
  ] as const
  return Promise.all(
    pairs.map(async ([pooled, { data: want }]) => {
      const got = (await pooled.read()).data
      return want.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(got[i]))), 0)
    }),
  )
}

/** Differences of ImageBitmaps, one of a VideoFrame, and of canvases, whose rows have 52 bytes, for maxima and averages. */
export async function pooledPictures(): Promise<Readonly<Record<string, readonly number[]>>> {
  const [element, pixels] = painted(13, 10)
  const canvas = new OffscreenCanvas(13, 10)
  canvas.getContext('2d')!.putImageData(pixels, 0, 0)
  const bitmap = await createImageBitmap(canvas)
  const video = new VideoFrame(canvas, { timestamp: 0 })
  const frame = await createImageBitmap(video)
  video.close()
  const gpu = await webgpu()
  const differences: Record<string, readonly number[]> = {}
  for (const [name, source] of Object.entries({ canvas, element, bitmap, frame }))
    differences[name] = await differencesOf(gpu, source, pixels)
  gpu.dispose()
  return differences
}

/** What is said of a source that has a size and no pixels. */
export async function refusedPicture(): Promise<string> {
  const gpu = await webgpu()
  try {
    gpu.image({ width: 3, height: 3 } as never)
    return 'no error'
  } catch (error) {
    return isPoolError(error) ? `${error.code} ${error.message}` : `not a PoolError: ${error}`
  } finally {
    gpu.dispose()
  }
}

/** The same of the frame that a video shows, beside what a canvas shows of it. */
export async function pooledVideo(): Promise<readonly number[]> {
  const [source, pixels] = painted(64, 48)
  document.body.append(source)
  const video = document.createElement('video')
  video.muted = true
  video.srcObject = source.captureStream()
  /** A canvas gives a frame when it is painted. */
  const painting = setInterval(() => source.getContext('2d')!.putImageData(pixels, 0, 0), 20)
  await video.play()
  video.pause()
  clearInterval(painting)
  source.remove()
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight)
  const paint = canvas.getContext('2d', { willReadFrequently: true })!
  paint.drawImage(video, 0, 0)
  const gpu = await webgpu()
  const differences = await differencesOf(gpu, video, paint.getImageData(0, 0, canvas.width, canvas.height))
  gpu.dispose()
  return differences
}
