/**
 * @file Max and min pooling over a sliding window.
 */

import { type SlidingOptions, sliding } from '../geometry/sliding.ts'
import { defineExtremum, type ExtremumBackwardFunction, type ExtremumFunction } from '../reduce/extremum.ts'

export const slidingExtrema = {
  maxPool1d: defineExtremum('maxPool1d', 'max', sliding(1)),
  maxPool2d: defineExtremum('maxPool2d', 'max', sliding(2)),
  maxPool3d: defineExtremum('maxPool3d', 'max', sliding(3)),
  minPool1d: defineExtremum('minPool1d', 'min', sliding(1)),
  minPool2d: defineExtremum('minPool2d', 'min', sliding(2)),
  minPool3d: defineExtremum('minPool3d', 'min', sliding(3)),
}

const { maxPool1d: max1, maxPool2d: max2, maxPool3d: max3 } = slidingExtrema
const { minPool1d: min1, minPool2d: min2, minPool3d: min3 } = slidingExtrema

/**
 * The maximum of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Lout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is no typed array
 *
 * Ties: the first in row-major order. NaN: wins, the last one's index. A window that touches no element: -inf (the least
 * integer), index -1. Padding is never chosen.
 * Source: torch.nn.functional.max_pool1d
 */
export const maxPool1d: ExtremumFunction<SlidingOptions> = max1.forward

/**
 * The gradient of `maxPool1d`: each `dy` goes to the one element its maximum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the maxima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export const maxPool1dBackward: ExtremumBackwardFunction<SlidingOptions> = max1.backward

/**
 * The maximum of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is no typed array
 *
 * Ties: the first in row-major order. NaN: wins, the last one's index. A window that touches no element: -inf (the least
 * integer), index -1. Padding is never chosen.
 * Source: torch.nn.functional.max_pool2d
 *
 * @example maxPool2d(x, { kernelSize: 3, stride: 2, padding: 1 })
 */
export const maxPool2d: ExtremumFunction<SlidingOptions> = max2.forward

/**
 * The gradient of `maxPool2d`: each `dy` goes to the one element its maximum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the maxima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export const maxPool2dBackward: ExtremumBackwardFunction<SlidingOptions> = max2.backward

/** The maximum of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `maxPool2d`. Source: torch.nn.functional.max_pool3d */
export const maxPool3d: ExtremumFunction<SlidingOptions> = max3.forward

/** The gradient of `maxPool3d`, as `maxPool1dBackward`. */
export const maxPool3dBackward: ExtremumBackwardFunction<SlidingOptions> = max3.backward

/** The minimum of each window of a sequence: the rules of `maxPool1d` with the order reversed; NaN still wins. */
export const minPool1d: ExtremumFunction<SlidingOptions> = min1.forward

/** The gradient of `minPool1d`, as `maxPool1dBackward`. */
export const minPool1dBackward: ExtremumBackwardFunction<SlidingOptions> = min1.backward

/**
 * The minimum of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is no typed array
 *
 * Ties: the first in row-major order. NaN: wins, the last one's index. A window that touches no element: inf (the greatest
 * integer), index -1. Padding is never chosen.
 */
export const minPool2d: ExtremumFunction<SlidingOptions> = min2.forward

/**
 * The gradient of `minPool2d`: each `dy` goes to the one element its minimum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the minima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export const minPool2dBackward: ExtremumBackwardFunction<SlidingOptions> = min2.backward

/** The minimum of each window of a volume: the rules of `maxPool3d` with the order reversed; NaN still wins. */
export const minPool3d: ExtremumFunction<SlidingOptions> = min3.forward

/** The gradient of `minPool3d`, as `maxPool1dBackward`. */
export const minPool3dBackward: ExtremumBackwardFunction<SlidingOptions> = min3.backward
