/**
 * @file Average pooling over a sliding window.
 */

import { type SlidingOptions, sliding } from '../geometry/sliding.ts'
import { type Average, type AverageBackward, type DivisorOptions, defineAverage } from '../reduce/average.ts'

/** Options of average pooling over a sliding window. */
export type AvgPoolOptions = SlidingOptions & DivisorOptions

const names = ['countIncludePad', 'divisorOverride', 'exact', 'rounding'] as const

export const slidingAverages = {
  avgPool1d: defineAverage<AvgPoolOptions>('avgPool1d', sliding(1), 'product', names),
  avgPool2d: defineAverage<AvgPoolOptions>('avgPool2d', sliding(2), 'product', names),
  avgPool3d: defineAverage<AvgPoolOptions>('avgPool3d', sliding(3), 'product', names),
}

const { avgPool1d: avg1, avgPool2d: avg2, avgPool3d: avg3 } = slidingAverages

/**
 * The mean of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; countIncludePad; divisorOverride; exact; rounding; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is no typed array
 *
 * Divisor: the window's elements with those in the padding (countIncludePad, the default) or without, never the overhang of
 * ceil mode. Sums: windows of up to 256 elements that read each element at most 64 times (8x8 at stride 1) add in row-major order and
 * divide once, PyTorch's bits. All others add in float64 and are rounded once: at most one unit in the last place of float32 from the mean
 * of numbers of one sign, however many, and never outside their range. `exact` keeps the row-major order, which is less accurate there.
 * float16 and bfloat16 are averaged as float32. Integers of all dtypes sum exactly and are rounded by `rounding`, toward zero by default;
 * past the dtype's range (a small divisorOverride) they become its end.
 * NaN propagates. A window that touches no element gives 0.
 * Source: torch.nn.functional.avg_pool1d; dilation as in ONNX AveragePool
 */
export const avgPool1d: Average<AvgPoolOptions> = avg1.forward

/**
 * The gradient of `avgPool1d`: each element of a window receives `dy / divisor`. Added in PyTorch's order; of windows that read each element
 * more than 64 times in float64, rounded once, unless `exact`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export const avgPool1dBackward: AverageBackward<AvgPoolOptions> = avg1.backward

/**
 * The mean of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; countIncludePad; divisorOverride; exact; rounding; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is no typed array
 *
 * Divisor: the window's elements with those in the padding (countIncludePad, the default) or without, never the overhang of
 * ceil mode. NaN propagates. A window that touches no element gives 0. Sums and integers as `avgPool1d` says.
 * Source: torch.nn.functional.avg_pool2d; dilation as in ONNX AveragePool
 *
 * @example avgPool2d(x, { kernelSize: 3, stride: 2, padding: 1, countIncludePad: false })
 */
export const avgPool2d: Average<AvgPoolOptions> = avg2.forward

/**
 * The gradient of `avgPool2d`: each element of a window receives `dy / divisor`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export const avgPool2dBackward: AverageBackward<AvgPoolOptions> = avg2.backward

/** The mean of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `avgPool1d`. Source: torch.nn.functional.avg_pool3d */
export const avgPool3d: Average<AvgPoolOptions> = avg3.forward

/** The gradient of `avgPool3d`, as `avgPool1dBackward`. */
export const avgPool3dBackward: AverageBackward<AvgPoolOptions> = avg3.backward
