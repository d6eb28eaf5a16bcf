/**
 * @file Poolings on the device of TensorFlow.js' webgpu backend, between its own work: results lie in buffers of the backend.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'
import type { AnyOperation, CallDescription } from '../../../ops/operation.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import { Context } from '../../webgpu/context.ts'
import { type Gpu, gpuOn } from '../../webgpu/gpu.ts'
import type { GpuPooledWithIndices, GpuTensor } from '../../webgpu/gpu-tensor.ts'
import type { CoreOptions } from '../options.ts'
import type { TfCore, TfTensor } from '../tensorflow.ts'
import type { Device } from './device.ts'

/** The public members of the backend that are used. */
interface WebGpuBackend {
  readonly device: GPUDevice
  readonly tensorMap: { get(dataId: object): { readonly resource?: GPUBuffer } }
  makeTensorInfo(shape: number[], dtype: string): TensorInfo
  uploadToGPU(dataId: object): void
  disposeData(dataId: object, force: boolean): void
  ensureCommandEncoderReady(): void
  endComputePassEncoder(): void
  submitQueue(): void
}

const members = [
  'makeTensorInfo',
  'uploadToGPU',
  'ensureCommandEncoderReady',
  'endComputePassEncoder',
  'submitQueue',
]

/** The poolings on the device of a backend. Calls are submitted, so that they keep their place among the backend's. */
const gpuOf = memoizeWeak((device: GPUDevice) => gpuOn(new Context(device, false)))

export function webgpuDevice(tf: TfCore, given: KernelBackend): Device | null {
  const backend = given as unknown as WebGpuBackend
  const isThere = members.every((name) => typeof backend[name as keyof WebGpuBackend] === 'function')
  if (!isThere || backend.device?.queue === undefined || tf.engine === undefined) return null
  const gpu = gpuOf(backend.device)
  const engine = tf.engine()
  const finish = ({ dataId, shape, dtype }: TensorInfo): TfTensor =>
    engine.makeTensorFromDataId(dataId, shape, dtype, given)
  return {
    has: (operation, call, x) => isOnGpu(operation, call) && bufferOf(backend, x) !== undefined,
    forward: (operation, x, options) => {
      const { shape } = operation.describe('forward', x as never, options)
      const dtypes = options.returnIndices ? [x.dtype, 'int32'] : [x.dtype]
      const [output, indices] = results(backend, shape, dtypes, ([out, indicesOut]) => {
        const inputs = [wrap(gpu, backend, x)]
        flush(backend)
        run(gpu, operation.op, inputs, {
          ...options,
          out: wrap(gpu, backend, out!),
          indicesOut: indicesOut && wrap(gpu, backend, indicesOut),
        })
      }).map(finish)
      return indices === undefined ? { output: output! } : { output: output!, indices }
    },
    backward: ({ op }, dy, x, options) => {
      const [dx] = results(backend, x.shape, [x.dtype], ([out]) => {
        const inputs = [dy, x].map((tensor) => wrap(gpu, backend, tensor))
        flush(backend)
        run(gpu, `${op}Backward`, inputs, { ...options, out: wrap(gpu, backend, out!) })
      })
      return finish(dx!)
    },
  }
}

const reducers: readonly string[] = ['max', 'min', 'average', 'sum', 'lp']

/** Norms whose gradient the GPU has, and divisors that it takes: as in adapters/webgpu. */
function isOnGpu({ reducer }: AnyOperation, { outline, dtype }: CallDescription): boolean {
  if (!reducers.includes(reducer) || outline === null) return false
  if (outline.reducer === 'average')
    return typeof outline.division !== 'number' || Math.abs(outline.division) < 2 ** 31
  if (reducer !== 'lp') return true
  return outline.reducer === 'lp' && dtype === 'float32' && outline.norm.p >= 0.5 && outline.norm.p <= 32
}

function run(gpu: Gpu, name: string, inputs: readonly GpuTensor[], options: CoreOptions): void {
  const call = (gpu as unknown as Record<string, (...args: unknown[]) => GpuTensor | GpuPooledWithIndices>)[
    name
  ]!
  call(...inputs, options)
}

/** Submits what the backend has recorded. */
function flush(backend: WebGpuBackend): void {
  backend.ensureCommandEncoderReady()
  backend.endComputePassEncoder()
  backend.submitQueue()
}

/** New tensors of a shape, filled by `write`; given back if it throws. */
function results(
  backend: WebGpuBackend,
  shape: readonly number[],
  dtypes: readonly string[],
  write: (made: readonly TensorInfo[]) => void,
): readonly TensorInfo[] {
  const made = dtypes.map((dtype) => backend.makeTensorInfo(shape.slice(), dtype))
  try {
    write(made)
  } catch (error) {
    for (const { dataId } of made) backend.disposeData(dataId, true)
    throw error
  }
  return made
}

function wrap(gpu: Gpu, backend: WebGpuBackend, tensor: TensorInfo): GpuTensor {
  const { shape, dtype } = tensor
  return gpu.wrap(bufferOf(backend, tensor)!, { shape, dtype: dtype as 'float32' | 'int32' })
}

/** The buffer of a tensor, uploaded if it lies on the CPU; undefined for a texture. */
function bufferOf(backend: WebGpuBackend, { dataId }: TensorInfo): GPUBuffer | undefined {
  backend.uploadToGPU(dataId)
  const { resource } = backend.tensorMap.get(dataId)
  return typeof resource?.mapAsync === 'function' ? resource : undefined
}
