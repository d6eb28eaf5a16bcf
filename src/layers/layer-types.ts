/**
 * @file The types of layer classes: of labels, with indices, without indices, and of unpooling.
 */
import type { MaxUnpoolOptions } from '../ops/geometry/unpooling.ts'
import type { PooledWithIndices } from '../ops/options/with-indices.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import type { CallOptions, Layer } from './layer.ts'

/** A max, min, median or quantile pooling layer. `R` is true if it was made with `returnIndices: true`. */
export interface IndexedPoolLayer<O, R extends boolean> extends Layer<O> {
  forward<A extends TypedArray = Float32Array>(
    x: TensorLike<A>,
    options?: CallOptions,
  ): R extends true ? PooledWithIndices<A> : Tensor<A>
  /** With the `indices` that `forward` returned, the elements need not be found again. */
  backward<A extends TypedArray = Float32Array>(
    dy: TensorLike<A>,
    x: TensorLike<A>,
    indices?: TensorLike,
    options?: CallOptions,
  ): Tensor<A>
}

export interface IndexedPoolLayerClass<O> {
  new (options: O & { readonly returnIndices: true }): IndexedPoolLayer<O, true>
  new (options: O & { readonly returnIndices?: false }): IndexedPoolLayer<O, false>
}

/** A mode pooling layer, which has no gradient. `R` is true if it was made with `returnIndices: true`. */
export interface LabelPoolLayer<O, R extends boolean> extends Layer<O> {
  forward<A extends TypedArray = Float32Array>(
    x: TensorLike<A>,
    options?: CallOptions,
  ): R extends true ? PooledWithIndices<A> : Tensor<A>
}

export interface LabelPoolLayerClass<O> {
  new (options: O & { readonly returnIndices: true }): LabelPoolLayer<O, true>
  new (options: O & { readonly returnIndices?: false }): LabelPoolLayer<O, false>
}

/** An average or Lp pooling layer. */
export interface PoolLayer<O> extends Layer<O> {
  /** `options`: a mask of this call, as `avgPool2d` takes it. Layers of blurs and areas take none. */
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>, options?: CallOptions): Tensor<A>
  backward<A extends TypedArray = Float32Array>(
    dy: TensorLike<A>,
    x: TensorLike<A>,
    options?: CallOptions,
  ): Tensor<A>
}

export type PoolLayerClass<O> = new (options: O) => PoolLayer<O>

/** A max unpooling layer: writes pooled values to the positions that they came from. */
export interface UnpoolLayer extends Layer<MaxUnpoolOptions> {
  /** `indices`: of x's shape, positions in the planes of the output, as max pooling returns them. */
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>, indices: TensorLike): Tensor<A>
  /** The gradient of x: for each value, the element of dy at its index. */
  backward<A extends TypedArray = Float32Array>(
    dy: TensorLike<A>,
    x: TensorLike<A>,
    indices: TensorLike,
  ): Tensor<A>
}

export type UnpoolLayerClass = new (options: MaxUnpoolOptions) => UnpoolLayer
