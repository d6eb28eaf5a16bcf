/**
 * @file The expected values of stochastic pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import {
  adaptiveStochasticMeanPool,
  globalStochasticMeanPool as globalMean,
  stochasticMeanPool,
} from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'

/**
 * The expected value of `stochasticPool1d`, for testing: sum of x^2 / sum of x over each window of a sequence, where negative elements
 * count as 0.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * A window without positive elements gives 0, one with NaN gives NaN, +inf gives +inf. Padding does not count. Squares are of parts of
 * the largest element, so that none overflows. Computed in float64, rounded once. `mask` and `nodata` leave elements out;
 * minCount, fill and returnCounts as in `maxPool1d`.
 * Source: Zeiler and Fergus, Stochastic Pooling for Regularization of Deep Convolutional Neural Networks (2013), equation 6
 */
export function stochasticMeanPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return stochasticMeanPool[1].forward(x, options)
}

/**
 * The gradient of `stochasticMeanPool1d`: dy (2 x - y) / sum of x for positive elements; 0 for others. Equal infinities share it.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function stochasticMeanPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return stochasticMeanPool[1].backward(dy, x, options)
}

/**
 * The expected value of `stochasticPool2d`, for testing: sum of x^2 / sum of x over each window of a plane, where negative elements
 * count as 0.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * A window without positive elements gives 0, one with NaN gives NaN, +inf gives +inf. Padding does not count. Squares are of parts of
 * the largest element, so that none overflows. Computed in float64, rounded once. `mask` and `nodata` leave elements out;
 * minCount, fill and returnCounts as in `maxPool1d`.
 * Source: Zeiler and Fergus, Stochastic Pooling for Regularization of Deep Convolutional Neural Networks (2013), equation 6
 */
export function stochasticMeanPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return stochasticMeanPool[2].forward(x, options)
}

/** The gradient of `stochasticMeanPool2d`, as `stochasticMeanPool1dBackward`. */
export function stochasticMeanPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return stochasticMeanPool[2].backward(dy, x, options)
}

/** The expected value of `stochasticPool3d` in volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `stochasticMeanPool1d`. */
export function stochasticMeanPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return stochasticMeanPool[3].forward(x, options)
}

/** The gradient of `stochasticMeanPool3d`, as `stochasticMeanPool1dBackward`. */
export function stochasticMeanPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return stochasticMeanPool[3].backward(dy, x, options)
}

/** The expected value of `stochasticPool1d` in each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `stochasticMeanPool1d`. */
export function adaptiveStochasticMeanPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveStochasticMeanPool[1].forward(x, options)
}

/** The gradient of `adaptiveStochasticMeanPool1d`, as `stochasticMeanPool1dBackward`. */
export function adaptiveStochasticMeanPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveStochasticMeanPool[1].backward(dy, x, options)
}

/** The expected value of `stochasticPool1d` in each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `stochasticMeanPool2d`. */
export function adaptiveStochasticMeanPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveStochasticMeanPool[2].forward(x, options)
}

/** The gradient of `adaptiveStochasticMeanPool2d`, as `stochasticMeanPool2dBackward`. */
export function adaptiveStochasticMeanPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveStochasticMeanPool[2].backward(dy, x, options)
}

/** The expected value of `stochasticPool1d` in each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `stochasticMeanPool3d`. */
export function adaptiveStochasticMeanPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveStochasticMeanPool[3].forward(x, options)
}

/** The gradient of `adaptiveStochasticMeanPool3d`, as `stochasticMeanPool3dBackward`. */
export function adaptiveStochasticMeanPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveStochasticMeanPool[3].backward(dy, x, options)
}

/** The expected value of `stochasticPool1d` over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `stochasticMeanPool1d`. */
export function globalStochasticMeanPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalMean[0].forward(x, options)
}

/** The gradient of `globalStochasticMeanPool`, as `stochasticMeanPool1dBackward`. */
export function globalStochasticMeanPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & CountsOption = {},
): Tensor<A> {
  return globalMean[0].backward(dy, x, options)
}
