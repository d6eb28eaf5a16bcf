/**
 * @file Stochastic pooling, an element of each window, picked at random: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import {
  adaptiveStochasticPool,
  globalStochasticPool as globalStochastic,
  stochasticPool,
} from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type {
  ExtremumBackwardOptions,
  IndicesOutOption,
  Pooled,
  PooledWithIndices,
  WithIndices,
  WithoutIndices,
} from '../options/with-indices.ts'
import type { SamplesOption } from '../reduce/stochastic.ts'

/** Options of stochastic pooling. */
export type StochasticOptions = SlidingOptions & SamplesOption

/** Options of adaptive stochastic pooling. */
export type AdaptiveStochasticOptions = AdaptiveOptions & SamplesOption

/** Options of global stochastic pooling. */
export type GlobalStochasticOptions = GlobalOptions & SamplesOption

/**
 * An element of each window of a sequence, picked at random: with the probability x / sum of x, where negative elements count as 0.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; samples in [0, 1) of the output's shape, such as
 *                 rand(shape, { seed }), by default new random ones; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Lout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit or samples of another shape
 *
 * A sample s picks the first element, in row-major order, up to which the elements add up to more than s times the sum of the window, in
 * float64. The paper pools rectified activations; here negative elements are rectified, so they are never picked, and a window
 * without positive elements gives 0 with index -1. Padding is never picked. NaN: wins; of several NaNs the last. Of infinite
 * elements each is equally likely. `mask` and `nodata` leave elements out; minCount, fill and returnCounts as in `maxPool1d`.
 * In training; `stochasticMeanPool1d` is for testing.
 * Source: Zeiler and Fergus, Stochastic Pooling for Regularization of Deep Convolutional Neural Networks (2013)
 */
export function stochasticPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function stochasticPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function stochasticPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function stochasticPool1d(x: TensorLike, options: StochasticOptions & IndicesOutOption): unknown {
  return stochasticPool[1].forward(x, options)
}

/**
 * The gradient of `stochasticPool1d`: each `dy` goes to the one element that was picked.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call, with the `indices` that it returned or the `samples` that it was given
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, "BAD_PARAM" without indices and samples, "BAD_INDEX" for an index outside its plane
 */
export function stochasticPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<StochasticOptions>,
): Tensor<A> {
  return stochasticPool[1].backward(dy, x, options)
}

/**
 * An element of each window of a plane, picked at random: with the probability x / sum of x, where negative elements count as 0.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  as `stochasticPool1d`
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError as `stochasticPool1d`
 *
 * Picks, NaN and negative elements as in `stochasticPool1d`.
 * Source: Zeiler and Fergus, Stochastic Pooling for Regularization of Deep Convolutional Neural Networks (2013)
 *
 * @example stochasticPool2d(x, { kernelSize: 2, samples: rand([N, C, H / 2, W / 2], { seed: 1 }) })
 */
export function stochasticPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function stochasticPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function stochasticPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function stochasticPool2d(x: TensorLike, options: StochasticOptions & IndicesOutOption): unknown {
  return stochasticPool[2].forward(x, options)
}

/** The gradient of `stochasticPool2d`, as `stochasticPool1dBackward`. */
export function stochasticPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<StochasticOptions>,
): Tensor<A> {
  return stochasticPool[2].backward(dy, x, options)
}

/** An element of each window of a volume [N, C, D, H, W] or [C, D, H, W], picked at random; the rest as `stochasticPool1d`. */
export function stochasticPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function stochasticPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function stochasticPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: StochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function stochasticPool3d(x: TensorLike, options: StochasticOptions & IndicesOutOption): unknown {
  return stochasticPool[3].forward(x, options)
}

/** The gradient of `stochasticPool3d`, as `stochasticPool1dBackward`. */
export function stochasticPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<StochasticOptions>,
): Tensor<A> {
  return stochasticPool[3].backward(dy, x, options)
}

/** An element of each of `outputSize` windows of a sequence: windows as in `adaptiveMaxPool1d`, picked as by `stochasticPool1d`. */
export function adaptiveStochasticPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveStochasticPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveStochasticPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveStochasticPool1d(
  x: TensorLike,
  options: AdaptiveStochasticOptions & IndicesOutOption,
): unknown {
  return adaptiveStochasticPool[1].forward(x, options)
}

/** The gradient of `adaptiveStochasticPool1d`, as `stochasticPool1dBackward`. */
export function adaptiveStochasticPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveStochasticOptions>,
): Tensor<A> {
  return adaptiveStochasticPool[1].backward(dy, x, options)
}

/** An element of each of `outputSize` windows of a plane: windows as in `adaptiveMaxPool2d`, picked as by `stochasticPool2d`. */
export function adaptiveStochasticPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveStochasticPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveStochasticPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveStochasticPool2d(
  x: TensorLike,
  options: AdaptiveStochasticOptions & IndicesOutOption,
): unknown {
  return adaptiveStochasticPool[2].forward(x, options)
}

/** The gradient of `adaptiveStochasticPool2d`, as `stochasticPool1dBackward`. */
export function adaptiveStochasticPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveStochasticOptions>,
): Tensor<A> {
  return adaptiveStochasticPool[2].backward(dy, x, options)
}

/** An element of each of `outputSize` windows of a volume: windows as in `adaptiveMaxPool3d`, picked as by `stochasticPool3d`. */
export function adaptiveStochasticPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveStochasticPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveStochasticPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveStochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveStochasticPool3d(
  x: TensorLike,
  options: AdaptiveStochasticOptions & IndicesOutOption,
): unknown {
  return adaptiveStochasticPool[3].forward(x, options)
}

/** The gradient of `adaptiveStochasticPool3d`, as `stochasticPool1dBackward`. */
export function adaptiveStochasticPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveStochasticOptions>,
): Tensor<A> {
  return adaptiveStochasticPool[3].backward(dy, x, options)
}

/** An element of all after batch and channels: shapes as `globalMaxPool`, picked as by `stochasticPool1d`. */
export function globalStochasticPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalStochasticOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function globalStochasticPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalStochasticOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function globalStochasticPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalStochasticOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function globalStochasticPool(
  x: TensorLike,
  options: GlobalStochasticOptions & IndicesOutOption = {},
): unknown {
  return globalStochastic[0].forward(x, options)
}

/** The gradient of `globalStochasticPool`, as `stochasticPool1dBackward`. */
export function globalStochasticPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<GlobalStochasticOptions> = {},
): Tensor<A> {
  return globalStochastic[0].backward(dy, x, options)
}
