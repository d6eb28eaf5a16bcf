/**
 * @file Soft pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveSoftPool, globalSoftPool as globalSoft, softPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'

/**
 * The mean of each window of a sequence weighted by the softmax of its elements: sum of x e^x / sum of e^x.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Exponents are relative to the largest element of the window, so no exponent overflows. Padding does not count. An
 * element of -inf has no weight, +inf gives +inf, a window of -inf gives -inf, and NaN and a window without taps
 * give NaN. Computed in float64, rounded once. `mask` and `nodata` leave elements out; minCount, fill and
 * returnCounts as in `maxPool1d`.
 * Source: Stergiou, Poppe and Kalliatakis, Refining activation downsampling with SoftPool (2021)
 */
export function softPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return softPool[1].forward(x, options)
}

/**
 * The gradient of `softPool1d`: dy w (1 + x - y), with the softmax weights w of the window; equal infinities share
 * it.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function softPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return softPool[1].backward(dy, x, options)
}

/**
 * The mean of each window of a plane weighted by the softmax of its elements: sum of x e^x / sum of e^x.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Exponents are relative to the largest element of the window, so no exponent overflows. Padding does not count. An
 * element of -inf has no weight, +inf gives +inf, a window of -inf gives -inf, and NaN and a window without taps
 * give NaN. Computed in float64, rounded once. `mask` and `nodata` leave elements out; minCount, fill and
 * returnCounts as in `maxPool1d`.
 * Source: Stergiou, Poppe and Kalliatakis, Refining activation downsampling with SoftPool (2021)
 */
export function softPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return softPool[2].forward(x, options)
}

/**
 * The gradient of `softPool2d`: dy w (1 + x - y), with the softmax weights w of the window; equal infinities share
 * it.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function softPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return softPool[2].backward(dy, x, options)
}

/** The softmax-weighted mean of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `softPool1d`. */
export function softPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return softPool[3].forward(x, options)
}

/** The gradient of `softPool3d`, as `softPool1dBackward`. */
export function softPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CountsOption,
): Tensor<A> {
  return softPool[3].backward(dy, x, options)
}

/** The softmax-weighted mean of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `softPool1d`. */
export function adaptiveSoftPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveSoftPool[1].forward(x, options)
}

/** The gradient of `adaptiveSoftPool1d`, as `softPool1dBackward`. */
export function adaptiveSoftPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveSoftPool[1].backward(dy, x, options)
}

/** The softmax-weighted mean of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `softPool2d`. */
export function adaptiveSoftPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveSoftPool[2].forward(x, options)
}

/** The gradient of `adaptiveSoftPool2d`, as `softPool2dBackward`. */
export function adaptiveSoftPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveSoftPool[2].backward(dy, x, options)
}

/** The softmax-weighted mean of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `softPool3d`. */
export function adaptiveSoftPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveSoftPool[3].forward(x, options)
}

/** The gradient of `adaptiveSoftPool3d`, as `softPool3dBackward`. */
export function adaptiveSoftPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CountsOption,
): Tensor<A> {
  return adaptiveSoftPool[3].backward(dy, x, options)
}

/** The softmax-weighted mean over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `softPool1d`. */
export function globalSoftPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalSoft[0].forward(x, options)
}

/** The gradient of `globalSoftPool`, as `softPool1dBackward`. */
export function globalSoftPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & CountsOption = {},
): Tensor<A> {
  return globalSoft[0].backward(dy, x, options)
}
