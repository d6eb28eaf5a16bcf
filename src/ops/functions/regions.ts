/**
 * @file Pooling over regions: RoI pooling and alignment, and their position-sensitive forms, by the names of torchvision.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Boxes } from '../regions/boxes.ts'
import {
  type PsRoiAlignOptions,
  psRoiAlignment,
  psRoiPooling,
  type RoiAlignOptions,
  roiAlignment,
  roiPooling,
} from '../regions/operations.ts'
import type { RoiOptions } from '../regions/run.ts'

export type { PsRoiAlignOptions, RoiAlignOptions }

/**
 * The maximum of each cell of a grid laid over each region, with borders rounded to whole elements.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] (layout "NHWC": [N, H, W, C])
 * @param boxes    [K, 5] of [image, x1, y1, x2, y2], or a list of [L, 4], one for each image; of x's dtype
 * @param options  outputSize; spatialScale; layout; out
 * @returns        a Tensor of x's dtype, [K, C, height, width]
 * @throws PoolError "BAD_SHAPE", "BAD_DTYPE", "BAD_PARAM" for an option or a corner that is not finite, "BAD_INDEX" for an image outside the batch
 *
 * Corners round half away from zero, and both lie in the region. Ties: the first. NaN wins; torchvision leaves it out, and takes the
 * least float32 for -inf. A cell outside the image is 0.
 * Source: torchvision.ops.roi_pool; Girshick, Fast R-CNN (2015)
 */
export function roiPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  boxes: Boxes,
  options: RoiOptions,
): Tensor<A> {
  return roiPooling.forward(x, boxes, options)
}

/** The gradient of `roiPool`: each `dy` goes to the element that its maximum came from. Boxes have no gradient. */
export function roiPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  boxes: Boxes,
  options: RoiOptions,
): Tensor<A> {
  return roiPooling.backward(dy, x, boxes, options)
}

/**
 * The mean of bilinear samples in each cell of a grid laid over each region, whose borders are not rounded.
 *
 * @param x        float32, float64, float16 or bfloat16, [N, C, H, W] (layout "NHWC": [N, H, W, C])
 * @param boxes    [K, 5] of [image, x1, y1, x2, y2], or a list of [L, 4], one for each image; of x's dtype
 * @param options  outputSize; spatialScale; samplingRatio; aligned; layout; out
 * @returns        a Tensor of x's dtype, [K, C, height, width]
 * @throws PoolError as `roiPool`
 *
 * Samples more than one element outside the image are 0. Sums in float64; coordinates are rounded to the dtype, as torchvision has them.
 * A region without samples gives 0.
 * Source: torchvision.ops.roi_align; He et al., Mask R-CNN (2017)
 */
export function roiAlign<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  boxes: Boxes,
  options: RoiAlignOptions,
): Tensor<A> {
  return roiAlignment.forward(x, boxes, options)
}

/** The gradient of `roiAlign`: each `dy` is shared by the elements beside the samples of its cell. Boxes have no gradient. */
export function roiAlignBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  boxes: Boxes,
  options: RoiAlignOptions,
): Tensor<A> {
  return roiAlignment.backward(dy, x, boxes, options)
}

/**
 * The mean of each cell of a grid laid over each region; output channel c of cell (i, j) is that of input channel (c h + i) w + j.
 *
 * @param x        as in `roiPool`, with a multiple of height * width channels
 * @param boxes    as in `roiPool`
 * @param options  outputSize; spatialScale; layout; out
 * @returns        a Tensor of x's dtype, [K, C / (height * width), height, width]
 * @throws PoolError as `roiPool`
 *
 * As in torchvision, the last row and column of an image are not read. A cell without elements is 0. NaN propagates.
 * Source: torchvision.ops.ps_roi_pool; Dai et al., R-FCN (2016)
 */
export function psRoiPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  boxes: Boxes,
  options: RoiOptions,
): Tensor<A> {
  return psRoiPooling.forward(x, boxes, options)
}

/** The gradient of `psRoiPool`: each `dy` is shared equally by the elements of its cell. Boxes have no gradient. */
export function psRoiPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  boxes: Boxes,
  options: RoiOptions,
): Tensor<A> {
  return psRoiPooling.backward(dy, x, boxes, options)
}

/**
 * The mean of bilinear samples in each cell, as `roiAlign` with aligned: true, from channels as in `psRoiPool`.
 *
 * @param x        as in `psRoiPool`
 * @param boxes    as in `roiPool`
 * @param options  outputSize; spatialScale; samplingRatio; layout; out
 * @returns        a Tensor of x's dtype, [K, C / (height * width), height, width]
 * @throws PoolError as `roiPool`
 *
 * A region without samples gives 0; torchvision gives NaN. Source: torchvision.ops.ps_roi_align; Li et al., Light-Head R-CNN (2017)
 */
export function psRoiAlign<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  boxes: Boxes,
  options: PsRoiAlignOptions,
): Tensor<A> {
  return psRoiAlignment.forward(x, boxes, options)
}

/** The gradient of `psRoiAlign`, as `roiAlignBackward`. */
export function psRoiAlignBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  boxes: Boxes,
  options: PsRoiAlignOptions,
): Tensor<A> {
  return psRoiAlignment.backward(dy, x, boxes, options)
}
