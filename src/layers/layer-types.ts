/**
 * @file The types of layer classes: those that can return indices, those that cannot, and those that are given some.
 */
import type { MaxUnpoolOptions } from '../ops/geometry/unpooling.ts'
import type { PooledWithIndices } from '../ops/options/with-indices.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import type { Layer } from './layer.ts'

/** A layer that picks elements; `R` is whether it was made with `returnIndices: true`. */
export interface IndexedPoolLayer<O, R extends boolean> extends Layer<O> {
  forward<A extends TypedArray = Float32Array>(
    x: TensorLike<A>,
  ): R extends true ? PooledWithIndices<A> : Tensor<A>
  /** `indices`, as `forward` returned them, save finding the elements again. */
  backward<A extends TypedArray = Float32Array>(
    dy: TensorLike<A>,
    x: TensorLike<A>,
    indices?: TensorLike,
  ): Tensor<A>
}

export interface IndexedPoolLayerClass<O> {
  new (options: O & { readonly returnIndices: true }): IndexedPoolLayer<O, true>
  new (options: O & { readonly returnIndices?: false }): IndexedPoolLayer<O, false>
}

/** A layer that folds windows: averages and norms. */
export interface PoolLayer<O> extends Layer<O> {
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>): Tensor<A>
  backward<A extends TypedArray = Float32Array>(dy: TensorLike<A>, x: TensorLike<A>): Tensor<A>
}

export type PoolLayerClass<O> = new (options: O) => PoolLayer<O>

/** A layer that puts pooled values back where they came from. */
export interface UnpoolLayer extends Layer<MaxUnpoolOptions> {
  /** `indices`, of x's shape, are positions in the planes of the output, as max pooling returns them. */
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>, indices: TensorLike): Tensor<A>
  /** The gradient of x: each element of dy that a value was put at. */
  backward<A extends TypedArray = Float32Array>(
    dy: TensorLike<A>,
    x: TensorLike<A>,
    indices: TensorLike,
  ): Tensor<A>
}

export type UnpoolLayerClass = new (options: MaxUnpoolOptions) => UnpoolLayer
