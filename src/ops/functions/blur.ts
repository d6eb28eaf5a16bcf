/**
 * @file Blur pooling: a binomial filter, then every `stride`th element.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { blurPool } from '../catalogue.ts'
import type { BlurOptions } from '../geometry/blur.ts'

/**
 * A sequence filtered by a binomial filter, such as [1, 2, 1] / 4, at every `stride`th element.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  filterSize (default 3), stride (default 2), padMode (default 'reflect'); layout; out
 * @returns        a Tensor of x's dtype; floor((L - 1) / stride) + 1 elements along an axis of L
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input shorter than its padding, "BAD_DTYPE" for integers
 *
 * An axis is padded by floor((filterSize - 1) / 2) elements before and the rest of filterSize - 1 after. Summed in float64 along one axis
 * after another, rounded once. A constant stays constant to the bit, except at a border of zeros. NaN propagates.
 * Source: Zhang, Making Convolutional Networks Shift-Invariant Again (2019)
 */
export function blurPool1d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: BlurOptions = {},
): Tensor<A> {
  return blurPool[1].forward(x, options)
}

/** The gradient of `blurPool1d`: the transpose of its filter. */
export function blurPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: BlurOptions = {},
): Tensor<A> {
  return blurPool[1].backward(dy, x, options)
}

/**
 * A plane filtered by a binomial filter, such as [1, 2, 1] / 4, at every `stride`th element.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  filterSize (default 3), stride (default 2), padMode (default 'reflect'); layout; out
 * @returns        a Tensor of x's dtype; floor((L - 1) / stride) + 1 elements along an axis of L
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input shorter than its padding, "BAD_DTYPE" for integers
 *
 * An axis is padded by floor((filterSize - 1) / 2) elements before and the rest of filterSize - 1 after. Summed in float64 along one axis
 * after another, rounded once. A constant stays constant to the bit, except at a border of zeros. NaN propagates.
 * Source: Zhang, Making Convolutional Networks Shift-Invariant Again (2019)
 */
export function blurPool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: BlurOptions = {},
): Tensor<A> {
  return blurPool[2].forward(x, options)
}

/** The gradient of `blurPool2d`: the transpose of its filter. */
export function blurPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: BlurOptions = {},
): Tensor<A> {
  return blurPool[2].backward(dy, x, options)
}

/**
 * A volume filtered by a binomial filter, such as [1, 2, 1] / 4, at every `stride`th element.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, D, H, W] or [C, D, H, W] (layout "NHWC": [N, D, H, W, C] or [D, H, W, C])
 * @param options  filterSize (default 3), stride (default 2), padMode (default 'reflect'); layout; out
 * @returns        a Tensor of x's dtype; floor((L - 1) / stride) + 1 elements along an axis of L
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input shorter than its padding, "BAD_DTYPE" for integers
 *
 * An axis is padded by floor((filterSize - 1) / 2) elements before and the rest of filterSize - 1 after. Summed in float64 along one axis
 * after another, rounded once. A constant stays constant to the bit, except at a border of zeros. NaN propagates.
 * Source: Zhang, Making Convolutional Networks Shift-Invariant Again (2019)
 */
export function blurPool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: BlurOptions = {},
): Tensor<A> {
  return blurPool[3].forward(x, options)
}

/** The gradient of `blurPool3d`: the transpose of its filter. */
export function blurPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: BlurOptions = {},
): Tensor<A> {
  return blurPool[3].backward(dy, x, options)
}
