/**
 * @file Layers of regions, by the names of torchvision.ops. Boxes are given with each call.
 */
import type { Boxes } from '../ops/regions/boxes.ts'
import {
  type PsRoiAlignOptions,
  psRoiAlignment,
  psRoiPooling,
  type RoiAlignOptions,
  roiAlignment,
  roiPooling,
} from '../ops/regions/operations.ts'
import type { RegionOperation, RoiOptions } from '../ops/regions/run.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { assertNoOut, frozenCopy, type Layer } from './layer.ts'
import { formatRepr } from './repr.ts'

/** A layer of regions: options without boxes. */
export interface RegionLayer<O> extends Omit<Layer<O>, 'outputShape'> {
  forward<A extends TypedArray = Float32Array>(x: TensorLike<A>, boxes: Boxes): Tensor<A>
  /** The gradient of x. */
  backward<A extends TypedArray = Float32Array>(dy: TensorLike<A>, x: TensorLike<A>, boxes: Boxes): Tensor<A>
}

/** The class of a layer of regions. */
export type RegionLayerClass<O> = new (options: O) => RegionLayer<O>

function regionLayerClass<O extends RoiOptions>(
  name: string,
  operation: RegionOperation<O>,
  reprOf: (options: O) => object = () => ({}),
): RegionLayerClass<O> {
  const named = {
    [name]: class implements RegionLayer<O> {
      readonly options: Readonly<O>

      constructor(options: O) {
        operation.check(options)
        assertNoOut(name, options)
        this.options = frozenCopy(operation.op, options)
      }

      forward<A extends TypedArray>(x: TensorLike<A>, boxes: Boxes): Tensor<A> {
        return operation.forward(x, boxes, this.options)
      }

      backward<A extends TypedArray>(dy: TensorLike<A>, x: TensorLike<A>, boxes: Boxes): Tensor<A> {
        return operation.backward(dy, x, boxes, this.options)
      }

      toString(): string {
        const { outputSize, spatialScale = 1 } = this.options
        const repr = { output_size: outputSize, spatial_scale: spatialScale, ...reprOf(this.options) }
        return formatRepr(name, repr)
      }
    },
  }
  return named[name]!
}

/** `roiPool` as a layer. */
export const RoIPool: RegionLayerClass<RoiOptions> = /* @__PURE__ */ regionLayerClass('RoIPool', roiPooling)

/** `roiAlign` as a layer. */
export const RoIAlign: RegionLayerClass<RoiAlignOptions> = /* @__PURE__ */ regionLayerClass(
  'RoIAlign',
  roiAlignment,
  ({ samplingRatio = -1, aligned = false }) => ({ sampling_ratio: samplingRatio, aligned }),
)

/** `psRoiPool` as a layer. */
export const PSRoIPool: RegionLayerClass<RoiOptions> = /* @__PURE__ */ regionLayerClass(
  'PSRoIPool',
  psRoiPooling,
)

/** `psRoiAlign` as a layer. */
export const PSRoIAlign: RegionLayerClass<PsRoiAlignOptions> = /* @__PURE__ */ regionLayerClass(
  'PSRoIAlign',
  psRoiAlignment,
  ({ samplingRatio = -1 }) => ({ sampling_ratio: samplingRatio }),
)
