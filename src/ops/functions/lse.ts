/**
 * @file Log-mean-exp pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveLsePool, globalLsePool as globalLse, lsePool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { SharpnessOption } from '../reduce/exponential.ts'

/**
 * A smooth maximum of each window of a sequence: log(mean of e^(r x)) / r.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  r (default 1); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Exponents are relative to the largest one of the window, so no exponent overflows. Padding does not count. With r above
 * 0 an element of -inf adds nothing but counts in the mean, +inf gives +inf, and a window of -inf gives -inf; with
 * r below 0 the signs change places. NaN and a window without taps give NaN. Computed in float64, rounded once.
 * `mask` and `nodata` leave elements out; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: Pinheiro and Collobert, From Image-level to Pixel-level Labeling with Convolutional Networks (2015)
 */
export function lsePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & SharpnessOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return lsePool[1].forward(x, options)
}

/**
 * The gradient of `lsePool1d`: dy times the softmax of r x over the window; equal infinities share it.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function lsePool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & SharpnessOption & CountsOption,
): Tensor<A> {
  return lsePool[1].backward(dy, x, options)
}

/**
 * A smooth maximum of each window of a plane: log(mean of e^(r x)) / r.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  r (default 1); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Exponents are relative to the largest one of the window, so no exponent overflows. Padding does not count. With r above
 * 0 an element of -inf adds nothing but counts in the mean, +inf gives +inf, and a window of -inf gives -inf; with
 * r below 0 the signs change places. NaN and a window without taps give NaN. Computed in float64, rounded once.
 * `mask` and `nodata` leave elements out; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: Pinheiro and Collobert, From Image-level to Pixel-level Labeling with Convolutional Networks (2015)
 */
export function lsePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & SharpnessOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return lsePool[2].forward(x, options)
}

/**
 * The gradient of `lsePool2d`: dy times the softmax of r x over the window; equal infinities share it.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function lsePool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & SharpnessOption & CountsOption,
): Tensor<A> {
  return lsePool[2].backward(dy, x, options)
}

/** The log-mean-exp of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `lsePool1d`. */
export function lsePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & SharpnessOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return lsePool[3].forward(x, options)
}

/** The gradient of `lsePool3d`, as `lsePool1dBackward`. */
export function lsePool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & SharpnessOption & CountsOption,
): Tensor<A> {
  return lsePool[3].backward(dy, x, options)
}

/** The log-mean-exp of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `lsePool1d`. */
export function adaptiveLsePool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & SharpnessOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveLsePool[1].forward(x, options)
}

/** The gradient of `adaptiveLsePool1d`, as `lsePool1dBackward`. */
export function adaptiveLsePool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & SharpnessOption & CountsOption,
): Tensor<A> {
  return adaptiveLsePool[1].backward(dy, x, options)
}

/** The log-mean-exp of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `lsePool2d`. */
export function adaptiveLsePool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & SharpnessOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveLsePool[2].forward(x, options)
}

/** The gradient of `adaptiveLsePool2d`, as `lsePool2dBackward`. */
export function adaptiveLsePool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & SharpnessOption & CountsOption,
): Tensor<A> {
  return adaptiveLsePool[2].backward(dy, x, options)
}

/** The log-mean-exp of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `lsePool3d`. */
export function adaptiveLsePool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & SharpnessOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveLsePool[3].forward(x, options)
}

/** The gradient of `adaptiveLsePool3d`, as `lsePool3dBackward`. */
export function adaptiveLsePool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & SharpnessOption & CountsOption,
): Tensor<A> {
  return adaptiveLsePool[3].backward(dy, x, options)
}

/** The log-mean-exp over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `lsePool1d`. */
export function globalLsePool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & SharpnessOption & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalLse[0].forward(x, options)
}

/** The gradient of `globalLsePool`, as `lsePool1dBackward`. */
export function globalLsePoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & SharpnessOption & CountsOption = {},
): Tensor<A> {
  return globalLse[0].backward(dy, x, options)
}
