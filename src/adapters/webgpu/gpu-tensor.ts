/**
 * @file A tensor in a buffer of a GPU.
 */
import { invalid, PoolError } from '../../errors.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { type ArrayClass, type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import type { Context } from './context.ts'
import { usages } from './device.ts'
import type { GpuDType } from './wgsl/elements.ts'

/** The windows in which indices of ours lie. */
export interface Windows {
  readonly plan: PoolPlan
  readonly planes: readonly PoolPlan[] | null
  /** True if elements were left out, so that some windows have no index. */
  readonly leavesOut?: boolean
}

interface Parts {
  readonly context: Context
  readonly buffer: GPUBuffer
  readonly shape: readonly number[]
  readonly dtype: GpuDType
  readonly offset: number
  readonly isOwn: boolean
  /** Resolves to the refusal of the work that writes it, or to null. */
  readonly fault: Promise<PoolError | null>
  readonly windows: Windows | null
}

/** A dense row-major tensor in a GPUBuffer. Made by `gpu.tensor`, `gpu.wrap` and the poolings of a `Gpu`. */
export class GpuTensor {
  readonly buffer: GPUBuffer
  readonly shape: readonly number[]
  readonly dtype: DType
  /** Bytes before its first element in the buffer. */
  readonly offset: number
  readonly #parts: Parts
  #isDisposed = false
  #fault: Promise<PoolError | null>

  /** @internal */
  constructor(parts: Parts) {
    this.buffer = parts.buffer
    this.shape = Object.freeze(parts.shape.slice())
    this.dtype = parts.dtype
    this.offset = parts.offset
    this.#parts = parts
    this.#fault = parts.fault
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  /** The windows that its elements are indices into, if a pooling of this GPU wrote them. @internal */
  static windowsOf(tensor: GpuTensor): Windows | null {
    return tensor.#parts.windows
  }

  /** Adds the outcome of new work on the tensor. @internal */
  static follow(tensor: GpuTensor, fault: Promise<PoolError | null>): void {
    tensor.#fault = fault
  }

  /** @internal */
  static faultOf(tensor: GpuTensor): Promise<PoolError | null> {
    return tensor.#fault
  }

  /**
   * @throws PoolError "BAD_DTYPE" unless the value is a tensor of this GPU; "UNAVAILABLE" if it was disposed
   * @internal
   */
  static assertUsable(
    op: string,
    argument: string,
    value: unknown,
    context: Context,
  ): asserts value is GpuTensor {
    if (typeof value !== 'object' || value === null || !(#parts in value)) throw notHere(op, argument, value)
    const tensor = value as GpuTensor
    if (tensor.#parts.context !== context) throw notHere(op, argument, value)
    if (!tensor.#isDisposed) return
    throw invalid(
      'UNAVAILABLE',
      { op, argument, value },
      'was disposed',
      'Keep it until its last use, or upload it again.',
    )
  }

  /**
   * The elements as a `Tensor`, copied from the GPU once all work before is done.
   *
   * @throws PoolError "UNAVAILABLE" if the device was lost or the tensor disposed, "LIMIT" if the device had no memory for the
   *   work, "BAD_PARAM" for a wrapped buffer without the usage COPY_SRC or one that the device refused
   */
  async read(): Promise<Tensor> {
    const { context, dtype } = this.#parts
    const op = 'read'
    context.assertUsable(op)
    GpuTensor.assertUsable(op, 'tensor', this, context)
    assertUsage(op, 'tensor.buffer', this.buffer, usages.copySource, 'GPUBufferUsage.COPY_SRC')
    const { storage } = dtypes[dtype]
    const data = new storage(this.size)
    const bytes = Math.ceil(data.byteLength / 4) * 4
    if (bytes > 0) new Uint8Array(data.buffer as ArrayBuffer).set(await this.#copy(bytes, data.byteLength))
    else await this.#assertSound()
    return new Tensor(data as TypedArray, this.shape, dtype)
  }

  async #copy(bytes: number, wanted: number): Promise<Uint8Array> {
    const { context } = this.#parts
    const { device } = context
    device.pushErrorScope('out-of-memory')
    const { mapRead, copyTarget } = usages
    const staging = device.createBuffer({ size: bytes, usage: mapRead | copyTarget })
    const encoder = device.createCommandEncoder()
    encoder.copyBufferToBuffer(this.buffer, this.offset, staging, 0, bytes)
    const scope = device.popErrorScope()
    try {
      device.queue.submit([encoder.finish()])
      const mapped = staging.mapAsync(1)
      mapped.catch(() => {})
      await this.#assertSound()
      const shortage = await scope.catch(() => null)
      if (shortage !== null) throw faultOf('read', shortage)
      await mapped.catch((cause: unknown) => {
        context.assertUsable('read')
        throw new PoolError('UNAVAILABLE', `read: tensor = a buffer; it cannot be mapped. Upload it again.`, {
          cause,
        })
      })
      await Promise.resolve()
      context.assertUsable('read')
      return new Uint8Array(staging.getMappedRange()).slice(0, wanted)
    } finally {
      staging.destroy()
    }
  }

  async #assertSound(): Promise<void> {
    const fault = await this.#fault
    this.#parts.context.assertUsable('read')
    if (fault !== null) throw fault
  }

  /** Frees the buffer, unless it is the caller's. The tensor is of no more use. */
  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    if (this.#parts.isOwn) this.buffer.destroy()
  }
}

/** @throws PoolError "BAD_PARAM" unless the buffer or texture has the usage */
export function assertUsage(
  op: string,
  argument: string,
  given: GPUBuffer | GPUTexture,
  usage: number,
  name: string,
): void {
  if ((given.usage & usage) !== 0) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: `${argument}.usage`, value: given.usage },
    `must include ${name}`,
    'Create it with this usage.',
  )
}

/** The device's error for refused work. */
export function faultOf(op: string, error: GPUError): PoolError {
  const isShort = error.constructor.name === 'GPUOutOfMemoryError'
  return new PoolError(
    isShort ? 'LIMIT' : 'BAD_PARAM',
    isShort
      ? `${op}: memory of the GPU; the device has too little for this call. Dispose of tensors, or pool a part at a time.`
      : `${op}: the device refused the work: ${error.message}. Pass buffers of the gpu's own device, alive and unmapped.`,
    { op, cause: error },
  )
}

/** The number of bytes of elements of a shape. */
export function bytesOf(shape: readonly number[], dtype: DType): number {
  return sizeOf(shape) * (dtypes[dtype].storage as ArrayClass).BYTES_PER_ELEMENT
}

function notHere(op: string, argument: string, value: unknown): Error {
  return invalid(
    'BAD_DTYPE',
    { op, argument, value },
    'must be a tensor of this gpu',
    'Upload one with gpu.tensor(data, shape), or borrow a buffer with gpu.wrap(buffer, { shape }).',
  )
}

/** An output, with what was asked for beside it. */
export interface GpuPooled {
  readonly output: GpuTensor
  readonly indices?: GpuTensor
  /** int32: the elements of each window that count. */
  readonly counts?: GpuTensor
}

/** The output, and the index of each result in its plane: int32, flat and row-major; -1 for a window without taps. */
export interface GpuPooledWithIndices {
  readonly output: GpuTensor
  readonly indices: GpuTensor
}
