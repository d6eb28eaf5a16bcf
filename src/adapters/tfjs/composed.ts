/**
 * @file Poolings that are composed of others, max blur and spatial pyramids, as functions on tensors of TensorFlow.js.
 */
import { type MaxBlurOptions, maxBlur } from '../../ops/max-blur.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { spatialPyramid } from '../../ops/spatial-pyramid.ts'
import { resolveLevels, type SpatialPyramidOptions } from '../../ops/spatial-pyramid-levels.ts'
import { type Adapted, coreOptions } from './options.ts'
import { assertTensorFlow, type TfCore, type TfTensor } from './tensorflow.ts'
import { type Input, toTf } from './transfer.ts'

/** Pooling of tensors whose options are required. */
export type TfComposedFunction<O> = <T extends TfTensor>(x: T | Input, options: Adapted<O>) => T

/** The poolings that are composed of others. */
export interface ComposedFunctions {
  readonly maxBlurPool1d: TfComposedFunction<MaxBlurOptions>
  readonly maxBlurPool2d: TfComposedFunction<MaxBlurOptions>
  readonly maxBlurPool3d: TfComposedFunction<MaxBlurOptions>
  /** Needs `concat` and `reshape` of TensorFlow.js. */
  readonly spatialPyramidPool: TfComposedFunction<SpatialPyramidOptions>
}

type Apply = (operation: AnyOperation, x: TfTensor, options: object) => TfTensor

/** @param functions  those of the catalogue */
export function composedFunctions(tf: TfCore, functions: object): ComposedFunctions {
  const known = functions as Readonly<Record<string, (x: TfTensor, options: object) => TfTensor>>
  const apply: Apply = ({ op }, x, { layout, ...own }: { readonly layout?: unknown }) =>
    known[op]!(x, { ...own, dataFormat: layout === 'NHWC' ? 'channelsLast' : 'channelsFirst' })
  return {
    maxBlurPool1d: maxBlurFunction(tf, 1, apply),
    maxBlurPool2d: maxBlurFunction(tf, 2, apply),
    maxBlurPool3d: maxBlurFunction(tf, 3, apply),
    spatialPyramidPool: pyramidFunction(tf, apply),
  }
}

function maxBlurFunction(tf: TfCore, rank: 1 | 2 | 3, apply: Apply): TfComposedFunction<MaxBlurOptions> {
  const { op, names, stages } = maxBlur[rank]
  const pooled = (given: Input, settings: object): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, settings, names)
      const x = toTf(tf, op, 'x', given)
      return stages(options).reduce((at, [row, own]) => apply(row, at, own), x)
    })
  return pooled as TfComposedFunction<MaxBlurOptions>
}

function pyramidFunction(tf: TfCore, apply: Apply): TfComposedFunction<SpatialPyramidOptions> {
  const { op, names } = spatialPyramid
  const pooled = (given: Input, settings: object): TfTensor =>
    tf.tidy(() => {
      assertTensorFlow(op, tf, ['concat', 'reshape'])
      const options = coreOptions(op, settings, names)
      const x = toTf(tf, op, 'x', given)
      const { parts } = resolveLevels(op, x.shape, options as never)
      const levels = parts.map(({ operation, options: own, shape }) =>
        tf.reshape!(apply(operation, x, own), [shape[0]!, shape.slice(1).reduce((a, b) => a * b, 1)]),
      )
      return tf.concat!(levels, 1)
    })
  return pooled as TfComposedFunction<SpatialPyramidOptions>
}
