/**
 * @file Pooling to the median of each window: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveMedianPool, globalMedianPool as globalMedian, medianPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type {
  ExtremumBackwardOptions,
  Pooled,
  PooledWithIndices,
  WithIndices,
  WithoutIndices,
} from '../options/with-indices.ts'
import type { MedianOptions } from '../reduce/order.ts'

/** Options of median pooling over a sliding window. */
export type MedianPoolOptions = SlidingOptions & MedianOptions

/** Options of adaptive median pooling. */
export type AdaptiveMedianPoolOptions = AdaptiveOptions & MedianOptions

/** Options of global median pooling. */
export type GlobalMedianPoolOptions = GlobalOptions & MedianOptions

/**
 * The median of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; rounding; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Lout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * The middle element, or the mean of the two middle elements; means of integers are rounded by `rounding`. NaN wins. A window without
 * taps gives NaN, integers 0. Indices: the first element in row-major order that equals the median, -1 where it is a mean of two
 * different elements or the window has no tap; of several NaNs the last.
 * Not read: padding, and what `mask` and `nodata` leave out (as in `maxPool1d`).
 * Source: numpy.median
 */
export function medianPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function medianPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function medianPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function medianPool1d(x: TensorLike, options: MedianPoolOptions): unknown {
  return medianPool[1].forward(x, options)
}

/**
 * The gradient of `medianPool1d`: `dy` goes to the picked element, or to the two that the value lies between, by their weights.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding picked elements again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export function medianPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<MedianPoolOptions>,
): Tensor<A> {
  return medianPool[1].backward(dy, x, options)
}

/**
 * The median of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; rounding; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * The middle element, or the mean of the two middle elements; means of integers are rounded by `rounding`. NaN wins. A window without
 * taps gives NaN, integers 0. Indices: the first element in row-major order that equals the median, -1 where it is a mean of two
 * different elements or the window has no tap; of several NaNs the last.
 * Not read: padding, and what `mask` and `nodata` leave out (as in `maxPool1d`).
 * Source: numpy.median
 *
 * @example medianPool2d(x, { kernelSize: 3, stride: 1, padding: 1 })
 */
export function medianPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function medianPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function medianPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function medianPool2d(x: TensorLike, options: MedianPoolOptions): unknown {
  return medianPool[2].forward(x, options)
}

/** The gradient of `medianPool2d`, as `medianPool1dBackward`. */
export function medianPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<MedianPoolOptions>,
): Tensor<A> {
  return medianPool[2].backward(dy, x, options)
}

/** The median of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `medianPool2d`. */
export function medianPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function medianPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function medianPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: MedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function medianPool3d(x: TensorLike, options: MedianPoolOptions): unknown {
  return medianPool[3].forward(x, options)
}

/** The gradient of `medianPool3d`, as `medianPool1dBackward`. */
export function medianPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<MedianPoolOptions>,
): Tensor<A> {
  return medianPool[3].backward(dy, x, options)
}

/** The median of each of `outputSize` windows of a sequence: windows as in `adaptiveMaxPool1d`, the rest as `medianPool1d`. */
export function adaptiveMedianPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveMedianPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveMedianPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveMedianPool1d(x: TensorLike, options: AdaptiveMedianPoolOptions): unknown {
  return adaptiveMedianPool[1].forward(x, options)
}

/** The gradient of `adaptiveMedianPool1d`, as `medianPool1dBackward`. */
export function adaptiveMedianPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveMedianPoolOptions>,
): Tensor<A> {
  return adaptiveMedianPool[1].backward(dy, x, options)
}

/** The median of each of `outputSize` windows of a plane: windows as in `adaptiveMaxPool2d`, the rest as `medianPool2d`. */
export function adaptiveMedianPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveMedianPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveMedianPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveMedianPool2d(x: TensorLike, options: AdaptiveMedianPoolOptions): unknown {
  return adaptiveMedianPool[2].forward(x, options)
}

/** The gradient of `adaptiveMedianPool2d`, as `medianPool1dBackward`. */
export function adaptiveMedianPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveMedianPoolOptions>,
): Tensor<A> {
  return adaptiveMedianPool[2].backward(dy, x, options)
}

/** The median of each of `outputSize` windows of a volume: windows as in `adaptiveMaxPool3d`, the rest as `medianPool3d`. */
export function adaptiveMedianPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveMedianPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveMedianPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveMedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveMedianPool3d(x: TensorLike, options: AdaptiveMedianPoolOptions): unknown {
  return adaptiveMedianPool[3].forward(x, options)
}

/** The gradient of `adaptiveMedianPool3d`, as `medianPool1dBackward`. */
export function adaptiveMedianPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveMedianPoolOptions>,
): Tensor<A> {
  return adaptiveMedianPool[3].backward(dy, x, options)
}

/** The median over all axes after batch and channels: shapes as `globalMaxPool`, the rest as `medianPool1d`. */
export function globalMedianPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalMedianPoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function globalMedianPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalMedianPoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function globalMedianPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalMedianPoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function globalMedianPool(x: TensorLike, options: GlobalMedianPoolOptions = {}): unknown {
  return globalMedian[0].forward(x, options)
}

/** The gradient of `globalMedianPool`, as `medianPool1dBackward`. */
export function globalMedianPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<GlobalMedianPoolOptions> = {},
): Tensor<A> {
  return globalMedian[0].backward(dy, x, options)
}
