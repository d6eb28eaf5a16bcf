/**
 * @file Adaptive pooling: the output size is given, the windows follow.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveAvgPool, adaptiveMaxPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions } from '../geometry/adaptive.ts'
import type {
  ExtremumBackwardOptions,
  IndicesOutOption,
  Pooled,
  PooledWithIndices,
  WithIndices,
  WithoutIndices,
} from '../options/with-indices.ts'
import type { MeanOptions } from '../reduce/average.ts'

/** Options of adaptive average pooling. */
export type AdaptiveAvgPoolOptions = AdaptiveOptions & MeanOptions

/**
 * The maximum of each of `outputSize` windows of a sequence; window i of n is [floor(i L / n), ceil((i + 1) L / n)).
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, outputSize]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * Ties, NaN and indices as in `maxPool1d`. An outputSize above the input's repeats elements; 0 gives an empty tensor.
 * Source: torch.nn.functional.adaptive_max_pool1d
 */
export function adaptiveMaxPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveMaxPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveMaxPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveMaxPool1d(x: TensorLike, options: AdaptiveOptions & IndicesOutOption): unknown {
  return adaptiveMaxPool[1].forward(x, options)
}

/** The gradient of `adaptiveMaxPool1d`, as `maxPool1dBackward`. */
export function adaptiveMaxPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveOptions>,
): Tensor<A> {
  return adaptiveMaxPool[1].backward(dy, x, options)
}

/**
 * The maximum of each of `outputSize` windows of a plane; along an axis of H, window i of n is [floor(i H / n), ceil((i + 1) H / n)).
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, ...outputSize]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * Ties: the first in row-major order. NaN: wins; of several NaNs the last gives the index. An outputSize above the input's repeats elements; 0 gives an empty tensor.
 * Source: torch.nn.functional.adaptive_max_pool2d
 *
 * @example adaptiveMaxPool2d(x, { outputSize: [7, null] })
 */
export function adaptiveMaxPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveMaxPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveMaxPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveMaxPool2d(x: TensorLike, options: AdaptiveOptions & IndicesOutOption): unknown {
  return adaptiveMaxPool[2].forward(x, options)
}

/**
 * The gradient of `adaptiveMaxPool2d`: each `dy` goes to the one element its maximum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the maxima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export function adaptiveMaxPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveOptions>,
): Tensor<A> {
  return adaptiveMaxPool[2].backward(dy, x, options)
}

/** Adaptive maxima of volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `adaptiveMaxPool1d`. Source: torch.nn.functional.adaptive_max_pool3d */
export function adaptiveMaxPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveMaxPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveMaxPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveMaxPool3d(x: TensorLike, options: AdaptiveOptions & IndicesOutOption): unknown {
  return adaptiveMaxPool[3].forward(x, options)
}

/** The gradient of `adaptiveMaxPool3d`, as `maxPool1dBackward`. */
export function adaptiveMaxPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveOptions>,
): Tensor<A> {
  return adaptiveMaxPool[3].backward(dy, x, options)
}

/**
 * The mean of each of `outputSize` windows of a sequence; windows as in `adaptiveMaxPool1d`.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); exact; rounding;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, outputSize]
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * Sums as in `avgPool1d`. Windows of up to 256 elements are divided once per axis, in order, which gives PyTorch's bits; larger ones are
 * divided once. If all output sizes are 1, both divide once, and PyTorch's order of addition depends on the processor.
 * Integers as in `avgPool1d`. NaN propagates.
 * Source: torch.nn.functional.adaptive_avg_pool1d
 */
export function adaptiveAvgPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveAvgPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveAvgPool[1].forward(x, options)
}

/** The gradient of `adaptiveAvgPool1d`, as `avgPool1dBackward`. */
export function adaptiveAvgPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveAvgPoolOptions & CountsOption,
): Tensor<A> {
  return adaptiveAvgPool[1].backward(dy, x, options)
}

/**
 * The mean of each of `outputSize` windows of a plane; along an axis of H, window i of n is [floor(i H / n), ceil((i + 1) H / n)).
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); exact; rounding;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, ...outputSize]
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * NaN propagates. An outputSize above the input's repeats elements; 0 gives an empty tensor. Sums and integers as `adaptiveAvgPool1d` says.
 * Source: torch.nn.functional.adaptive_avg_pool2d
 *
 * @example adaptiveAvgPool2d(x, { outputSize: 1 })
 */
export function adaptiveAvgPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveAvgPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveAvgPool[2].forward(x, options)
}

/**
 * The gradient of `adaptiveAvgPool2d`: each element of a window receives its share of `dy`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype; shares of overlapping windows add up
 * @throws PoolError as the forward call
 */
export function adaptiveAvgPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveAvgPoolOptions & CountsOption,
): Tensor<A> {
  return adaptiveAvgPool[2].backward(dy, x, options)
}

/** Adaptive means of volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `adaptiveAvgPool1d`. Source: torch.nn.functional.adaptive_avg_pool3d */
export function adaptiveAvgPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveAvgPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveAvgPool[3].forward(x, options)
}

/** The gradient of `adaptiveAvgPool3d`, as `avgPool1dBackward`. */
export function adaptiveAvgPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveAvgPoolOptions & CountsOption,
): Tensor<A> {
  return adaptiveAvgPool[3].backward(dy, x, options)
}
