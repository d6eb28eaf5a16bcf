/**
 * @file ONNX's MaxRoiPool: the maximum of each cell of a grid laid over a region, with borders rounded to whole elements (Fast R-CNN).
 */
import { extrema } from '../../reducers/extremum.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Ints } from './attributes.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { assertGrid, batchOf, fillRegions, type Regions, readRegions } from './regions.ts'
import { listOf } from './windows.ts'

/** Attributes of MaxRoiPool. */
export interface MaxRoiPoolAttributes {
  /** [height, width] of the grid. */
  readonly pooled_shape: Ints
  /** Corners are multiplied by it. Default: 1. */
  readonly spatial_scale?: number
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
  const regions = readRegions(label, x, rois!, 5)
  const images = Array.from({ length: regions.count }, (_, k) =>
    batchOf(label, `rois[${k}][0]`, regions.rois[k * 5]!, regions.batch),
  )
  const cells = images.map((_, k) => cellsOf(regions, k, size, values.spatial_scale as number))
  const { channels, height, width } = regions
  const y = fillRegions(label, x, regions, size, (k, channel, output, start) => {
    const plane = (images[k]! * channels + channel) * height * width
    cells[k]!.rows.forEach((row, i) => {
      cells[k]!.columns.forEach((column, j) => {
        output[start + i * size[1] + j] = maximum(regions, plane, row, column)
      })
    })
  })
  return [y]
}

type Run = readonly [start: number, end: number]

function cellsOf(regions: Regions, k: number, size: readonly [number, number], scale: number) {
  const [, x1, y1, x2, y2] = Array.from({ length: 5 }, (_, i) =>
    wholeCorner(regions.round(regions.rois[k * 5 + i]! * scale)),
  ) as [number, number, number, number, number]
  return {
    rows: runsOf(regions, y1, y2, size[0], regions.height),
    columns: runsOf(regions, x1, x2, size[1], regions.width),
  }
}

/** The cells along one axis, clipped to the image. */
function runsOf({ round }: Regions, from: number, to: number, count: number, limit: number): readonly Run[] {
  const step = round(Math.max(to - from + 1, 1) / count)
  const clip = (place: number): number => Math.min(Math.max(place + from, 0), limit)
  return Array.from({ length: count }, (_, i) => [
    clip(Math.floor(round(i * step))),
    clip(Math.ceil(round((i + 1) * step))),
  ])
}

function maximum({ x, width }: Regions, plane: number, [top, bottom]: Run, [left, right]: Run): number {
  if (top >= bottom || left >= right) return 0
  const { wins } = extrema.max
  let best = Number.NEGATIVE_INFINITY
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const value = x[plane + row * width + column]!
      if (wins(value, best)) best = value
    }
  }
  return best
}

/** Rounds half away from zero. Corners beyond 2^52 are already whole, and outside any image. */
function wholeCorner(value: number): number {
  return Math.sign(value) * Math.round(Math.min(Math.abs(value), 2 ** 52))
}
