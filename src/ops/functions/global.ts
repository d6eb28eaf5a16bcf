/**
 * @file Global pooling: one window over all pooled axes.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import {
  globalAvgPool as globalAvg,
  globalLpPool as globalLp,
  globalMaxPool as globalMax,
} from '../catalogue.ts'
import type { CommonOptions } from '../geometry/geometry.ts'
import type {
  ExtremumBackwardOptions,
  IndicesOutOption,
  Pooled,
  PooledWithIndices,
  WithIndices,
  WithoutIndices,
} from '../options/with-indices.ts'
import type { MeanOptions } from '../reduce/average.ts'
import type { NormOption } from '../reduce/lp.ts'

/** Options of global average pooling. */
export type GlobalAvgPoolOptions = CommonOptions & MeanOptions

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
export function globalMaxPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: CommonOptions & WithIndices,
): PooledWithIndices<A>
export function globalMaxPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options?: CommonOptions & WithoutIndices,
): Tensor<A>
export function globalMaxPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options?: CommonOptions & IndicesOutOption,
): Pooled<A>
export function globalMaxPool(x: TensorLike, options: CommonOptions & IndicesOutOption = {}): Pooled {
  return globalMax[0].forward(x, options)
}

/** The gradient of `globalMaxPool`, as `maxPool1dBackward`. */
export function globalMaxPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<CommonOptions> = {},
): Tensor<A> {
  return globalMax[0].backward(dy, x, options)
}

/** The mean over all axes after batch and channels: sums as `avgPool1d`, shapes as `globalMaxPool`. Source: ONNX GlobalAveragePool */
export function globalAvgPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: GlobalAvgPoolOptions = {},
): Tensor<A> {
  return globalAvg[0].forward(x, options)
}

/** The gradient of `globalAvgPool`, as `avgPool1dBackward`. */
export function globalAvgPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalAvgPoolOptions = {},
): Tensor<A> {
  return globalAvg[0].backward(dy, x, options)
}

/** The Lp norm over all axes after batch and channels: norms as `lpPool1d`, shapes as `globalMaxPool`. Source: ONNX GlobalLpPool */
export function globalLpPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: CommonOptions & NormOption,
): Tensor<A> {
  return globalLp[0].forward(x, options)
}

/** The gradient of `globalLpPool`, as `lpPool1dBackward`. */
export function globalLpPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: CommonOptions & NormOption,
): Tensor<A> {
  return globalLp[0].backward(dy, x, options)
}
