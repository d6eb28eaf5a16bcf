/**
 * @file Pooling over one region of the picture, in the form of operations. The catalogue has no rows for them, because they take boxes too.
 */
import {
  psRoiAlign,
  psRoiAlignBackward,
  psRoiPool,
  psRoiPoolBackward,
  roiAlign,
  roiAlignBackward,
  roiPool,
  roiPoolBackward,
} from '../ops/functions/regions.ts'
import type { Boxes } from '../ops/regions/boxes.ts'
import { ownChannels, type RoiOptions } from '../ops/regions/run.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import type { DrawnOperation } from './drawn-operation.ts'

export type RegionName = 'roiPool' | 'roiAlign' | 'psRoiPool' | 'psRoiAlign'

/** The corners of the region, of the first image. */
interface Region extends RoiOptions {
  readonly box: readonly number[]
}

type Forward = (x: TensorLike, boxes: Boxes, options: RoiOptions) => Tensor
type Backward = (dy: TensorLike, x: TensorLike, boxes: Boxes, options: RoiOptions) => Tensor

function regionOperation(
  name: RegionName,
  reducer: DrawnOperation['reducer'],
  [forward, backward]: readonly [Forward, Backward],
  own: readonly string[],
): DrawnOperation {
  return {
    geometry: 'regions',
    reducer,
    action: 'folds',
    names: ['box', 'outputSize', ...own],
    needs: ['outputSize'],
    forward: (x, options) => {
      const { box, ...rest } = options as unknown as Region
      return forward(x as TensorLike, [[0, ...box]], rest)
    },
    backward: (dy, x, options) => {
      const { box, ...rest } = options as unknown as Region
      return backward(dy as TensorLike, x as TensorLike, [[0, ...box]], rest)
    },
    outputShape: ([, channels], options) => {
      const [height, width] = (options as unknown as Region).outputSize as readonly [number, number]
      const isShared = !name.startsWith('ps')
      const own = isShared ? channels! : ownChannels(name, { channels: channels! }, [height, width])
      return [1, own, height, width]
    },
  }
}

export const regions: Readonly<Record<RegionName, DrawnOperation>> = {
  roiPool: regionOperation('roiPool', 'max', [roiPool, roiPoolBackward], []),
  roiAlign: regionOperation('roiAlign', 'area', [roiAlign, roiAlignBackward], ['samplingRatio', 'aligned']),
  psRoiPool: regionOperation('psRoiPool', 'average', [psRoiPool, psRoiPoolBackward], []),
  psRoiAlign: regionOperation('psRoiAlign', 'area', [psRoiAlign, psRoiAlignBackward], ['samplingRatio']),
}
