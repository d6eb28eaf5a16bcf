/**
 * @file Options and results of the poolings that pick elements and can say which.
 */
import type { IndexArray } from '../../kernels/job.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'

/** The option of max and min pooling that asks for indices. */
export interface IndicesOption {
  /** Also return, per output, the position of its element in the plane of the pooled axes, flat and row-major. */
  readonly returnIndices?: boolean
}

/** Where the positions go. */
export interface IndicesOutOption extends IndicesOption {
  /** With `returnIndices`: the caller's own array for them, an Int32Array of the output's length, or a tensor of its shape, that overlaps nothing else. */
  readonly indicesOut?: IndexArray | Tensor<IndexArray>
}

/** The forward call's options; `indices` saves finding the elements again. */
export type ExtremumBackwardOptions<O> = O & IndicesOption & { readonly indices?: TensorLike }

/** Outputs with the positions they come from: Int32Array, or Float64Array for planes of 2^31 elements or more; -1 for none. */
export interface PooledWithIndices<A extends TypedArray = TypedArray> {
  readonly output: Tensor<A>
  readonly indices: Tensor<IndexArray>
}

/** What a call returns where its type does not say whether it asks for indices. */
export type Pooled<A extends TypedArray = TypedArray> = Tensor<A> | PooledWithIndices<A>

export type WithIndices = IndicesOutOption & { readonly returnIndices: true }
export type WithoutIndices = { readonly returnIndices?: false }
