/**
 * @file Generalized mean pooling (GeM): sliding, adaptive and global.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { adaptiveGemPool, gemPool, globalGemPool as globalGem } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { AdaptiveOptions, GlobalOptions } from '../geometry/adaptive.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { GemOptions } from '../reduce/generalized-mean.ts'

/**
 * The generalized mean of each window of a sequence: (mean of max(x, eps)^p)^(1/p).
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  p (default 3), eps (default 1e-6); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Padding does not count. Powers, within p + 4 units in the last place, are summed in float64 and rounded once, alike in every engine. NaN propagates, and a window without taps
 * gives NaN. `mask` and `nodata` leave elements out; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: Radenovic, Tolias and Chum, Fine-tuning CNN Image Retrieval with No Human Annotation (2018)
 */
export function gemPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & GemOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return gemPool[1].forward(x, options)
}

/**
 * The gradient of `gemPool1d`: dy (max(x, eps) / y)^(p - 1) / n for a window of n elements; 0 where x is below
 * eps. `gemExponentGradient` gives that of p.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function gemPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & GemOptions & CountsOption,
): Tensor<A> {
  return gemPool[1].backward(dy, x, options)
}

/**
 * The generalized mean of each window of a plane: (mean of max(x, eps)^p)^(1/p).
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  p (default 3), eps (default 1e-6); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Padding does not count. Powers, within p + 4 units in the last place, are summed in float64 and rounded once, alike in every engine. NaN propagates, and a window without taps
 * gives NaN. `mask` and `nodata` leave elements out; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: Radenovic, Tolias and Chum, Fine-tuning CNN Image Retrieval with No Human Annotation (2018)
 *
 * @example gemPool2d(x, { kernelSize: 7, p: 3 })
 */
export function gemPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & GemOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return gemPool[2].forward(x, options)
}

/**
 * The gradient of `gemPool2d`: dy (max(x, eps) / y)^(p - 1) / n for a window of n elements; 0 where x is below
 * eps. `gemExponentGradient` gives that of p.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function gemPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & GemOptions & CountsOption,
): Tensor<A> {
  return gemPool[2].backward(dy, x, options)
}

/** The generalized mean of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `gemPool1d`. */
export function gemPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & GemOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return gemPool[3].forward(x, options)
}

/** The gradient of `gemPool3d`, as `gemPool1dBackward`. */
export function gemPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & GemOptions & CountsOption,
): Tensor<A> {
  return gemPool[3].backward(dy, x, options)
}

/** The generalized mean of each of `outputSize` windows of a sequence: windows and shapes as `adaptiveAvgPool1d`, the rest as `gemPool1d`. */
export function adaptiveGemPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & GemOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveGemPool[1].forward(x, options)
}

/** The gradient of `adaptiveGemPool1d`, as `gemPool1dBackward`. */
export function adaptiveGemPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & GemOptions & CountsOption,
): Tensor<A> {
  return adaptiveGemPool[1].backward(dy, x, options)
}

/** The generalized mean of each of `outputSize` windows of a plane: windows and shapes as `adaptiveAvgPool2d`, the rest as `gemPool2d`. */
export function adaptiveGemPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & GemOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveGemPool[2].forward(x, options)
}

/** The gradient of `adaptiveGemPool2d`, as `gemPool2dBackward`. */
export function adaptiveGemPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & GemOptions & CountsOption,
): Tensor<A> {
  return adaptiveGemPool[2].backward(dy, x, options)
}

/** The generalized mean of each of `outputSize` windows of a volume: windows and shapes as `adaptiveAvgPool3d`, the rest as `gemPool3d`. */
export function adaptiveGemPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: AdaptiveOptions & GemOptions & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return adaptiveGemPool[3].forward(x, options)
}

/** The gradient of `adaptiveGemPool3d`, as `gemPool3dBackward`. */
export function adaptiveGemPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AdaptiveOptions & GemOptions & CountsOption,
): Tensor<A> {
  return adaptiveGemPool[3].backward(dy, x, options)
}

/** The generalized mean over all axes after batch and channels: shapes as `globalAvgPool`, the rest as `gemPool1d`. */
export function globalGemPool<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: GlobalOptions & GemOptions & CountsOption<C> = {},
): WithCounts<Tensor<A>, C> {
  return globalGem[0].forward(x, options)
}

/** The gradient of `globalGemPool`, as `gemPool1dBackward`. */
export function globalGemPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: GlobalOptions & GemOptions & CountsOption = {},
): Tensor<A> {
  return globalGem[0].backward(dy, x, options)
}
