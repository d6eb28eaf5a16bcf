/**
 * @file Pictures that a browser holds, as tensors on the GPU: copied there without passing through the CPU's memory.
 */
import { invalid, PoolError } from '../../errors.ts'
import type { Context } from './context.ts'
import { faultOf, GpuTensor } from './gpu-tensor.ts'
import { record, recorderInto, type Step } from './step.ts'
import { elementwise, type Program } from './wgsl/program.ts'

/** What `gpu.image` takes: pictures of a browser, and the frames of a video. */
export type GpuImageSource = GPUCopyExternalImageSource

/** WebGPU's numbers for textures. */
const usages = { copySource: 1, copyTarget: 2, attachment: 16 }
/** The rows of a texture begin at multiples of this in a buffer. */
const rowAlignment = 256
const bytesPerPixel = 4

export function imageOn(context: Context, source: GpuImageSource): GpuTensor {
  const op = 'gpu.image'
  context.assertUsable(op)
  const [width, height] = sizeOf(op, source)
  const { device } = context
  if (typeof device.queue.copyExternalImageToTexture !== 'function') throw withoutPictures(op)
  const shape = [1, height, width, bytesPerPixel]
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  try {
    const buffer = context.elements(op, 'source', height * width * bytesPerPixel)
    copy(context, source, buffer, width, height)
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

/** By way of a texture, and of rows with gaps between them. */
function copy(context: Context, source: GpuImageSource, to: GPUBuffer, width: number, height: number): void {
  const { device } = context
  const size = { width, height }
  const texture = device.createTexture({
    size,
    format: 'rgba8unorm',
    usage: usages.copySource | usages.copyTarget | usages.attachment,
  })
  device.queue.copyExternalImageToTexture({ source }, { texture, premultipliedAlpha: false }, size)
  const bytesPerRow = Math.ceil((width * bytesPerPixel) / rowAlignment) * rowAlignment
  const rows = context.scratch('gpu.image', bytesPerRow * height)
  const encoder = device.createCommandEncoder()
  encoder.copyTextureToBuffer({ texture }, { buffer: rows, bytesPerRow }, size)
  const stride = bytesPerRow / bytesPerPixel
  const step: Step = {
    program: closeRows,
    tables: [width, stride],
    slices: [
      { buffer: to, offset: 0, dtype: 'uint32', part: width * height },
      { buffer: rows, offset: 0, dtype: 'uint32', part: stride * height },
    ],
    outer: 1,
    perPlane: width * height,
    reads: width * height,
  }
  record(context, step, recorderInto(encoder))
  device.queue.submit([encoder.finish()])
  context.release(rows)
  texture.destroy()
}

const closeRows: Program = elementwise(
  [
    { name: 'y', dtype: 'uint32', access: 'out' },
    { name: 'x', dtype: 'uint32', access: 'in' },
  ],
  '  return read_x((at / tables[0u]) * tables[1u] + at % tables[0u]);',
  '',
)

/** Every kind of source has its own names. */
const names = [
  ['displayWidth', 'displayHeight'],
  ['videoWidth', 'videoHeight'],
  ['naturalWidth', 'naturalHeight'],
  ['width', 'height'],
] as const

function sizeOf(op: string, source: unknown): readonly [width: number, height: number] {
  const given = (typeof source === 'object' ? (source ?? {}) : {}) as Readonly<Record<string, unknown>>
  const found = names
    .map((pair) => pair.map((name) => given[name]))
    .find(([width]) => typeof width === 'number')
  const [width, height] = (found ?? [0, 0]) as [number, number]
  if (width > 0 && height > 0) return [width, height]
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'source', value: source },
    'must be an ImageBitmap, a canvas, an image, a video or a VideoFrame with pixels',
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
