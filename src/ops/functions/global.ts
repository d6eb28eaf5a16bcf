/**
 * @file Global pooling: one window over all pooled axes.
 */
import { wholePlane } from '../geometry/adaptive.ts'
import type { CommonOptions } from '../geometry/geometry.ts'
import { type Average, type AverageBackward, defineAverage, type MeanOptions } from '../reduce/average.ts'
import { defineExtremum, type ExtremumBackwardFunction, type ExtremumFunction } from '../reduce/extremum.ts'
import { defineLp, type Lp, type LpBackward } from '../reduce/lp.ts'

/** Options of global average pooling. */
export type GlobalAvgPoolOptions = CommonOptions & MeanOptions

export const globals = {
  globalMaxPool: defineExtremum('globalMaxPool', 'max', wholePlane),
  globalAvgPool: defineAverage<GlobalAvgPoolOptions>('globalAvgPool', wholePlane, 'product', [
    'exact',
    'rounding',
  ]),
  globalLpPool: defineLp('globalLpPool', wholePlane),
}

/**
 * The maximum over all axes after batch and channels, which stay as axes of length 1.
 *
 * @param x        any dtype, [N, C, ...spatial] (layout "NHWC": [N, ...spatial, C]); any number of spatial axes from 1
 * @param options  returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, 1, ...]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_SHAPE" for fewer than 3 axes or an empty one, "BAD_PARAM" for an option
 *
 * Ties, NaN and indices as in `maxPool1d`. Source: ONNX GlobalMaxPool
 */
export const globalMaxPool: ExtremumFunction<CommonOptions> = globals.globalMaxPool.forward

/** The gradient of `globalMaxPool`, as `maxPool1dBackward`. */
export const globalMaxPoolBackward: ExtremumBackwardFunction<CommonOptions> = globals.globalMaxPool.backward

/** The mean over all axes after batch and channels: sums as `avgPool1d`, shapes as `globalMaxPool`. Source: ONNX GlobalAveragePool */
export const globalAvgPool: Average<GlobalAvgPoolOptions> = globals.globalAvgPool.forward

/** The gradient of `globalAvgPool`, as `avgPool1dBackward`. */
export const globalAvgPoolBackward: AverageBackward<GlobalAvgPoolOptions> = globals.globalAvgPool.backward

/** The Lp norm over all axes after batch and channels: norms as `lpPool1d`, shapes as `globalMaxPool`. Source: ONNX GlobalLpPool */
export const globalLpPool: Lp<CommonOptions> = globals.globalLpPool.forward

/** The gradient of `globalLpPool`, as `lpPool1dBackward`. */
export const globalLpPoolBackward: LpBackward<CommonOptions> = globals.globalLpPool.backward
