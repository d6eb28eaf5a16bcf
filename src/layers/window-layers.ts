/**
 * @file Layers over a sliding window, named as in torch.nn: max, average and Lp pooling, and max unpooling.
 */
import { type AvgPoolOptions, slidingAverages } from '../ops/functions/average.ts'
import { slidingNorms } from '../ops/functions/lp.ts'
import { slidingExtrema } from '../ops/functions/max.ts'
import { type MaxUnpoolOptions, unpools } from '../ops/functions/unpool.ts'
import type { SlidingOptions } from '../ops/geometry/sliding.ts'
import type { NormOption } from '../ops/reduce/lp.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { type Layer, layerClass, type Repr } from './layer.ts'
import type { IndexedPoolLayerClass, PoolLayerClass } from './layer-types.ts'

const { maxPool1d, maxPool2d, maxPool3d, minPool1d, minPool2d, minPool3d } = slidingExtrema
const { avgPool1d, avgPool2d, avgPool3d } = slidingAverages
const { lpPool1d, lpPool2d, lpPool3d } = slidingNorms
const { maxUnpool1d, maxUnpool2d, maxUnpool3d } = unpools

const selectRepr = ({
  kernelSize,
  stride,
  padding = 0,
  dilation = 1,
  ceilMode = false,
}: SlidingOptions): Repr => ({
  kernel_size: kernelSize,
  stride: stride ?? kernelSize,
  padding,
  dilation,
  ceil_mode: ceilMode,
})

const averageRepr = ({ kernelSize, stride, padding = 0 }: SlidingOptions): Repr => ({
  kernel_size: kernelSize,
  stride: stride ?? kernelSize,
  padding,
})

const normRepr = ({ normType, kernelSize, stride, ceilMode = false }: SlidingOptions & NormOption): Repr => ({
  norm_type: normType,
  kernel_size: kernelSize,
  stride,
  ceil_mode: ceilMode,
})

/** The settings of an average's repr, each written out once an axis, as some of PyTorch's layers print them. */
const writtenOut = (rank: number) => (options: SlidingOptions | MaxUnpoolOptions) =>
  Object.fromEntries(
    Object.entries(averageRepr(options as SlidingOptions)).map(([name, value]) => [
      name,
      typeof value === 'number' ? new Array(rank).fill(value) : value,
    ]),
  )

/** `maxPool1d` as a layer. Source: torch.nn.MaxPool1d */
export const MaxPool1d: IndexedPoolLayerClass<SlidingOptions> = layerClass(
  'MaxPool1d',
  maxPool1d,
  selectRepr,
  {
    isSelect: true,
  },
)
/** `maxPool2d` as a layer. Source: torch.nn.MaxPool2d */
export const MaxPool2d: IndexedPoolLayerClass<SlidingOptions> = layerClass(
  'MaxPool2d',
  maxPool2d,
  selectRepr,
  {
    isSelect: true,
  },
)
/** `maxPool3d` as a layer. Source: torch.nn.MaxPool3d */
export const MaxPool3d: IndexedPoolLayerClass<SlidingOptions> = layerClass(
  'MaxPool3d',
  maxPool3d,
  selectRepr,
  {
    isSelect: true,
  },
)

/** `minPool1d` as a layer. */
export const MinPool1d: IndexedPoolLayerClass<SlidingOptions> = layerClass(
  'MinPool1d',
  minPool1d,
  selectRepr,
  {
    isSelect: true,
  },
)
/** `minPool2d` as a layer. */
export const MinPool2d: IndexedPoolLayerClass<SlidingOptions> = layerClass(
  'MinPool2d',
  minPool2d,
  selectRepr,
  {
    isSelect: true,
  },
)
/** `minPool3d` as a layer. */
export const MinPool3d: IndexedPoolLayerClass<SlidingOptions> = layerClass(
  'MinPool3d',
  minPool3d,
  selectRepr,
  {
    isSelect: true,
  },
)

/** `avgPool1d` as a layer. Source: torch.nn.AvgPool1d */
export const AvgPool1d: PoolLayerClass<AvgPoolOptions> = layerClass('AvgPool1d', avgPool1d, writtenOut(1))
/** `avgPool2d` as a layer. Source: torch.nn.AvgPool2d */
export const AvgPool2d: PoolLayerClass<AvgPoolOptions> = layerClass('AvgPool2d', avgPool2d, averageRepr)
/** `avgPool3d` as a layer. Source: torch.nn.AvgPool3d */
export const AvgPool3d: PoolLayerClass<AvgPoolOptions> = layerClass('AvgPool3d', avgPool3d, averageRepr)

/** `lpPool1d` as a layer. Source: torch.nn.LPPool1d */
export const LPPool1d: PoolLayerClass<SlidingOptions & NormOption> = layerClass(
  'LPPool1d',
  lpPool1d,
  normRepr,
)
/** `lpPool2d` as a layer. Source: torch.nn.LPPool2d */
export const LPPool2d: PoolLayerClass<SlidingOptions & NormOption> = layerClass(
  'LPPool2d',
  lpPool2d,
  normRepr,
)
/** `lpPool3d` as a layer. Source: torch.nn.LPPool3d */
export const LPPool3d: PoolLayerClass<SlidingOptions & NormOption> = layerClass(
  'LPPool3d',
  lpPool3d,
  normRepr,
)

/** A layer that puts pooled values back where they came from. */
export interface UnpoolLayer extends Layer<MaxUnpoolOptions> {
  /** `indices`, of x's shape, are positions in the planes of the output, as max pooling returns them. */
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>, indices: TensorLike): Tensor<A>
  /** The gradient of x: each element of dy that a value was put at. */
  backward<A extends TypedArray = Float32Array>(
    dy: TensorLike<A>,
    x: TensorLike<A>,
    indices: TensorLike,
  ): Tensor<A>
}

type UnpoolLayerClass = new (options: MaxUnpoolOptions) => UnpoolLayer

/** `maxUnpool1d` as a layer. Source: torch.nn.MaxUnpool1d */
export const MaxUnpool1d: UnpoolLayerClass = layerClass('MaxUnpool1d', maxUnpool1d, writtenOut(1), {
  inputs: 2,
})
/** `maxUnpool2d` as a layer. Source: torch.nn.MaxUnpool2d */
export const MaxUnpool2d: UnpoolLayerClass = layerClass('MaxUnpool2d', maxUnpool2d, writtenOut(2), {
  inputs: 2,
})
/** `maxUnpool3d` as a layer. Source: torch.nn.MaxUnpool3d */
export const MaxUnpool3d: UnpoolLayerClass = layerClass('MaxUnpool3d', maxUnpool3d, writtenOut(3), {
  inputs: 2,
})
