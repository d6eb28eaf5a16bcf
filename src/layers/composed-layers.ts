/**
 * @file Layers of poolings that are composed of others: max blur and spatial pyramids.
 */
import { type MaxBlurOptions, maxBlur } from '../ops/max-blur.ts'
import { spatialPyramid } from '../ops/spatial-pyramid.ts'
import type { SpatialPyramidOptions } from '../ops/spatial-pyramid-levels.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { assertNoOut, frozenCopy, type Layer, layerName } from './layer.ts'
import { formatRepr } from './repr.ts'

/** A layer that takes no mask. */
export interface ComposedLayer<O> extends Layer<O> {
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>): Tensor<A>
  /** The gradient of x. */
  backward<A extends TypedArray = Float32Array>(dy: TensorLike<A>, x: TensorLike<A>): Tensor<A>
}

/** The class of a layer that takes no mask. */
export type ComposedLayerClass<O> = new (options: O) => ComposedLayer<O>

interface Composition<O> {
  check(options: O): void
  outputShape(shape: readonly number[], options: O): readonly number[]
  forward(x: TensorLike, options: O): Tensor
  backward(dy: TensorLike, x: TensorLike, options: O): Tensor
}

function composedLayerClass<O extends object>(
  op: string,
  composition: () => Composition<O>,
  reprOf: (options: O) => Readonly<Record<string, unknown>>,
): ComposedLayerClass<O> {
  const name = layerName(op)
  const named = {
    [name]: class implements ComposedLayer<O> {
      readonly options: Readonly<O>

      constructor(options: O) {
        composition().check(options)
        assertNoOut(name, options)
        this.options = frozenCopy(op, options)
      }

      forward<A extends TypedArray>(x: TensorLike<A>): Tensor<A> {
        return composition().forward(x as TensorLike, this.options) as Tensor<A>
      }

      backward<A extends TypedArray>(dy: TensorLike<A>, x: TensorLike<A>): Tensor<A> {
        return composition().backward(dy as TensorLike, x as TensorLike, this.options) as Tensor<A>
      }

      outputShape(shape: readonly number[]): readonly number[] {
        return composition().outputShape(shape, this.options)
      }

      toString(): string {
        return formatRepr(name, reprOf(this.options))
      }
    },
  }
  return named[name]!
}

function maxBlurRepr({ kernelSize, filterSize = 3, stride = 2, padMode = 'reflect' }: MaxBlurOptions) {
  return { kernel_size: kernelSize, filter_size: filterSize, stride, pad_mode: padMode }
}

/** `maxBlurPool1d` as a layer. */
export const MaxBlurPool1d: ComposedLayerClass<MaxBlurOptions> = /* @__PURE__ */ composedLayerClass(
  'maxBlurPool1d',
  () => maxBlur[1],
  maxBlurRepr,
)

/** `maxBlurPool2d` as a layer. */
export const MaxBlurPool2d: ComposedLayerClass<MaxBlurOptions> = /* @__PURE__ */ composedLayerClass(
  'maxBlurPool2d',
  () => maxBlur[2],
  maxBlurRepr,
)

/** `maxBlurPool3d` as a layer. */
export const MaxBlurPool3d: ComposedLayerClass<MaxBlurOptions> = /* @__PURE__ */ composedLayerClass(
  'maxBlurPool3d',
  () => maxBlur[3],
  maxBlurRepr,
)

/** `spatialPyramidPool` as a layer. */
export const SpatialPyramidPool: ComposedLayerClass<SpatialPyramidOptions> =
  /* @__PURE__ */ composedLayerClass<SpatialPyramidOptions>(
    'spatialPyramidPool',
    () => spatialPyramid,
    ({ levels, mode = 'max' }) => ({ levels, mode }),
  )
