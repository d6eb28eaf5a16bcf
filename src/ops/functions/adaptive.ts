/**
 * @file Adaptive pooling: the output size is given, the windows follow.
 */
import { type AdaptiveOptions, adaptive } from '../geometry/adaptive.ts'
import { type Average, type AverageBackward, defineAverage, type MeanOptions } from '../reduce/average.ts'
import { defineExtremum, type ExtremumBackwardFunction, type ExtremumFunction } from '../reduce/extremum.ts'

/** Options of adaptive average pooling. */
export type AdaptiveAvgPoolOptions = AdaptiveOptions & MeanOptions

export const adaptiveExtrema = {
  adaptiveMaxPool1d: defineExtremum('adaptiveMaxPool1d', 'max', adaptive(1)),
  adaptiveMaxPool2d: defineExtremum('adaptiveMaxPool2d', 'max', adaptive(2)),
  adaptiveMaxPool3d: defineExtremum('adaptiveMaxPool3d', 'max', adaptive(3)),
}

const names = ['exact', 'rounding'] as const

export const adaptiveAverages = {
  adaptiveAvgPool1d: defineAverage<AdaptiveAvgPoolOptions>('adaptiveAvgPool1d', adaptive(1), 'each', names),
  adaptiveAvgPool2d: defineAverage<AdaptiveAvgPoolOptions>('adaptiveAvgPool2d', adaptive(2), 'each', names),
  adaptiveAvgPool3d: defineAverage<AdaptiveAvgPoolOptions>('adaptiveAvgPool3d', adaptive(3), 'each', names),
}

const { adaptiveMaxPool1d: max1, adaptiveMaxPool2d: max2, adaptiveMaxPool3d: max3 } = adaptiveExtrema
const { adaptiveAvgPool1d: avg1, adaptiveAvgPool2d: avg2, adaptiveAvgPool3d: avg3 } = adaptiveAverages

/**
 * The maximum of each of `outputSize` windows of a sequence; window i of n is [floor(i L / n), ceil((i + 1) L / n)).
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, outputSize]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * Ties, NaN and indices as in `maxPool1d`. An outputSize above the input's repeats elements; 0 gives an empty tensor.
 * Source: torch.nn.functional.adaptive_max_pool1d
 */
export const adaptiveMaxPool1d: ExtremumFunction<AdaptiveOptions> = max1.forward

/** The gradient of `adaptiveMaxPool1d`, as `maxPool1dBackward`. */
export const adaptiveMaxPool1dBackward: ExtremumBackwardFunction<AdaptiveOptions> = max1.backward

/**
 * The maximum of each of `outputSize` windows of a plane; along an axis of H, window i of n is [floor(i H / n), ceil((i + 1) H / n)).
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, ...outputSize]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * Ties: the first in row-major order. NaN: wins, the last one's index. An outputSize above the input's repeats elements; 0 gives an empty tensor.
 * Source: torch.nn.functional.adaptive_max_pool2d
 *
 * @example adaptiveMaxPool2d(x, { outputSize: [7, null] })
 */
export const adaptiveMaxPool2d: ExtremumFunction<AdaptiveOptions> = max2.forward

/**
 * The gradient of `adaptiveMaxPool2d`: each `dy` goes to the one element its maximum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the maxima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export const adaptiveMaxPool2dBackward: ExtremumBackwardFunction<AdaptiveOptions> = max2.backward

/** Adaptive maxima of volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `adaptiveMaxPool1d`. Source: torch.nn.functional.adaptive_max_pool3d */
export const adaptiveMaxPool3d: ExtremumFunction<AdaptiveOptions> = max3.forward

/** The gradient of `adaptiveMaxPool3d`, as `maxPool1dBackward`. */
export const adaptiveMaxPool3dBackward: ExtremumBackwardFunction<AdaptiveOptions> = max3.backward

/**
 * The mean of each of `outputSize` windows of a sequence; windows as in `adaptiveMaxPool1d`.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); exact; rounding; layout; out
 * @returns        a Tensor of x's dtype, [N, C, outputSize]
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * Sums as in `avgPool1d`. Windows of up to 256 elements are divided once an axis, in order, which gives PyTorch's bits (except where all
 * sizes are 1: PyTorch then sums in an order that depends on the processor, and divides once, as is done here); larger ones once.
 * Integers as in `avgPool1d`. NaN propagates.
 * Source: torch.nn.functional.adaptive_avg_pool1d
 */
export const adaptiveAvgPool1d: Average<AdaptiveAvgPoolOptions> = avg1.forward

/** The gradient of `adaptiveAvgPool1d`, as `avgPool1dBackward`. */
export const adaptiveAvgPool1dBackward: AverageBackward<AdaptiveAvgPoolOptions> = avg1.backward

/**
 * The mean of each of `outputSize` windows of a plane; along an axis of H, window i of n is [floor(i H / n), ceil((i + 1) H / n)).
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); exact; rounding; layout; out
 * @returns        a Tensor of x's dtype, [N, C, ...outputSize]
 * @throws PoolError "BAD_PARAM" for a negative or fractional size, "LIMIT" for one past 2^31, "BAD_SHAPE" for another rank
 *
 * NaN propagates. An outputSize above the input's repeats elements; 0 gives an empty tensor. Sums and integers as `adaptiveAvgPool1d` says.
 * Source: torch.nn.functional.adaptive_avg_pool2d
 *
 * @example adaptiveAvgPool2d(x, { outputSize: 1 })
 */
export const adaptiveAvgPool2d: Average<AdaptiveAvgPoolOptions> = avg2.forward

/**
 * The gradient of `adaptiveAvgPool2d`: each element of a window receives its share of `dy`.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype; shares of overlapping windows add up
 * @throws PoolError as the forward call
 */
export const adaptiveAvgPool2dBackward: AverageBackward<AdaptiveAvgPoolOptions> = avg2.backward

/** Adaptive means of volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `adaptiveAvgPool1d`. Source: torch.nn.functional.adaptive_avg_pool3d */
export const adaptiveAvgPool3d: Average<AdaptiveAvgPoolOptions> = avg3.forward

/** The gradient of `adaptiveAvgPool3d`, as `avgPool1dBackward`. */
export const adaptiveAvgPool3dBackward: AverageBackward<AdaptiveAvgPoolOptions> = avg3.backward
