/**
 * @file `webgpu`: poolings on a GPU, for tensors that lie there.
 */
import { formatValue, invalid } from '../../errors.ts'
import { tensor } from '../../tensor/create.ts'
import { badDType, type DType, isDType, type TypedArray } from '../../tensor/dtype.ts'
import { readNamed } from '../../tensor/read-options.ts'
import { parseShape } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { assertGpuType } from './call.ts'
import { Context } from './context.ts'
import { assertDevice, type GpuLoss, requestDevice, usages } from './device.ts'
import { functionsOn, type GpuFunctions } from './functions.ts'
import { assertUsage, bytesOf, faultOf, GpuTensor } from './gpu-tensor.ts'
import { type GpuImageSource, imageOn } from './image.ts'
import { type TextureOptions, textureOf } from './texture.ts'

/** The description of a buffer for `gpu.wrap`. */
export interface WrapOptions {
  readonly shape: readonly number[]
  /** Default: float32. */
  readonly dtype?: DType | undefined
  /** Bytes before the first element, a multiple of 4. Default: 0. */
  readonly offset?: number | undefined
}

/** The poolings of pool2d on one GPU. Calls are recorded and submitted at once, and waited for by `read` alone. */
export interface Gpu extends GpuFunctions {
  readonly device: GPUDevice
  /** Resolves when the device is lost; its tensors are lost with it. */
  readonly lost: Promise<GpuLoss>
  /** Uploads a tensor: as `tensor` of pool2d takes it. 64-bit types are refused. */
  tensor(data: TypedArray | TensorLike, shape?: readonly number[], dtype?: DType): GpuTensor
  /**
   * A tensor in a buffer of the caller's, which is neither copied nor destroyed.
   *
   * @throws PoolError "BAD_PARAM" for a buffer that is mapped, without the usage STORAGE, or with an offset that is not a multiple
   *   of 4; "BAD_SHAPE" if it is too small
   */
  wrap(buffer: GPUBuffer, options: WrapOptions): GpuTensor
  /**
   * The pixels of a picture, of the frame that a video shows, or of a texture (rgba8unorm, with the usage COPY_SRC): uint8
   * [N, height, width, 4], red, green, blue and alpha, channels last. N is 1, or the layers of the texture.
   *
   * @throws PoolError "BAD_PARAM" for a source without pixels or a texture of another form, "UNAVAILABLE" for pictures in runtimes that
   *   have none, such as Node
   *
   * @example gpu.maxPool2d(gpu.image(video), { kernelSize: 8, layout: 'NHWC' })
   */
  image(source: GpuImageSource): GpuTensor
  /**
   * The pixels of a tensor, uint8 [N, height, width, 4], as a texture of N layers to draw or to bind: rgba8unorm. What only the device
   * can refuse is an uncaptured error of the device.
   *
   * @throws PoolError "BAD_DTYPE" or "BAD_SHAPE" for another tensor or a texture of another size, "BAD_PARAM" for a texture of another
   *   form or without the usage COPY_DST, "LIMIT" for more pixels than a texture of the device has
   *
   * @example gpu.texture(y, { out: canvas.getContext('webgpu').getCurrentTexture() })
   */
  texture(tensor: GpuTensor, options?: TextureOptions): GPUTexture
  /** Frees what the poolings keep, and the device unless it is the caller's. */
  dispose(): void
}

/**
 * The poolings of pool2d on a GPU.
 *
 * @param device  the caller's GPUDevice, such as that of ONNX Runtime or TensorFlow.js, whose buffers it can then read. Default: a
 *   device of an adapter that is looked for, with the adapter's limits for buffers; in Node by the package webgpu
 * @throws PoolError "UNAVAILABLE" without WebGPU or an adapter, "BAD_PARAM" unless `device` is a GPUDevice
 *
 * @example const gpu = await webgpu(); const y = gpu.maxPool2d(gpu.tensor(data, [1, 3, 8, 8]), { kernelSize: 2 }); await y.read()
 */
export async function webgpu(device?: GPUDevice): Promise<Gpu> {
  if (device !== undefined) assertDevice(device)
  return gpuOn(new Context(device ?? (await requestDevice()), device === undefined))
}

export function gpuOn(context: Context): Gpu {
  return {
    ...functionsOn(context),
    device: context.device,
    lost: context.lost,
    tensor: (data, shape, dtype) => upload(context, data, shape, dtype),
    wrap: (buffer, options) => wrap(context, buffer, options),
    image: (source) => imageOn(context, source),
    texture: (tensor, options = {}) => textureOf(context, tensor, options),
    dispose: () => context.dispose(),
  }
}

function upload(
  context: Context,
  data: TypedArray | TensorLike,
  shape?: readonly number[],
  dtype?: DType,
): GpuTensor {
  const op = 'gpu.tensor'
  context.assertUsable(op)
  const host = tensor(data as TensorLike, shape, dtype)
  assertGpuType(op, 'data', host.dtype)
  const { device } = context
  device.pushErrorScope('out-of-memory')
  const buffer = context.elements(op, 'data', bytesOf(host.shape, host.dtype))
  const scope = device.popErrorScope()
  write(device, buffer, storageOf(host.data))
  const fault = scope.then(
    (error) => (error === null ? null : faultOf(op, error)),
    () => null,
  )
  const { dtype: type } = host
  return new GpuTensor({
    context,
    buffer,
    shape: host.shape,
    dtype: type,
    offset: 0,
    isOwn: true,
    fault,
    windows: null,
  })
}

/** The last bytes are written as a word. */
function write({ queue }: GPUDevice, buffer: GPUBuffer, data: TypedArray): void {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
  const whole = bytes.length - (bytes.length % 4)
  if (whole > 0) queue.writeBuffer(buffer, 0, bytes, 0, whole)
  if (whole === bytes.length) return
  const last = new Uint8Array(4)
  last.set(bytes.subarray(whole))
  queue.writeBuffer(buffer, whole, last)
}

function wrap(context: Context, buffer: GPUBuffer, options: WrapOptions): GpuTensor {
  const op = 'gpu.wrap'
  context.assertUsable(op)
  if (typeof buffer?.mapAsync !== 'function') {
    throw invalid('BAD_PARAM', { op, argument: 'buffer', value: buffer }, 'must be a GPUBuffer', 'Pass one.')
  }
  const { shape: given, dtype = 'float32', offset = 0 } = readNamed(op, options, ['shape', 'dtype', 'offset'])
  if (!isDType(dtype)) throw badDType(op, 'dtype', dtype)
  assertGpuType(op, 'wrapped', dtype)
  const shape = parseShape(op, 'shape', given)
  assertUsage(op, 'buffer', buffer, usages.storage, 'GPUBufferUsage.STORAGE')
  if (buffer.mapState !== 'unmapped') {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'buffer.mapState', value: buffer.mapState },
      'must be "unmapped"',
      'Call buffer.unmap() first.',
    )
  }
  assertRange(op, buffer, offset, Math.ceil(bytesOf(shape, dtype) / 4) * 4, shape)
  const fault = Promise.resolve(null)
  return new GpuTensor({ context, buffer, shape, dtype, offset, isOwn: false, fault, windows: null })
}

function assertRange(
  op: string,
  buffer: GPUBuffer,
  offset: number,
  bytes: number,
  shape: readonly number[],
): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % 4 !== 0) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'offset', value: offset },
      'must be a multiple of 4 bytes, from 0',
      'Align the tensor in its buffer.',
    )
  }
  if (offset + bytes <= buffer.size) return
  throw invalid(
    'BAD_SHAPE',
    { op, argument: 'shape', value: shape },
    `takes ${bytes} bytes from offset ${formatValue(offset)}; the buffer has ${buffer.size}`,
    'Pass the shape and offset that belong to the buffer.',
  )
}
