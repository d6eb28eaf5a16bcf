/**
 * @file ONNX's MaxRoiPool: the maximum of each cell of a grid laid over a region, with borders rounded to whole elements (Fast R-CNN).
 */
import { type Box, batchOf } from '../../ops/regions/boxes.ts'
import { maxOfCells } from '../../ops/regions/cells.ts'
import { assertGrid, readImages } from '../../ops/regions/images.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Ints } from './attributes.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { poolRegions, readRegions } from './regions.ts'
import { listOf } from './windows.ts'

/** Attributes of MaxRoiPool. */
export interface MaxRoiPoolAttributes {
  /** [height, width] of the grid. */
  readonly pooled_shape: Ints
  /** Corners are multiplied by it. Default: 1. */
  readonly spatial_scale?: number | undefined
}

/**
 * ONNX MaxRoiPool, opsets 1 to 22.
 *
 * @param inputs      X: [N, C, H, W]; rois: [K, 5], each [image, x1, y1, x2, y2] with both corners inside, of X's element type
 * @param attributes  pooled_shape; spatial_scale
 * @returns           Y: [K, C, ...pooled_shape]; 0 for a cell outside the image
 * @throws PoolError "BAD_INDEX" for an image outside the batch, "BAD_PARAM" for NaN or infinite corners, "BAD_SHAPE", "BAD_DTYPE"
 *
 * Corners round half away from zero. NaN wins. Source: onnx.ai/onnx/operators/onnx__MaxRoiPool.html; Girshick, Fast R-CNN (2015)
 */
export function maxRoiPool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A>; readonly rois: TensorLike<A> },
  attributes: MaxRoiPoolAttributes,
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('MaxRoiPool', attributes, settings)
  return { Y: runMaxRoiPool(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

export function runMaxRoiPool(call: NodeCall, inputs: readonly unknown[]): readonly Tensor[] {
  const { label, values } = call
  const [x, rois] = readInputs(call, inputs)
  const size = listOf(label, 'pooled_shape', values.pooled_shape, 2) as readonly [number, number]
  assertGrid(label, size, ['pooled_shape[0]', 'pooled_shape[1]'])
  const images = readImages(label, 'X', x)
  const rows = readRegions(label, rois!, 5)
  const boxes = rows.map(([image, ...corners], k) => ({
    image: batchOf(label, `rois[${k}][0]`, image!, images.batch),
    corners: corners as unknown as Box['corners'],
  }))
  return [
    poolRegions(label, x, images, boxes, size, maxOfCells({ spatialScale: values.spatial_scale as number })),
  ]
}
