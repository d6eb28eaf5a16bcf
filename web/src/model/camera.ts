/**
 * @file A frame of a camera, pooled in the worker: on the GPU, from the picture to the canvas, where one has the pooling; else by the
 * kernels of photographs.
 */
import type { Gpu, GpuTensor } from '../../../src/adapters/webgpu/index.ts'
import { functionName, type Pooling } from '../../../src/render/pooling.ts'
import { isRefusal, openGpu } from './gpu.ts'
import { foldsBytes, optionsFor, type PooledPhoto, pooledPicture, tensorOf } from './photo.ts'

/** @param script  the URL of worker/gpu-script.ts; null for the kernels alone */
export async function poolFrame(
  frame: ImageBitmap,
  pooling: Pooling,
  script: string | null,
): Promise<PooledPhoto> {
  try {
    const hasGpu = script !== null && foldsBytes.has(pooling.op)
    const pooled = hasGpu ? await poolOnGpu(frame, pooling, script) : null
    return pooled ?? pooledPicture(pooling, tensorOf(frame))
  } finally {
    frame.close()
  }
}

/** A device that was lost over a frame would be lost over the next. */
let isUsable = true

/** null where there is no GPU, or it fails, or refuses what the kernels may take. */
async function poolOnGpu(frame: ImageBitmap, pooling: Pooling, script: string): Promise<PooledPhoto | null> {
  const gpu = isUsable ? await openGpu(script).catch(() => null) : null
  isUsable = gpu !== null
  if (gpu === null) return null
  const began = performance.now()
  const x = gpu.image(frame)
  try {
    const options = optionsFor(pooling, [1, 4, frame.height, frame.width])
    const pool = gpu[functionName(pooling) as 'maxPool2d'] as (x: GpuTensor, options: unknown) => GpuTensor
    const y = pool(x, options)
    const [, height, width] = y.shape as [number, number, number]
    const bitmap = show(gpu, y)
    y.dispose()
    await gpu.device.queue.onSubmittedWorkDone()
    return { width, height, bitmap, milliseconds: performance.now() - began, backend: 'webgpu' }
  } catch (error) {
    isUsable = isRefusal(error) && error.code !== 'UNAVAILABLE'
    return null
  } finally {
    x.dispose()
  }
}

const canvas = new OffscreenCanvas(1, 1)
const context = canvas.getContext('webgpu')
let configured: GPUDevice | null = null

/** Draws bytes by a copy alone. */
function show(gpu: Gpu, y: GpuTensor): ImageBitmap {
  const { device } = gpu
  const [, height, width] = y.shape as [number, number, number]
  Object.assign(canvas, { width, height })
  if (configured !== device)
    context!.configure({ device, format: 'rgba8unorm', usage: GPUTextureUsage.COPY_DST })
  configured = device
  gpu.texture(y, { out: context!.getCurrentTexture() })
  return canvas.transferToImageBitmap()
}
