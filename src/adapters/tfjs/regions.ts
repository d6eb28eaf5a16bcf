/**
 * @file Poolings of regions as functions on tensors of TensorFlow.js. Their gradients are of the first order.
 */
import type { Boxes } from '../../ops/regions/boxes.ts'
import {
  type PsRoiAlignOptions,
  psRoiAlignment,
  psRoiPooling,
  type RoiAlignOptions,
  roiAlignment,
  roiPooling,
} from '../../ops/regions/operations.ts'
import type { RegionOperation, RoiOptions } from '../../ops/regions/run.ts'
import { type Adapted, coreOptions } from './options.ts'
import { assertTensorFlow, type TfCore, type TfTensor } from './tensorflow.ts'
import { download, type Input, toCore, toTf, upload } from './transfer.ts'

/** Pooling of the regions of boxes: [K, 5], or [L, 4] for each image. */
export type TfRegionFunction<O> = <T extends TfTensor>(
  x: T | Input,
  boxes: Input | readonly Input[],
  options: Adapted<O>,
) => T

/** The result of `regionFunctions`: functions by their names in the library. */
export interface RegionFunctions {
  readonly roiPool: TfRegionFunction<RoiOptions>
  readonly roiAlign: TfRegionFunction<RoiAlignOptions>
  readonly psRoiPool: TfRegionFunction<RoiOptions>
  readonly psRoiAlign: TfRegionFunction<PsRoiAlignOptions>
}

/**
 * The poolings of regions as functions on tensors of TensorFlow.js.
 *
 * @param tf  `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` alone
 * @returns   functions named as in the library. They take a float32 tensor with channels last unless `dataFormat` is 'channelsFirst',
 *            and boxes of float32. Data is downloaded, pooled, and uploaded. x has a gradient of the first order, boxes have none
 *
 * @throws PoolError "BAD_PARAM" unless `tf` is TensorFlow.js
 * @example const y = regionFunctions(tf).roiAlign(x, [[0, 0, 0, 4, 4]], { outputSize: 7 })
 */
export function regionFunctions(tf: TfCore): RegionFunctions {
  assertTensorFlow('regionFunctions', tf, ['Tensor', 'customGrad', 'tidy'])
  return {
    roiPool: functionOf(tf, roiPooling, []),
    roiAlign: functionOf(tf, roiAlignment, ['samplingRatio', 'aligned']),
    psRoiPool: functionOf(tf, psRoiPooling, []),
    psRoiAlign: functionOf(tf, psRoiAlignment, ['samplingRatio']),
  }
}

function functionOf<O extends RoiOptions>(
  tf: TfCore,
  { op, forward, backward }: RegionOperation<O>,
  takes: readonly string[],
): TfRegionFunction<O> {
  const names = ['outputSize', 'spatialScale', ...takes]
  const pooled = (given: Input, boxes: Input | readonly Input[], settings: object): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, settings, names) as unknown as O
      const regions = boxesOf(tf, op, boxes)
      const y = forward(download(op, 'x', toTf(tf, op, 'x', given)), regions, options)
      return tf.customGrad((at, save) => {
        ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
        return {
          value: upload(tf, y),
          gradFunc: (dy: TfTensor, [at]: TfTensor[]) =>
            upload(tf, backward(download(op, 'dy', dy), download(op, 'x', at!), regions, options)),
        }
      })(toTf(tf, op, 'x', given))
    })
  return pooled as TfRegionFunction<O>
}

function boxesOf(tf: TfCore, op: string, boxes: Input | readonly Input[]): Boxes {
  if (!Array.isArray(boxes)) return toCore(tf, op, 'boxes', boxes as Input)
  return boxes.map((own) => (own instanceof tf.Tensor ? toCore(tf, op, 'boxes', own) : own)) as never
}
