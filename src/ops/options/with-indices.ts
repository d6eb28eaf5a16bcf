/**
 * @file Options and results of max and min pooling, which can return the indices of their results.
 */
import type { IndexArray } from '../../kernels/job.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { CountsOption } from '../counted/options.ts'

/** The option of max and min pooling that asks for indices. */
export interface IndicesOption {
  /** Also return, per output, the position of its element in the plane of the pooled axes, flat and row-major. */
  readonly returnIndices?: boolean | undefined
}

/** The option for the array that receives the indices. */
export interface IndicesOutOption extends IndicesOption {
  /** With `returnIndices`: the caller's array for the indices. An Int32Array of the output's length, or a tensor of its shape; must not overlap an input or the output. */
  readonly indicesOut?: IndexArray | Tensor<IndexArray>
}

/** The options of the forward call; with `indices` from the forward call, the elements need not be found again. */
export type ExtremumBackwardOptions<O> = O & IndicesOption & CountsOption & { readonly indices?: TensorLike }

/** The output and the index of each result in its plane: Int32Array, or Float64Array for planes of 2^31 elements or more; -1 for a window without taps. */
export interface PooledWithIndices<A extends TypedArray = TypedArray> {
  readonly output: Tensor<A>
  readonly indices: Tensor<IndexArray>
}

/** The result of a call if its type leaves open whether indices are returned. */
export type Pooled<A extends TypedArray = TypedArray> = Tensor<A> | PooledWithIndices<A>

export type WithIndices = IndicesOutOption & { readonly returnIndices: true }
export type WithoutIndices = { readonly returnIndices?: false }
