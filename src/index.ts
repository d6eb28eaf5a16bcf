/**
 * @file The package's root: every pooling of PyTorch and ONNX as functions and layers. Re-exports only.
 */
export { isPoolError, PoolError, type PoolErrorCode } from './errors.ts'
export {
  type MakeWorker,
  type Threads,
  type ThreadsInfo,
  type ThreadsOptions,
  threads,
  type WorkerLike,
} from './kernels/threads/index.ts'
export { type Info, type InitOptions, info, init, type WasmModule } from './kernels/wasm/load.ts'
export { WasmMemory } from './kernels/wasm/wasm-memory.ts'
export type { Layer } from './layers/layer.ts'
export type { IndexedPoolLayer as SelectLayer, PoolLayer as FoldLayer } from './layers/layer-types.ts'
export { Pool2D, type Pool2DOptions } from './layers/pool2d.ts'
export * from './layers/sized-layers.ts'
export * from './layers/window-layers.ts'
export { type OptionsOf, outputShape, type PoolingName } from './ops/catalogue.ts'
export { type Explanation, explain } from './ops/explain.ts'
export {
  type AdaptiveAvgPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool1dBackward,
  adaptiveAvgPool2d,
  adaptiveAvgPool2dBackward,
  adaptiveAvgPool3d,
  adaptiveAvgPool3dBackward,
  adaptiveMaxPool1d,
  adaptiveMaxPool1dBackward,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dBackward,
  adaptiveMaxPool3d,
  adaptiveMaxPool3dBackward,
} from './ops/functions/adaptive.ts'
export {
  type AvgPoolOptions,
  avgPool1d,
  avgPool1dBackward,
  avgPool2d,
  avgPool2dBackward,
  avgPool3d,
  avgPool3dBackward,
} from './ops/functions/average.ts'
export {
  fractionalMaxPool2d,
  fractionalMaxPool2dBackward,
  fractionalMaxPool3d,
  fractionalMaxPool3dBackward,
} from './ops/functions/fractional.ts'
export {
  type GlobalAvgPoolOptions,
  globalAvgPool,
  globalAvgPoolBackward,
  globalLpPool,
  globalLpPoolBackward,
  globalMaxPool,
  globalMaxPoolBackward,
} from './ops/functions/global.ts'
export {
  lpPool1d,
  lpPool1dBackward,
  lpPool2d,
  lpPool2dBackward,
  lpPool3d,
  lpPool3dBackward,
} from './ops/functions/lp.ts'
export {
  maxPool1d,
  maxPool1dBackward,
  maxPool2d,
  maxPool2dBackward,
  maxPool3d,
  maxPool3dBackward,
  minPool1d,
  minPool1dBackward,
  minPool2d,
  minPool2dBackward,
  minPool3d,
  minPool3dBackward,
} from './ops/functions/max.ts'
export {
  type MaxUnpoolOptions,
  maxUnpool1d,
  maxUnpool1dBackward,
  maxUnpool2d,
  maxUnpool2dBackward,
  maxUnpool3d,
  maxUnpool3dBackward,
} from './ops/functions/unpool.ts'
export type { AdaptiveOptions } from './ops/geometry/adaptive.ts'
export type { FractionalOptions } from './ops/geometry/fractional.ts'
export type { CommonOptions } from './ops/geometry/geometry.ts'
export type { PaddingOption, SlidingOptions } from './ops/geometry/sliding.ts'
export type { Layout } from './ops/geometry/tensor-axes.ts'
export type { PerAxis } from './ops/options/parse.ts'
export type { IndicesOption, IndicesOutOption, PooledWithIndices as Indexed } from './ops/reduce/extremum.ts'
export type { NormOption } from './ops/reduce/lp.ts'
export type { Rounding } from './reducers/rounding.ts'
export {
  type RandOptions,
  rand,
  tensor,
  type ZerosOptions,
  zeros,
} from './tensor/create.ts'
export type { ArrayOf, DType, DTypeOf, HalfArray, Scalar, TypedArray } from './tensor/dtype.ts'
export type { ArrayMemory } from './tensor/memory.ts'
export {
  type DimsArray,
  type NestedArray,
  type PixelArray,
  type PlainNumbers,
  type ShapedArray,
  Tensor,
  type TensorLike,
} from './tensor/tensor.ts'
