/**
 * @file ONNX's RoiAlign: regions resampled to one size by bilinear interpolation, without rounding of borders (Mask R-CNN).
 */
import { assertSameShape } from '../../ops/geometry/tensor-axes.ts'
import { extrema } from '../../reducers/extremum.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { assertGrid, batchOf, fillRegions, type Regions, readRegions } from './regions.ts'
import { type CellSamples, samplesOf } from './samples.ts'

/** Attributes of RoiAlign. */
export interface RoiAlignAttributes {
  /** avg: the mean of a cell's samples; max: the largest of their weighted corners. Default: avg. */
  readonly mode?: 'avg' | 'max'
  /** Default: 1. */
  readonly output_height?: number | bigint
  /** Default: 1. */
  readonly output_width?: number | bigint
  /** Samples of a cell along each axis, at most 1024; 0, the default, takes as many as the cell has elements. */
  readonly sampling_ratio?: number | bigint
  /** Corners are multiplied by it. Default: 1. */
  readonly spatial_scale?: number
  /**
   * half_pixel shifts corners by -0.5 and takes regions of any size; output_half_pixel does not shift, and makes regions at least
   * 1 long. Default: half_pixel; opset 10 has no such attribute and means output_half_pixel.
   */
  readonly coordinate_transformation_mode?: 'half_pixel' | 'output_half_pixel'
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
  const regions = readRegions(label, x, rois!, 4)
  assertSameShape(label, 'batch_indices', batchIndices!.shape, [regions.count], 'one image per region')
  const images = Array.from(batchIndices!.data as BigInt64Array, (index, k) =>
    batchOf(label, `batch_indices[${k}]`, index, regions.batch),
  )
  const grids = images.map((_, k) => gridOf(call, regions, k, size))
  const reduce = values.mode === 'max' ? largestCorner : meanSample
  const { channels, height, width } = regions
  const y = fillRegions(label, x, regions, size, (k, channel, output, start) => {
    const plane = (images[k]! * channels + channel) * height * width
    grids[k]!.rows.forEach((rows, i) => {
      grids[k]!.columns.forEach((columns, j) => {
        output[start + i * size[1] + j] = reduce(regions, plane, rows, columns)
      })
    })
  })
  return [y]
}

function gridOf({ values }: NodeCall, regions: Regions, k: number, [rows, columns]: [number, number]) {
  const { round, height, width } = regions
  const halfPixel = values.coordinate_transformation_mode === 'half_pixel'
  const shift = halfPixel ? 0.5 : 0
  const ratio = values.sampling_ratio as number
  const corner = (i: number): number =>
    round(round(regions.rois[k * 4 + i]! * (values.spatial_scale as number)) - shift)
  const axis = (from: number, to: number, limit: number, cells: number): readonly CellSamples[] => {
    const length = round(to - from)
    return samplesOf({
      start: from,
      length: halfPixel ? length : Math.max(length, 1),
      limit,
      cells,
      ratio,
      round,
    })
  }
  return {
    columns: axis(corner(0), corner(2), width, columns),
    rows: axis(corner(1), corner(3), height, rows),
  }
}

type Reduce = (regions: Regions, plane: number, rows: CellSamples, columns: CellSamples) => number

const meanSample: Reduce = ({ x, width }, plane, rows, columns) => {
  let sum = 0
  for (const row of rows.inside) {
    const [above, below] = [plane + row.low * width, plane + row.high * width]
    for (const column of columns.inside) {
      const upper = (1 - column.weight) * x[above + column.low]! + column.weight * x[above + column.high]!
      const lower = (1 - column.weight) * x[below + column.low]! + column.weight * x[below + column.high]!
      sum += (1 - row.weight) * upper + row.weight * lower
    }
  }
  return sum / Math.max(1, rows.total * columns.total)
}

const largestCorner: Reduce = ({ x, width }, plane, rows, columns) => {
  const { wins } = extrema.max
  const total = rows.total * columns.total
  const someOutside = rows.inside.length * columns.inside.length < total
  let best = total === 0 || someOutside ? 0 : Number.NEGATIVE_INFINITY
  const offer = (value: number): void => {
    if (wins(value, best)) best = value
  }
  for (const row of rows.inside) {
    const [above, below] = [plane + row.low * width, plane + row.high * width]
    for (const column of columns.inside) {
      offer((1 - row.weight) * (1 - column.weight) * x[above + column.low]!)
      offer((1 - row.weight) * column.weight * x[above + column.high]!)
      offer(row.weight * (1 - column.weight) * x[below + column.low]!)
      offer(row.weight * column.weight * x[below + column.high]!)
    }
  }
  return best
}
