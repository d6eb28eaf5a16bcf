/**
 * @file Pooling to a quantile of each window: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveQuantilePool, globalQuantilePool as globalQuantile, quantilePool } from '../catalogue.ts'
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
import type { QuantileOptions } from '../reduce/order.ts'

/** Options of quantile pooling over a sliding window. */
export type QuantilePoolOptions = SlidingOptions & QuantileOptions

/** Options of adaptive quantile pooling. */
export type AdaptiveQuantilePoolOptions = AdaptiveOptions & QuantileOptions

/** Options of global quantile pooling. */
export type GlobalQuantilePoolOptions = GlobalOptions & QuantileOptions

/**
 * A quantile of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; q; interpolation; rounding; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Lout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * The element of rank q (n - 1) of the n elements in ascending order, counted from 0. `interpolation` gives values between two ranks:
 * 'linear', 'lower', 'higher', 'nearest' (halfway to the even rank) or 'midpoint', in float64 as NumPy, rounded once. Between an
 * infinity and a finite element lies the infinity. Integers are rounded by `rounding`. NaN, windows without taps and indices as in
 * `medianPool1d`.
 * Not read: padding, and what `mask` and `nodata` leave out (as in `maxPool1d`).
 * Source: numpy.quantile
 */
export function quantilePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function quantilePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function quantilePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function quantilePool1d(x: TensorLike, options: QuantilePoolOptions): unknown {
  return quantilePool[1].forward(x, options)
}

/**
 * The gradient of `quantilePool1d`: `dy` goes to the picked element, or to the two that the value lies between, by their weights.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding picked elements again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export function quantilePool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<QuantilePoolOptions>,
): Tensor<A> {
  return quantilePool[1].backward(dy, x, options)
}

/**
 * A quantile of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; q; interpolation; rounding; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * The element of rank q (n - 1) of the n elements in ascending order, counted from 0. `interpolation` gives values between two ranks:
 * 'linear', 'lower', 'higher', 'nearest' (halfway to the even rank) or 'midpoint', in float64 as NumPy, rounded once. Between an
 * infinity and a finite element lies the infinity. Integers are rounded by `rounding`. NaN, windows without taps and indices as in
 * `medianPool1d`.
 * Not read: padding, and what `mask` and `nodata` leave out (as in `maxPool1d`).
 * Source: numpy.quantile
 *
 * @example quantilePool2d(x, { kernelSize: 5, q: 0.9, interpolation: 'lower' })
 */
export function quantilePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function quantilePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function quantilePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function quantilePool2d(x: TensorLike, options: QuantilePoolOptions): unknown {
  return quantilePool[2].forward(x, options)
}

/** The gradient of `quantilePool2d`, as `quantilePool1dBackward`. */
export function quantilePool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<QuantilePoolOptions>,
): Tensor<A> {
  return quantilePool[2].backward(dy, x, options)
}

/** A quantile of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `quantilePool2d`. */
export function quantilePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function quantilePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function quantilePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: QuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function quantilePool3d(x: TensorLike, options: QuantilePoolOptions): unknown {
  return quantilePool[3].forward(x, options)
}

/** The gradient of `quantilePool3d`, as `quantilePool1dBackward`. */
export function quantilePool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<QuantilePoolOptions>,
): Tensor<A> {
  return quantilePool[3].backward(dy, x, options)
}

/** A quantile of each of `outputSize` windows of a sequence: windows as in `adaptiveMaxPool1d`, the rest as `quantilePool1d`. */
export function adaptiveQuantilePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveQuantilePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveQuantilePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveQuantilePool1d(x: TensorLike, options: AdaptiveQuantilePoolOptions): unknown {
  return adaptiveQuantilePool[1].forward(x, options)
}

/** The gradient of `adaptiveQuantilePool1d`, as `quantilePool1dBackward`. */
export function adaptiveQuantilePool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveQuantilePoolOptions>,
): Tensor<A> {
  return adaptiveQuantilePool[1].backward(dy, x, options)
}

/** A quantile of each of `outputSize` windows of a plane: windows as in `adaptiveMaxPool2d`, the rest as `quantilePool2d`. */
export function adaptiveQuantilePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveQuantilePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveQuantilePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveQuantilePool2d(x: TensorLike, options: AdaptiveQuantilePoolOptions): unknown {
  return adaptiveQuantilePool[2].forward(x, options)
}

/** The gradient of `adaptiveQuantilePool2d`, as `quantilePool1dBackward`. */
export function adaptiveQuantilePool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveQuantilePoolOptions>,
): Tensor<A> {
  return adaptiveQuantilePool[2].backward(dy, x, options)
}

/** A quantile of each of `outputSize` windows of a volume: windows as in `adaptiveMaxPool3d`, the rest as `quantilePool3d`. */
export function adaptiveQuantilePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function adaptiveQuantilePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function adaptiveQuantilePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveQuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function adaptiveQuantilePool3d(x: TensorLike, options: AdaptiveQuantilePoolOptions): unknown {
  return adaptiveQuantilePool[3].forward(x, options)
}

/** The gradient of `adaptiveQuantilePool3d`, as `quantilePool1dBackward`. */
export function adaptiveQuantilePool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<AdaptiveQuantilePoolOptions>,
): Tensor<A> {
  return adaptiveQuantilePool[3].backward(dy, x, options)
}

/** A quantile over all axes after batch and channels: shapes as `globalMaxPool`, the rest as `quantilePool1d`. */
export function globalQuantilePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalQuantilePoolOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function globalQuantilePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalQuantilePoolOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function globalQuantilePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalQuantilePoolOptions & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function globalQuantilePool(x: TensorLike, options: GlobalQuantilePoolOptions): unknown {
  return globalQuantile[0].forward(x, options)
}

/** The gradient of `globalQuantilePool`, as `quantilePool1dBackward`. */
export function globalQuantilePoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<GlobalQuantilePoolOptions>,
): Tensor<A> {
  return globalQuantile[0].backward(dy, x, options)
}
