/**
 * @file Max and min pooling over a sliding window.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { maxPool, minPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type {
  ExtremumBackwardOptions,
  IndicesOutOption,
  Pooled,
  PooledWithIndices,
  WithIndices,
  WithoutIndices,
} from '../options/with-indices.ts'

/**
 * The maximum of each window of a sequence.
 *
 * @param x        any dtype, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Lout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * Ties: the first in row-major order. NaN: wins; of several NaNs the last gives the index. A window without taps: -inf (the least
 * integer), index -1. Padding is never chosen.
 * `mask` and `nodata` leave elements out: the result is that of the elements that count, whatever the others hold. Windows in which fewer
 * than `minCount` count give `fill` and index -1; integers without a `fill` are then refused, with nothing written. With returnCounts
 * the result is { output, counts }, or { output, indices, counts }.
 * Source: torch.nn.functional.max_pool1d
 */
export function maxPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function maxPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function maxPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function maxPool1d(x: TensorLike, options: SlidingOptions & IndicesOutOption): unknown {
  return maxPool[1].forward(x, options)
}

/**
 * The gradient of `maxPool1d`: each `dy` goes to the one element its maximum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the maxima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export function maxPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<SlidingOptions>,
): Tensor<A> {
  return maxPool[1].backward(dy, x, options)
}

/**
 * The maximum of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * Ties: the first in row-major order. NaN: wins; of several NaNs the last gives the index. A window without taps: -inf (the least
 * integer), index -1. Padding is never chosen.
 * Source: torch.nn.functional.max_pool2d
 *
 * @example maxPool2d(x, { kernelSize: 3, stride: 2, padding: 1 })
 */
export function maxPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function maxPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function maxPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function maxPool2d(x: TensorLike, options: SlidingOptions & IndicesOutOption): unknown {
  return maxPool[2].forward(x, options)
}

/**
 * The gradient of `maxPool2d`: each `dy` goes to the one element its maximum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the maxima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export function maxPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<SlidingOptions>,
): Tensor<A> {
  return maxPool[2].backward(dy, x, options)
}

/** The maximum of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `maxPool2d`. Source: torch.nn.functional.max_pool3d */
export function maxPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function maxPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function maxPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function maxPool3d(x: TensorLike, options: SlidingOptions & IndicesOutOption): unknown {
  return maxPool[3].forward(x, options)
}

/** The gradient of `maxPool3d`, as `maxPool1dBackward`. */
export function maxPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<SlidingOptions>,
): Tensor<A> {
  return maxPool[3].backward(dy, x, options)
}

/** The minimum of each window of a sequence; the rest as in `maxPool1d`. NaN wins; a window without taps gives inf (the greatest integer). */
export function minPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function minPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function minPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function minPool1d(x: TensorLike, options: SlidingOptions & IndicesOutOption): unknown {
  return minPool[1].forward(x, options)
}

/** The gradient of `minPool1d`, as `maxPool1dBackward`. */
export function minPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<SlidingOptions>,
): Tensor<A> {
  return minPool[1].backward(dy, x, options)
}

/**
 * The minimum of each window of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize, stride, padding, dilation, ceilMode in elements; returnIndices;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }, flat in the plane H * W
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for data that is not a typed array
 *
 * Ties: the first in row-major order. NaN: wins; of several NaNs the last gives the index. A window without taps: inf (the greatest
 * integer), index -1. Padding is never chosen.
 */
export function minPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function minPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function minPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function minPool2d(x: TensorLike, options: SlidingOptions & IndicesOutOption): unknown {
  return minPool[2].forward(x, options)
}

/**
 * The gradient of `minPool2d`: each `dy` goes to the one element its minimum came from.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call; `indices` saves finding the minima again
 * @returns        a Tensor of x's shape and dtype; gradients of overlapping windows add up
 * @throws PoolError as the forward call, and "BAD_INDEX" for an index outside its plane
 */
export function minPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<SlidingOptions>,
): Tensor<A> {
  return minPool[2].backward(dy, x, options)
}

/** The minimum of each window of a volume: the rest as in `minPool1d`. */
export function minPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithIndices & CountsOption<C>,
): WithCounts<PooledWithIndices<A>, C>
export function minPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & WithoutIndices & CountsOption<C>,
): WithCounts<Tensor<A>, C>
export function minPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & IndicesOutOption & CountsOption<C>,
): WithCounts<Pooled<A>, C>
export function minPool3d(x: TensorLike, options: SlidingOptions & IndicesOutOption): unknown {
  return minPool[3].forward(x, options)
}

/** The gradient of `minPool3d`, as `maxPool1dBackward`. */
export function minPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<SlidingOptions>,
): Tensor<A> {
  return minPool[3].backward(dy, x, options)
}
