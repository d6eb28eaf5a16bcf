/**
 * @file Area pooling: means over boxes of fractional width.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { areaPool } from '../catalogue.ts'
import type { AreaOptions } from '../geometry/adaptive.ts'

/**
 * The mean of each of `outputSize` equal parts of a sequence. A part may end within an element, which then counts by its overlap.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); layout; out
 * @returns        a Tensor of x's dtype, of outputSize elements along the pooled axes
 * @throws PoolError "BAD_PARAM" for an option, "LIMIT" for a size past 2^31, "BAD_DTYPE" for integers
 *
 * [1, 2, 1] to 2 gives [4/3, 4/3]. Summed in float64 along one axis after another, rounded once; a constant stays constant to the bit.
 * NaN propagates. An outputSize above the input's gives parts of an element.
 * Source: OpenCV INTER_AREA, GDAL -r average
 */
export function areaPool1d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: AreaOptions,
): Tensor<A> {
  return areaPool[1].forward(x, options)
}

/** The gradient of `areaPool1d`: each `dy` is shared by the elements of its part, by their overlap. */
export function areaPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AreaOptions,
): Tensor<A> {
  return areaPool[1].backward(dy, x, options)
}

/**
 * The mean of each of `outputSize` equal parts of a plane. A part may end within an element, which then counts by its overlap.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); layout; out
 * @returns        a Tensor of x's dtype, of outputSize elements along the pooled axes
 * @throws PoolError "BAD_PARAM" for an option, "LIMIT" for a size past 2^31, "BAD_DTYPE" for integers
 *
 * [1, 2, 1] to 2 gives [4/3, 4/3]. Summed in float64 along one axis after another, rounded once; a constant stays constant to the bit.
 * NaN propagates. An outputSize above the input's gives parts of an element.
 * Source: OpenCV INTER_AREA, GDAL -r average
 */
export function areaPool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: AreaOptions,
): Tensor<A> {
  return areaPool[2].forward(x, options)
}

/** The gradient of `areaPool2d`: each `dy` is shared by the elements of its part, by their overlap. */
export function areaPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AreaOptions,
): Tensor<A> {
  return areaPool[2].backward(dy, x, options)
}

/**
 * The mean of each of `outputSize` equal parts of a volume. A part may end within an element, which then counts by its overlap.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, D, H, W] or [C, D, H, W] (layout "NHWC": [N, D, H, W, C] or [D, H, W, C])
 * @param options  outputSize (a number, or one per axis; null keeps the input's size); layout; out
 * @returns        a Tensor of x's dtype, of outputSize elements along the pooled axes
 * @throws PoolError "BAD_PARAM" for an option, "LIMIT" for a size past 2^31, "BAD_DTYPE" for integers
 *
 * [1, 2, 1] to 2 gives [4/3, 4/3]. Summed in float64 along one axis after another, rounded once; a constant stays constant to the bit.
 * NaN propagates. An outputSize above the input's gives parts of an element.
 * Source: OpenCV INTER_AREA, GDAL -r average
 */
export function areaPool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: AreaOptions,
): Tensor<A> {
  return areaPool[3].forward(x, options)
}

/** The gradient of `areaPool3d`: each `dy` is shared by the elements of its part, by their overlap. */
export function areaPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: AreaOptions,
): Tensor<A> {
  return areaPool[3].backward(dy, x, options)
}
