/**
 * @file Standard deviation pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveStdPool, globalStdPool as globalStd, stdPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { CorrectionOption } from '../reduce/variance.ts'

/**
 * The standard deviation of each window of a sequence: the square root of the variance that `varPool1d` gives.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  correction (default 1); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Computed in float64 from deviations within the window, so that no digits cancel: a window of 1e8 and noise has
 * the variance of the noise. Rounded once. Padding does not count. NaN and infinities give NaN, and so does a
 * window with no more elements than the correction. `mask` and `nodata` leave elements out; minCount, fill and
 * returnCounts as in `maxPool1d`.
 * Source: torch.std over each window
 */
export function stdPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return stdPool[1].forward(x, options)
}

/**
 * The gradient of `stdPool1d`: dy (x - mean) / ((n - correction) y) for a window of n elements; 0 where all
 * elements are equal, as in PyTorch.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function stdPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return stdPool[1].backward(dy, x, options)
}

/**
 * The standard deviation of each window of a plane: the square root of the variance that `varPool1d` gives.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  correction (default 1); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Computed in float64 from deviations within the window, so that no digits cancel: a window of 1e8 and noise has
 * the variance of the noise. Rounded once. Padding does not count. NaN and infinities give NaN, and so does a
 * window with no more elements than the correction. `mask` and `nodata` leave elements out; minCount, fill and
 * returnCounts as in `maxPool1d`.
 * Source: torch.std over each window
 */
export function stdPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return stdPool[2].forward(x, options)
}

/**
 * The gradient of `stdPool2d`: dy (x - mean) / ((n - correction) y) for a window of n elements; 0 where all
 * elements are equal, as in PyTorch.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function stdPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return stdPool[2].backward(dy, x, options)
}

/** The standard deviation of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `stdPool1d`. */
export function stdPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return stdPool[3].forward(x, options)
}

/** The gradient of `stdPool3d`, as `stdPool1dBackward`. */
export function stdPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return stdPool[3].backward(dy, x, options)
}

/** The standard deviation of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `stdPool1d`. */
export function adaptiveStdPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveStdPool[1].forward(x, options)
}

/** The gradient of `adaptiveStdPool1d`, as `stdPool1dBackward`. */
export function adaptiveStdPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return adaptiveStdPool[1].backward(dy, x, options)
}

/** The standard deviation of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `stdPool2d`. */
export function adaptiveStdPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveStdPool[2].forward(x, options)
}

/** The gradient of `adaptiveStdPool2d`, as `stdPool2dBackward`. */
export function adaptiveStdPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return adaptiveStdPool[2].backward(dy, x, options)
}

/** The standard deviation of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `stdPool3d`. */
export function adaptiveStdPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveStdPool[3].forward(x, options)
}

/** The gradient of `adaptiveStdPool3d`, as `stdPool3dBackward`. */
export function adaptiveStdPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return adaptiveStdPool[3].backward(dy, x, options)
}

/** The standard deviation over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `stdPool1d`. */
export function globalStdPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & CorrectionOption & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalStd[0].forward(x, options)
}

/** The gradient of `globalStdPool`, as `stdPool1dBackward`. */
export function globalStdPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & CorrectionOption & CountsOption = {},
): Tensor<A> {
  return globalStd[0].backward(dy, x, options)
}
