/**
 * @file Root of the package: every pooling as a function and, unless global, as a layer. Re-exports only.
 */
export { isPoolError, PoolError, type PoolErrorCode } from './errors.ts'
export { type Backend, withBackend } from './kernels/backend.ts'
export { WasmMemory } from './kernels/memory/wasm-memory.ts'
export {
  type MakeWorker,
  type Threads,
  type ThreadsInfo,
  type ThreadsOptions,
  threads,
  type WorkerLike,
} from './kernels/threads/index.ts'
export { type Info, type InitOptions, info, init, type WasmModule } from './kernels/wasm/load.ts'
export * from './layers/composed-layers.ts'
export * from './layers/filter-layers.ts'
export type { Layer } from './layers/layer.ts'
export type { IndexedPoolLayer, LabelPoolLayer, PoolLayer } from './layers/layer-types.ts'
export * from './layers/moment-layers.ts'
export * from './layers/order-layers.ts'
export { Pool2D, type Pool2DOptions } from './layers/pool2d.ts'
export * from './layers/region-layers.ts'
export * from './layers/stochastic-layers.ts'
export * from './layers/torch-layers.ts'
export type { OptionsOf, PoolingName } from './ops/catalogue.ts'
export type { CountedOptions, Counts, CountsOption, WithCounts } from './ops/counted/options.ts'
export { type Explanation, explain } from './ops/explain.ts'
export * from './ops/functions/adaptive.ts'
export * from './ops/functions/area.ts'
export * from './ops/functions/average.ts'
export * from './ops/functions/blur.ts'
export * from './ops/functions/deviation.ts'
export * from './ops/functions/fractional.ts'
export * from './ops/functions/gem.ts'
export * from './ops/functions/gem-exponent.ts'
export * from './ops/functions/global.ts'
export * from './ops/functions/lp.ts'
export * from './ops/functions/lse.ts'
export * from './ops/functions/max.ts'
export * from './ops/functions/max-blur.ts'
export * from './ops/functions/median.ts'
export * from './ops/functions/mode.ts'
export * from './ops/functions/quantile.ts'
export * from './ops/functions/regions.ts'
export * from './ops/functions/rms.ts'
export * from './ops/functions/soft.ts'
export * from './ops/functions/spatial-pyramid.ts'
export * from './ops/functions/stochastic.ts'
export * from './ops/functions/stochastic-mean.ts'
export * from './ops/functions/sum.ts'
export * from './ops/functions/unpool.ts'
export * from './ops/functions/variance.ts'
export type { AdaptiveOptions, AreaOptions, GlobalOptions } from './ops/geometry/adaptive.ts'
export type { BlurOptions } from './ops/geometry/blur.ts'
export type { FractionalOptions } from './ops/geometry/fractional.ts'
export type { CommonOptions } from './ops/geometry/geometry.ts'
export type { PaddingOption, SlidingOptions } from './ops/geometry/sliding.ts'
export type { Layout } from './ops/geometry/tensor-axes.ts'
export type { MaxUnpoolOptions } from './ops/geometry/unpooling.ts'
export type { PerAxis } from './ops/options/parse.ts'
export type {
  IndicesOption,
  IndicesOutOption,
  PooledWithIndices,
} from './ops/options/with-indices.ts'
export { outputShape } from './ops/output-shape.ts'
export type { SharpnessOption } from './ops/reduce/exponential.ts'
export type { GemOptions } from './ops/reduce/generalized-mean.ts'
export type { NormOption, PartialNormOption } from './ops/reduce/lp.ts'
export type { ModeOptions } from './ops/reduce/mode.ts'
export type { MedianOptions, QuantileOptions } from './ops/reduce/order.ts'
export type { SamplesOption } from './ops/reduce/stochastic.ts'
export type { SumOptions } from './ops/reduce/sum.ts'
export type { CorrectionOption } from './ops/reduce/variance.ts'
export type { Boxes } from './ops/regions/boxes.ts'
export type { RoiOptions } from './ops/regions/run.ts'
export type { PyramidMode, SpatialPyramidOptions } from './ops/spatial-pyramid-levels.ts'
export type { PadMode } from './plan/weighted.ts'
export type { Ties } from './reducers/mode.ts'
export type { Interpolation } from './reducers/order.ts'
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
