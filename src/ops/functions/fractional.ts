/**
 * @file Fractional max pooling: windows of one size at pseudo-random positions, different for every plane.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { fractionalMaxPool } from '../catalogue.ts'
import type { FractionalOptions } from '../geometry/fractional.ts'
import type {
  ExtremumBackwardOptions,
  IndicesOutOption,
  Pooled,
  PooledWithIndices,
  WithIndices,
  WithoutIndices,
} from '../options/with-indices.ts'

/**
 * The maximum of each window of a plane; windows have one size and lie at pseudo-random positions.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": channels last)
 * @param options  kernelSize; outputSize or outputRatio; randomSamples in [0, 1) of x's dtype, [N, C, 2] in the order [W, H],
 *                 such as rand([N, C, 2], { seed }), by default new random ones; returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" where outputSize + kernelSize - 1 exceeds the input
 *
 * Ties, NaN and indices as in `maxPool2d`. Window starts are computed in x's dtype, as PyTorch does.
 * Source: torch.nn.functional.fractional_max_pool2d; Graham, Fractional Max-Pooling (2014)
 */
export function fractionalMaxPool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: FractionalOptions & WithIndices,
): PooledWithIndices<A>
export function fractionalMaxPool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: FractionalOptions & WithoutIndices,
): Tensor<A>
export function fractionalMaxPool2d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: FractionalOptions & IndicesOutOption,
): Pooled<A>
export function fractionalMaxPool2d(x: TensorLike, options: FractionalOptions & IndicesOutOption): Pooled {
  return fractionalMaxPool[2].forward(x, options)
}

/**
 * The gradient of `fractionalMaxPool2d`, as `maxPool1dBackward`.
 *
 * @param options  those of the forward call, with the `indices` that it returned or the `randomSamples` that it was given
 */
export function fractionalMaxPool2dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<FractionalOptions>,
): Tensor<A> {
  return fractionalMaxPool[2].backward(dy, x, options)
}

/** Fractional maxima of volumes; randomSamples [N, C, 3] in the order [D, H, W]; the rest as `fractionalMaxPool2d`. */
export function fractionalMaxPool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: FractionalOptions & WithIndices,
): PooledWithIndices<A>
export function fractionalMaxPool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: FractionalOptions & WithoutIndices,
): Tensor<A>
export function fractionalMaxPool3d<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: FractionalOptions & IndicesOutOption,
): Pooled<A>
export function fractionalMaxPool3d(x: TensorLike, options: FractionalOptions & IndicesOutOption): Pooled {
  return fractionalMaxPool[3].forward(x, options)
}

/** The gradient of `fractionalMaxPool3d`, as `fractionalMaxPool2dBackward`. */
export function fractionalMaxPool3dBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: ExtremumBackwardOptions<FractionalOptions>,
): Tensor<A> {
  return fractionalMaxPool[3].backward(dy, x, options)
}
