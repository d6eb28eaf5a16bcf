/**
 * @file Max blur pooling, which reduces aliasing: max pooling at stride 1, then blur pooling at `stride`.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { blurPool, maxPool } from '../catalogue.ts'
import type { BlurOptions } from '../geometry/blur.ts'
import type { PerAxis } from '../options/parse.ts'

/** Options of max blur pooling. */
export interface MaxBlurOptions extends BlurOptions {
  /** Elements of the maximum's window, along all axes or one number per axis. */
  readonly kernelSize: PerAxis
}

function parts(op: string, options: MaxBlurOptions) {
  const names = ['kernelSize', 'filterSize', 'stride', 'padMode', 'layout', 'out']
  const { kernelSize, filterSize, stride, padMode, layout, out } = readOptions(op, options, names)
  return { max: { kernelSize, stride: 1, layout }, blur: { filterSize, stride, padMode, layout }, out }
}

function forward<A extends TypedArray>(
  rank: 1 | 2 | 3,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  const { max, blur, out } = parts(`maxBlurPool${rank}d`, options)
  return blurPool[rank].forward(maxPool[rank].forward(x, max) as Tensor<A>, { ...blur, out })
}

function backward<A extends TypedArray>(
  rank: 1 | 2 | 3,
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  const { max, blur, out } = parts(`maxBlurPool${rank}dBackward`, options)
  const maxima = maxPool[rank].forward(x, max) as Tensor<A>
  return maxPool[rank].backward(blurPool[rank].backward(dy, maxima, blur), x, { ...max, out })
}

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
  return forward(1, x, options)
}

/** The gradient of `maxBlurPool1d`: blurred back, then to the element of each maximum. */
export function maxBlurPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return backward(1, dy, x, options)
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
  return forward(2, x, options)
}

/** The gradient of `maxBlurPool2d`: blurred back, then to the element of each maximum. */
export function maxBlurPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return backward(2, dy, x, options)
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
  return forward(3, x, options)
}

/** The gradient of `maxBlurPool3d`: blurred back, then to the element of each maximum. */
export function maxBlurPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: MaxBlurOptions,
): Tensor<A> {
  return backward(3, dy, x, options)
}
