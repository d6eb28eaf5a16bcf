/**
 * @file pool2d/webgpu: poolings on a GPU, for tensors that lie there. Re-exports only.
 */
export type { GpuLoss } from './device.ts'
export type {
  GpuCounts,
  GpuExtremumFunction,
  GpuExtremumGradient,
  GpuFoldFunction,
  GpuFunctions,
  GpuIndicesOptions,
  GpuOptions,
  GpuOptionsOf,
  GpuPoolingName,
} from './functions.ts'
export { type Gpu, type WrapOptions, webgpu } from './gpu.ts'
export type { GpuPooledWithIndices, GpuTensor } from './gpu-tensor.ts'
export type { GpuImageSource } from './image.ts'
export type { TextureOptions } from './texture.ts'
