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
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { GlobalOptions } from '../geometry/adaptive.ts'
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
export type GlobalAvgPoolOptions = GlobalOptions & MeanOptions

/**
 * The maximum over all axes after batch and channels, which stay as axes of length 1 unless keepDims is false.
 *
 * @param x        any dtype, [N, C, ...spatial] (layout "NHWC": [N, ...spatial, C]); any number of spatial axes from 1
 * @param options  keepDims; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, 1, ...], or [N, C] if keepDims is false; with returnIndices, { output, indices }
 * @throws PoolError "BAD_SHAPE" for fewer than 3 axes or an empty one, "BAD_PARAM" for an option
 *
 * Ties, NaN and indices as in `maxPool1d`. Source: ONNX GlobalMaxPool
 */
export function globalMaxPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function globalMaxPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function globalMaxPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options?: GlobalOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function globalMaxPool(x: TensorLike, options: GlobalOptions & IndicesOutOption = {}): unknown {
  return globalMax[0].forward(x, options)
}

/** The gradient of `globalMaxPool`, as `maxPool1dBackward`. */
export function globalMaxPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<GlobalOptions> = {},
): Tensor<A> {
  return globalMax[0].backward(dy, x, options)
}

/** The mean over all axes after batch and channels: sums as `avgPool1d`, shapes as `globalMaxPool`. Source: ONNX GlobalAveragePool */
export function globalAvgPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalAvgPoolOptions & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalAvg[0].forward(x, options)
}

/** The gradient of `globalAvgPool`, as `avgPool1dBackward`. */
export function globalAvgPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalAvgPoolOptions & CountsOption = {},
): Tensor<A> {
  return globalAvg[0].backward(dy, x, options)
}

/** The Lp norm over all axes after batch and channels: norms as `lpPool1d`, shapes as `globalMaxPool`. Source: ONNX GlobalLpPool */
export function globalLpPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & NormOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return globalLp[0].forward(x, options)
}

/** The gradient of `globalLpPool`, as `lpPool1dBackward`. */
export function globalLpPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & NormOption & CountsOption,
): Tensor<A> {
  return globalLp[0].backward(dy, x, options)
}
