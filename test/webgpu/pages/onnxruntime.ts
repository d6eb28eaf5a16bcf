/**
 * @file What a page runs to pool tensors of ONNX Runtime web where they lie, as docs/onnx.md shows: between two sessions, on one device.
 */
import type * as runtime from 'onnxruntime-web/webgpu'
import { webgpu } from '../../../src/adapters/webgpu/index.ts'

export interface Piped {
  /** Buffers mapped, which is how anything is read from a GPU, before the result was asked for. */
  readonly maps: number
  readonly locations: readonly string[]
  readonly scores: readonly number[]
}

/** The models compute `features` of `image`, and `scores` of `pooled`. ONNX Runtime is loaded from `address`. */
export async function poolBetween(
  address: string,
  models: readonly (readonly number[])[],
  values: readonly number[],
  shape: readonly number[],
): Promise<Piped> {
  const options = { executionProviders: ['webgpu'], preferredOutputLocation: 'gpu-buffer' } as const
  const ort: typeof runtime = await import(/* @vite-ignore */ new URL(address, location.href).href)
  const sessionOf = (model: readonly number[]) => ort.InferenceSession.create(Uint8Array.from(model), options)
  /** One after the other: the runtime refuses two at once. */
  const body = await sessionOf(models[0]!)
  const head = await sessionOf(models[1]!)
  const gpu = await webgpu((await ort.env.webgpu.device) as GPUDevice)
  const image = new ort.Tensor('float32', Float32Array.from(values), shape)
  let maps = 0
  const { mapAsync } = GPUBuffer.prototype
  GPUBuffer.prototype.mapAsync = function (...args) {
    maps++
    return mapAsync.apply(this, args)
  }
  try {
    const { features } = await body.run({ image })
    const x = gpu.wrap(features!.gpuBuffer as GPUBuffer, { shape: features!.dims })
    const y = gpu.maxPool2d(x, { kernelSize: 3, stride: 2 })
    const pooled = ort.Tensor.fromGpuBuffer(y.buffer as never, { dataType: 'float32', dims: y.shape })
    const { scores } = await head.run({ pooled })
    const locations = [features!.location, pooled.location, scores!.location]
    const mapped = maps
    return { maps: mapped, locations, scores: Array.from((await scores!.getData()) as Float32Array) }
  } finally {
    GPUBuffer.prototype.mapAsync = mapAsync
    gpu.dispose()
  }
}
