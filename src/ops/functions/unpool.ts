/**
 * @file Max unpooling: writes each value to the position of its maximum.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { maxUnpool } from '../catalogue.ts'
import type { MaxUnpoolOptions } from '../geometry/unpooling.ts'

/**
 * A sequence of zeros with each value at the position of its maximum in `maxPool1d`.
 *
 * @param x        any dtype, the pooled values, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param indices  integers (or whole float64) of x's shape, as `maxPool1d` returns them: flat in the unpooled plane
 * @param options  kernelSize, stride and padding of the pooling; outputSize; layout; out
 * @returns        a Tensor of x's dtype, [N, C, (L - 1) * stride - 2 * padding + kernelSize] or of outputSize
 * @throws PoolError "BAD_INDEX" for an index outside its plane, "BAD_SHAPE" for shapes or an outputSize that do not fit, "BAD_DTYPE", "BAD_PARAM"
 *
 * If indices repeat, the last value in row-major order wins. Source: torch.nn.functional.max_unpool1d
 */
export function maxUnpool1d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
): Tensor<A> {
  return maxUnpool[1].forward(x, indices, options)
}

/**
 * The gradient of `maxUnpool1d` with respect to x: each element takes the `dy` at its index.
 *
 * @param dy       of the unpooled output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param indices  those of the forward call
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function maxUnpool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
): Tensor<A> {
  return maxUnpool[1].backward(dy, x, indices, options)
}

/**
 * A plane of zeros with each value at the position of its maximum in `maxPool2d`.
 *
 * @param x        any dtype, the pooled values, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param indices  integers (or whole float64) of x's shape, as `maxPool2d` returns them: flat in the unpooled plane
 * @param options  kernelSize, stride and padding of the pooling; outputSize; layout; out
 * @returns        a Tensor of x's dtype, (size - 1) * stride - 2 * padding + kernelSize along each pooled axis, or of outputSize
 * @throws PoolError "BAD_INDEX" for an index outside its plane, "BAD_SHAPE" for shapes or an outputSize that do not fit, "BAD_DTYPE", "BAD_PARAM"
 *
 * If indices repeat, the last value in row-major order wins. Source: torch.nn.functional.max_unpool2d
 *
 * @example maxUnpool2d(output, indices, { kernelSize: 2 })
 */
export function maxUnpool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
): Tensor<A> {
  return maxUnpool[2].forward(x, indices, options)
}

/**
 * The gradient of `maxUnpool2d` with respect to x: each element takes the `dy` at its index.
 *
 * @param dy       of the unpooled output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param indices  those of the forward call
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function maxUnpool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
): Tensor<A> {
  return maxUnpool[2].backward(dy, x, indices, options)
}

/** Unpools volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `maxUnpool1d`. Source: torch.nn.functional.max_unpool3d */
export function maxUnpool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
): Tensor<A> {
  return maxUnpool[3].forward(x, indices, options)
}

/** The gradient of `maxUnpool3d`, as `maxUnpool1dBackward`. */
export function maxUnpool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
): Tensor<A> {
  return maxUnpool[3].backward(dy, x, indices, options)
}
