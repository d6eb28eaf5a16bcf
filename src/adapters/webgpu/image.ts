/**
 * @file Pictures that a browser or its GPU holds, as tensors on the GPU: copied there without passing through the CPU's memory.
 */
import { invalid, PoolError } from '../../errors.ts'
import type { Context } from './context.ts'
import { faultOf, GpuTensor } from './gpu-tensor.ts'
import { assertTexture, bytesPerPixel, copyPixels, format, type Size, textureUsages } from './texture.ts'

/** What `gpu.image` takes: pictures of a browser, the frames of a video, and textures. */
export type GpuImageSource = GPUCopyExternalImageSource | GPUTexture

export function imageOn(context: Context, source: GpuImageSource): GpuTensor {
  const op = 'gpu.image'
  context.assertUsable(op)
  const { device } = context
  const texture = isTexture(source) ? source : null
  if (texture !== null) assertTexture(op, 'source', texture, textureUsages.copySource, 'COPY_SRC')
  const size = texture === null ? sizeOf(op, source) : extentOf(texture)
  if (texture === null && !hasPictures(device)) throw withoutPictures(op)
  const { width, height, depthOrArrayLayers: layers } = size
  const shape = [layers, height, width, bytesPerPixel]
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  try {
    const from = texture ?? upload(op, device, source as GPUCopyExternalImageSource, size)
    const buffer = context.elements(op, 'source', width * height * layers * bytesPerPixel)
    copyPixels(context, op, from, size, { buffer, offset: 0 }, 'in')
    if (texture === null) from.destroy()
    const scopes = [device.popErrorScope(), device.popErrorScope()]
    const fault = Promise.all(scopes.map((scope) => scope.catch(() => null))).then((errors) => {
      const error = errors.find((each) => each !== null)
      return error == null ? null : faultOf(op, error)
    })
    return new GpuTensor({
      context,
      buffer,
      shape,
      dtype: 'uint8',
      offset: 0,
      isOwn: true,
      fault,
      windows: null,
    })
  } catch (error) {
    device.popErrorScope().catch(() => {})
    device.popErrorScope().catch(() => {})
    throw error
  }
}

function isTexture(source: unknown): source is GPUTexture {
  return typeof (source as Partial<GPUTexture> | null)?.createView === 'function'
}

function extentOf({ width, height, depthOrArrayLayers }: GPUTexture): Size {
  return { width, height, depthOrArrayLayers }
}

/** Node has none, although its queue has the function. */
function hasPictures({ queue }: GPUDevice): boolean {
  return typeof ImageBitmap === 'function' && typeof queue.copyExternalImageToTexture === 'function'
}

function upload(op: string, device: GPUDevice, source: GPUCopyExternalImageSource, size: Size): GPUTexture {
  const { copySource, copyTarget, attachment } = textureUsages
  const texture = device.createTexture({ size, format, usage: copySource | copyTarget | attachment })
  try {
    device.queue.copyExternalImageToTexture({ source }, { texture, premultipliedAlpha: false }, size)
    return texture
  } catch (cause) {
    texture.destroy()
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'source', value: source },
      `cannot be copied: ${(cause as Error).message}`,
      'Pass a picture of this origin that is loaded and not closed.',
    )
  }
}

/** Every kind of source has its own names. */
const names = [
  ['displayWidth', 'displayHeight'],
  ['videoWidth', 'videoHeight'],
  ['naturalWidth', 'naturalHeight'],
  ['width', 'height'],
] as const

function sizeOf(op: string, source: unknown): Size {
  const given = (typeof source === 'object' ? (source ?? {}) : {}) as Readonly<Record<string, unknown>>
  const found = names
    .map((pair) => pair.map((name) => given[name]))
    .find(([width]) => typeof width === 'number')
  const [width, height] = (found ?? [0, 0]) as [number, number]
  if (width > 0 && height > 0) return { width, height, depthOrArrayLayers: 1 }
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'source', value: source },
    'must be an ImageBitmap, a canvas, an image, a video, a VideoFrame or a GPUTexture with pixels',
    'Wait until it is loaded, or upload pixels with gpu.tensor(imageData.data, [1, height, width, 4]).',
  )
}

function withoutPictures(op: string): PoolError {
  return new PoolError(
    'UNAVAILABLE',
    `${op}: source = a picture; this runtime has none on its GPU. Upload pixels with gpu.tensor(data, [1, height, width, 4]).`,
    { op, argument: 'source' },
  )
}
