/**
 * @file Sum pooling: sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveSumPool, globalSumPool as globalSum, sumPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { SumOptions } from '../reduce/sum.ts'

/** Options of sum pooling. */
export type SumPoolOptions = SlidingOptions & SumOptions

/**
 * The sum of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; exact;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * Padding adds nothing. Sums as in `avgPool1d`, in PyTorch's order or in float64. Integers sum exactly; sums beyond the dtype's range
 * saturate. NaN propagates, a sum of -0 is +0, and a window without taps gives 0. `mask` and `nodata` leave elements out; minCount, fill
 * and returnCounts as in `maxPool1d`.
 * Source: torch.nn.functional.avg_pool1d with divisor_override=1
 */
export function sumPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SumPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return sumPool[1].forward(x, options)
}

/**
 * The gradient of `sumPool1d`: each element of a window receives `dy`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function sumPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SumPoolOptions & CountsOption,
): Tensor<A> {
  return sumPool[1].backward(dy, x, options)
}

/**
 * The sum of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; exact;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * Padding adds nothing. Sums as in `avgPool1d`, in PyTorch's order or in float64. Integers sum exactly; sums beyond the dtype's range
 * saturate. NaN propagates, a sum of -0 is +0, and a window without taps gives 0.
 * Source: torch.nn.functional.avg_pool2d with divisor_override=1
 */
export function sumPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SumPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return sumPool[2].forward(x, options)
}

/**
 * The gradient of `sumPool2d`: each element of a window receives `dy`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function sumPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SumPoolOptions & CountsOption,
): Tensor<A> {
  return sumPool[2].backward(dy, x, options)
}

/**
 * The sum of each window of a volume.
 *
 * @param x        any dtype, [N, C, D, H, W] or [C, D, H, W] (layout "NHWC": [N, D, H, W, C] or [D, H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; exact;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Dout, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * Padding adds nothing. Sums as in `avgPool1d`, in PyTorch's order or in float64. Integers sum exactly; sums beyond the dtype's range
 * saturate. NaN propagates, a sum of -0 is +0, and a window without taps gives 0.
 * Source: torch.nn.functional.avg_pool3d with divisor_override=1
 */
export function sumPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SumPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return sumPool[3].forward(x, options)
}

/**
 * The gradient of `sumPool3d`: each element of a window receives `dy`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function sumPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SumPoolOptions & CountsOption,
): Tensor<A> {
  return sumPool[3].backward(dy, x, options)
}

/** The sum of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `sumPool1d`. */
export function adaptiveSumPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & SumOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveSumPool[1].forward(x, options)
}

/** The gradient of `adaptiveSumPool1d`, as `sumPool1dBackward`. */
export function adaptiveSumPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & SumOptions & CountsOption,
): Tensor<A> {
  return adaptiveSumPool[1].backward(dy, x, options)
}

/** The sum of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `sumPool2d`. */
export function adaptiveSumPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & SumOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveSumPool[2].forward(x, options)
}

/** The gradient of `adaptiveSumPool2d`, as `sumPool2dBackward`. */
export function adaptiveSumPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & SumOptions & CountsOption,
): Tensor<A> {
  return adaptiveSumPool[2].backward(dy, x, options)
}

/** The sum of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `sumPool3d`. */
export function adaptiveSumPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & SumOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveSumPool[3].forward(x, options)
}

/** The gradient of `adaptiveSumPool3d`, as `sumPool3dBackward`. */
export function adaptiveSumPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & SumOptions & CountsOption,
): Tensor<A> {
  return adaptiveSumPool[3].backward(dy, x, options)
}

/** The sum over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `sumPool1d`. */
export function globalSumPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & SumOptions & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalSum[0].forward(x, options)
}

/** The gradient of `globalSumPool`, as `sumPool1dBackward`. */
export function globalSumPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & SumOptions & CountsOption = {},
): Tensor<A> {
  return globalSum[0].backward(dy, x, options)
}
