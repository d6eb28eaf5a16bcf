/**
 * @file Max blur pooling, which reduces aliasing: max pooling at stride 1, then blur pooling at `stride`.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { type MaxBlurOptions, maxBlur } from '../max-blur.ts'

export type { MaxBlurOptions } from '../max-blur.ts'

/**
 * The maxima of a sequence's windows at stride 1, then `blurPool1d` of them.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  kernelSize; filterSize, stride, padMode as in `blurPool1d`; layout; out
 * @returns        a Tensor of x's dtype; floor((L - kernelSize) / stride) + 1 elements along an axis of L
 * @throws PoolError as `maxPool1d` and `blurPool1d`, under their names
 *
 * Ties and NaN as in `maxPool1d`. Source: Zhang, Making Convolutional Networks Shift-Invariant Again (2019)
 */
export function maxBlurPool1d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return maxBlur[1].forward(x, options) as Tensor<A>
}

/** The gradient of `maxBlurPool1d`: blurred back, then to the element of each maximum. */
export function maxBlurPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return maxBlur[1].backward(dy, x, options) as Tensor<A>
}

/**
 * The maxima of a plane's windows at stride 1, then `blurPool2d` of them.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  kernelSize; filterSize, stride, padMode as in `blurPool2d`; layout; out
 * @returns        a Tensor of x's dtype; floor((L - kernelSize) / stride) + 1 elements along an axis of L
 * @throws PoolError as `maxPool2d` and `blurPool2d`, under their names
 *
 * Ties and NaN as in `maxPool2d`. Source: Zhang, Making Convolutional Networks Shift-Invariant Again (2019)
 */
export function maxBlurPool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return maxBlur[2].forward(x, options) as Tensor<A>
}

/** The gradient of `maxBlurPool2d`: blurred back, then to the element of each maximum. */
export function maxBlurPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return maxBlur[2].backward(dy, x, options) as Tensor<A>
}

/**
 * The maxima of a volume's windows at stride 1, then `blurPool3d` of them.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, D, H, W] or [C, D, H, W] (layout "NHWC": [N, D, H, W, C] or [D, H, W, C])
 * @param options  kernelSize; filterSize, stride, padMode as in `blurPool3d`; layout; out
 * @returns        a Tensor of x's dtype; floor((L - kernelSize) / stride) + 1 elements along an axis of L
 * @throws PoolError as `maxPool3d` and `blurPool3d`, under their names
 *
 * Ties and NaN as in `maxPool3d`. Source: Zhang, Making Convolutional Networks Shift-Invariant Again (2019)
 */
export function maxBlurPool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return maxBlur[3].forward(x, options) as Tensor<A>
}

/** The gradient of `maxBlurPool3d`: blurred back, then to the element of each maximum. */
export function maxBlurPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return maxBlur[3].backward(dy, x, options) as Tensor<A>
}
