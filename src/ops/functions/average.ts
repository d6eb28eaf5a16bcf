/**
 * @file Average pooling over a sliding window.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { avgPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { DivisorOptions } from '../reduce/average.ts'

/** Options of average pooling over a sliding window. */
export type AvgPoolOptions = SlidingOptions & DivisorOptions

/**
 * The mean of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; countIncludePad; divisorOverride; exact; rounding;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * The divisor counts the window's elements. It includes padding by default (countIncludePad), but never the overhang of
 * ceil mode. Sums: windows of up to 256 elements that read each element at most 64 times (8x8 at stride 1) add in row-major order and
 * divide once, which gives PyTorch's bits. All others add in float64 and are rounded once. The mean of any number of float32 values of one sign
 * is then off by at most one unit in the last place, and lies within their range. `exact` keeps the row-major order, which is less accurate there.
 * float16 and bfloat16 are averaged as float32. Integers of all dtypes sum exactly and are rounded by `rounding`, toward zero by default;
 * results beyond the dtype's range (from a small divisorOverride) saturate.
 * NaN propagates. A window without taps gives 0.
 * With `mask` or `nodata` the mean is that of the elements that count: it is divided once, by their number (and by padded positions only
 * if countIncludePad is given as true), or by divisorOverride. minCount, fill and returnCounts as in `maxPool1d`.
 * Source: torch.nn.functional.avg_pool1d; dilation as in ONNX AveragePool
 */
export function avgPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AvgPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return avgPool[1].forward(x, options)
}

/**
 * The gradient of `avgPool1d`: each element of a window receives `dy / divisor`. Shares add up in PyTorch's order; if windows read each
 * element more than 64 times, they add up in float64 and are rounded once, unless `exact`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function avgPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AvgPoolOptions & CountsOption,
): Tensor<A> {
  return avgPool[1].backward(dy, x, options)
}

/**
 * The mean of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; countIncludePad; divisorOverride; exact; rounding;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * The divisor counts the window's elements. It includes padding by default (countIncludePad), but never the overhang of
 * ceil mode. NaN propagates. A window without taps gives 0. Sums and integers as `avgPool1d` says.
 * Source: torch.nn.functional.avg_pool2d; dilation as in ONNX AveragePool
 *
 * @example avgPool2d(x, { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false })
 */
export function avgPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AvgPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return avgPool[2].forward(x, options)
}

/**
 * The gradient of `avgPool2d`: each element of a window receives `dy / divisor`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function avgPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AvgPoolOptions & CountsOption,
): Tensor<A> {
  return avgPool[2].backward(dy, x, options)
}

/** The mean of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `avgPool1d`. Source: torch.nn.functional.avg_pool3d */
export function avgPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AvgPoolOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return avgPool[3].forward(x, options)
}

/** The gradient of `avgPool3d`, as `avgPool1dBackward`. */
export function avgPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AvgPoolOptions & CountsOption,
): Tensor<A> {
  return avgPool[3].backward(dy, x, options)
}
