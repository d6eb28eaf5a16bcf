/**
 * @file Lp pooling over a sliding window.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { lpPool } from '../catalogue.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { SlidingOptions } from '../geometry/sliding.ts'
import type { NormOption, PartialNormOption } from '../reduce/lp.ts'

/**
 * The Lp norm of each window of a sequence, (sum |x|^p)^(1/p).
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param options  normType (p > 0, Infinity or -Infinity); partialNorm ('scaled' or 'norm'); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Lout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * Takes absolute values; PyTorch does not, and gives NaN for odd p and negative sums. Padding counts as zeros. A
 * window that ceil mode cuts short is scaled up to the full window, as PyTorch scales it, unless partialNorm is 'norm'. Summed in float64, half
 * precision in float32, rounded once.
 * `mask` and `nodata` leave elements out, for which nothing is scaled; minCount, fill and returnCounts as in `maxPool1d`.
 * Source: torch.nn.functional.lp_pool1d; padding and dilation as in ONNX LpPool
 */
export function lpPool1d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & NormOption & PartialNormOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return lpPool[1].forward(x, options)
}

/**
 * The gradient of `lpPool1d`: dy * sign(x) * (|x| / y)^(p - 1); 0 where x is 0. For finite p
 * a NaN in a window gives NaN at each of its elements other than 0. For infinite p each `dy` goes to one element, times its sign.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function lpPool1dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & NormOption & PartialNormOption & CountsOption,
): Tensor<A> {
  return lpPool[1].backward(dy, x, options)
}

/**
 * The Lp norm of each window of a plane, (sum |x|^p)^(1/p).
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param options  normType (p > 0, Infinity or -Infinity); partialNorm ('scaled' or 'norm'); kernelSize, stride, padding, dilation, ceilMode in elements;
 *                 mask, nodata, minCount, fill, returnCounts; layout; out
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for an input the window does not fit, "BAD_DTYPE" for integers
 *
 * PyTorch scales a window that ceil mode cuts short: the mean of its |x|^p is multiplied by the full window's size before the root is
 * taken, so a constant keeps its norm at the border. The same holds here; with partialNorm 'norm', as in WebNN and in `lpPool` of pool2d/onnx, it is the norm of the elements present.
 * Takes absolute values; PyTorch does not, and gives NaN for odd p and negative sums. NaN propagates. Padding counts as zeros.
 * Source: torch.nn.functional.lp_pool2d; padding and dilation as in ONNX LpPool
 *
 * @example lpPool2d(x, { normType: 2, kernelSize: 3, stride: 2, ceilMode: true })
 */
export function lpPool2d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & NormOption & PartialNormOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return lpPool[2].forward(x, options)
}

/**
 * The gradient of `lpPool2d`: dy * sign(x) * (|x| / y)^(p - 1); 0 where x is 0. For finite p
 * a NaN in a window gives NaN at each of its elements other than 0. For infinite p each `dy` goes to one element, times its sign.
 *
 * @param dy       floating, of the output's shape
 * @param x        the forward input
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export function lpPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & NormOption & PartialNormOption & CountsOption,
): Tensor<A> {
  return lpPool[2].backward(dy, x, options)
}

/** The Lp norm of each window of a volume [N, C, D, H, W] or [C, D, H, W]; the rest as `lpPool1d`. Source: torch.nn.functional.lp_pool3d */
export function lpPool3d<A extends TypedArray = Float32Array, C extends boolean = false>(
  x: TensorLike<A>,
  options: SlidingOptions & NormOption & PartialNormOption & CountsOption<C>,
): WithCounts<Tensor<A>, C> {
  return lpPool[3].forward(x, options)
}

/** The gradient of `lpPool3d`, as `lpPool1dBackward`. */
export function lpPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SlidingOptions & NormOption & PartialNormOption & CountsOption,
): Tensor<A> {
  return lpPool[3].backward(dy, x, options)
}
