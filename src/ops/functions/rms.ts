/**
 * @file Root mean square pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveRmsPool, globalRmsPool as globalRms, rmsPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'

/**
 * The root mean square of each window of a sequence: the square root of the mean of x².
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Padding does not count: the mean is over the elements inside. Squares are summed in float64 and rounded once, so
 * float32 does not overflow. NaN propagates, and a window without taps gives 0. `mask` and `nodata` leave elements
 * out; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: TensorFlow Lite L2_POOL_2D, GDAL -r rms
 */
export function rmsPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return rmsPool[1].forward(x, options)
}

/**
 * The gradient of `rmsPool1d`: dy * x / (n * y) for a window of n elements; 0 where x is 0.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function rmsPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return rmsPool[1].backward(dy, x, options)
}

/**
 * The root mean square of each window of a plane: the square root of the mean of x².
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Padding does not count: the mean is over the elements inside. Squares are summed in float64 and rounded once, so
 * float32 does not overflow. NaN propagates, and a window without taps gives 0. `mask` and `nodata` leave elements
 * out; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: TensorFlow Lite L2_POOL_2D, GDAL -r rms
 */
export function rmsPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return rmsPool[2].forward(x, options)
}

/**
 * The gradient of `rmsPool2d`: dy * x / (n * y) for a window of n elements; 0 where x is 0.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function rmsPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return rmsPool[2].backward(dy, x, options)
}

/** The root mean square of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `rmsPool1d`. */
export function rmsPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return rmsPool[3].forward(x, options)
}

/** The gradient of `rmsPool3d`, as `rmsPool1dBackward`. */
export function rmsPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return rmsPool[3].backward(dy, x, options)
}

/** The root mean square of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `rmsPool1d`. */
export function adaptiveRmsPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveRmsPool[1].forward(x, options)
}

/** The gradient of `adaptiveRmsPool1d`, as `rmsPool1dBackward`. */
export function adaptiveRmsPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveRmsPool[1].backward(dy, x, options)
}

/** The root mean square of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `rmsPool2d`. */
export function adaptiveRmsPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveRmsPool[2].forward(x, options)
}

/** The gradient of `adaptiveRmsPool2d`, as `rmsPool2dBackward`. */
export function adaptiveRmsPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveRmsPool[2].backward(dy, x, options)
}

/** The root mean square of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `rmsPool3d`. */
export function adaptiveRmsPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveRmsPool[3].forward(x, options)
}

/** The gradient of `adaptiveRmsPool3d`, as `rmsPool3dBackward`. */
export function adaptiveRmsPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveRmsPool[3].backward(dy, x, options)
}

/** The root mean square over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `rmsPool1d`. */
export function globalRmsPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalRms[0].forward(x, options)
}

/** The gradient of `globalRmsPool`, as `rmsPool1dBackward`. */
export function globalRmsPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & CountsOption = {},
): Tensor<A> {
  return globalRms[0].backward(dy, x, options)
}
