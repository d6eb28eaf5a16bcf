/**
 * @file Variance pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveVarPool, globalVarPool as globalVar, varPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { CorrectionOption } from '../reduce/variance.ts'

/**
 * The variance of each window of a sequence: the sum of squared deviations from the mean, divided by the number of
 * elements less `correction`.
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
 * Source: torch.var over each window
 */
export function varPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return varPool[1].forward(x, options)
}

/**
 * The gradient of `varPool1d`: 2 dy (x - mean) / (n - correction) for a window of n elements.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function varPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return varPool[1].backward(dy, x, options)
}

/**
 * The variance of each window of a plane: the sum of squared deviations from the mean, divided by the number of
 * elements less `correction`.
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
 * Source: torch.var over each window
 *
 * @example varPool2d(x, { kernelSize: 3, stride: 1, correction: 0 })
 */
export function varPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return varPool[2].forward(x, options)
}

/**
 * The gradient of `varPool2d`: 2 dy (x - mean) / (n - correction) for a window of n elements.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function varPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return varPool[2].backward(dy, x, options)
}

/** The variance of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `varPool1d`. */
export function varPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return varPool[3].forward(x, options)
}

/** The gradient of `varPool3d`, as `varPool1dBackward`. */
export function varPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return varPool[3].backward(dy, x, options)
}

/** The variance of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `varPool1d`. */
export function adaptiveVarPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveVarPool[1].forward(x, options)
}

/** The gradient of `adaptiveVarPool1d`, as `varPool1dBackward`. */
export function adaptiveVarPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return adaptiveVarPool[1].backward(dy, x, options)
}

/** The variance of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `varPool2d`. */
export function adaptiveVarPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveVarPool[2].forward(x, options)
}

/** The gradient of `adaptiveVarPool2d`, as `varPool2dBackward`. */
export function adaptiveVarPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return adaptiveVarPool[2].backward(dy, x, options)
}

/** The variance of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `varPool3d`. */
export function adaptiveVarPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveVarPool[3].forward(x, options)
}

/** The gradient of `adaptiveVarPool3d`, as `varPool3dBackward`. */
export function adaptiveVarPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & CorrectionOption & CountsOption,
): Tensor<A> {
  return adaptiveVarPool[3].backward(dy, x, options)
}

/** The variance over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `varPool1d`. */
export function globalVarPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & CorrectionOption & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalVar[0].forward(x, options)
}

/** The gradient of `globalVarPool`, as `varPool1dBackward`. */
export function globalVarPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & CorrectionOption & CountsOption = {},
): Tensor<A> {
  return globalVar[0].backward(dy, x, options)
}
