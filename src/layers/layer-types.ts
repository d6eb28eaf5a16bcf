/**
 * @file The types of layer classes: those that can return indices, and those that cannot.
 */
import type { PooledWithIndices } from '../ops/reduce/extremum.ts'
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
