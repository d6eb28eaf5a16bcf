/**
 * @file ONNX's RoiAlign: regions resampled to one size by bilinear interpolation, without rounding of borders (Mask R-CNN).
 */
import { assertSameShape } from '../../ops/geometry/tensor-axes.ts'
import { largestCorner, meanOfSamples } from '../../ops/regions/align.ts'
import { type Box, batchOf } from '../../ops/regions/boxes.ts'
import { assertGrid, readImages } from '../../ops/regions/images.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { poolRegions, readRegions } from './regions.ts'

/** Attributes of RoiAlign. */
export interface RoiAlignAttributes {
  /** avg: the mean of a cell's samples; max: the largest of their weighted corners. Default: avg. */
  readonly mode?: 'avg' | 'max' | undefined
  /** Default: 1. */
  readonly output_height?: number | bigint | undefined
  /** Default: 1. */
  readonly output_width?: number | bigint | undefined
  /** Samples of a cell along each axis, at most 1024; 0, the default, takes as many as the cell has elements. */
  readonly sampling_ratio?: number | bigint | undefined
  /** Corners are multiplied by it. Default: 1. */
  readonly spatial_scale?: number | undefined
  /**
   * half_pixel shifts corners by -0.5 and takes regions of any size; output_half_pixel does not shift, and makes regions at least
   * 1 long. Default: half_pixel; opset 10 has no such attribute and means output_half_pixel.
   */
  readonly coordinate_transformation_mode?: 'half_pixel' | 'output_half_pixel' | undefined
}

/**
 * ONNX RoiAlign, opsets 10 to 22.
 *
 * @param inputs      X: [N, C, H, W]; rois: [K, 4], each [x1, y1, x2, y2], of X's element type; batch_indices: int64 [K]
 * @param attributes  mode; output_height, output_width; sampling_ratio; spatial_scale; coordinate_transformation_mode
 * @returns           Y: [K, C, output_height, output_width]
 * @throws PoolError "BAD_INDEX" for an image outside the batch, "BAD_PARAM" for NaN or infinite corners, "BAD_SHAPE", "BAD_DTYPE"
 *
 * Samples more than one element outside the image are 0. Mode max takes the largest product of a corner and its weight, as
 * ONNX's reference does, not the largest interpolated value; NaN wins. Corners of weight 0 are multiplied too, so NaN and
 * infinities beside a sample give NaN. Coordinates are rounded to the element type; sums are rounded to it once.
 * Source: onnx.ai/onnx/operators/onnx__RoiAlign.html; He et al., Mask R-CNN (2017)
 */
export function roiAlign<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A>; readonly rois: TensorLike<A>; readonly batch_indices: TensorLike },
  attributes: RoiAlignAttributes = {},
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('RoiAlign', attributes, settings)
  return { Y: runRoiAlign(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

export function runRoiAlign(call: NodeCall, inputs: readonly unknown[]): readonly Tensor[] {
  const { label, values } = call
  const [x, rois, batchIndices] = readInputs(call, inputs)
  const size = [values.output_height, values.output_width] as [number, number]
  assertGrid(label, size, ['output_height', 'output_width'])
  const images = readImages(label, 'X', x)
  const rows = readRegions(label, rois!, 4)
  assertSameShape(label, 'batch_indices', batchIndices!.shape, [rows.length], 'one image per region')
  const boxes = Array.from(batchIndices!.data as BigInt64Array, (index, k) => ({
    image: batchOf(label, `batch_indices[${k}]`, index, images.batch),
    corners: rows[k] as unknown as Box['corners'],
  }))
  const method = values.mode === 'max' ? largestCorner : meanOfSamples
  const sampling = {
    spatialScale: values.spatial_scale as number,
    samplingRatio: values.sampling_ratio as number,
    aligned: values.coordinate_transformation_mode === 'half_pixel',
  }
  return [poolRegions(label, x, images, boxes, size, method(sampling))]
}
