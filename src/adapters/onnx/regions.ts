/**
 * @file Code shared by MaxRoiPool and RoiAlign: reads X and the regions, checks them, fills the output.
 */
import { invalid } from '../../errors.ts'
import { outputTensor } from '../../ops/buffers.ts'
import { assertCountable, assertSameShape } from '../../ops/geometry/tensor-axes.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { narrow } from '../../tensor/half.ts'
import { isHalf, storageOf, valuesOf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** A batch of images and the regions in them; float16 and bfloat16 are widened to float32. */
export interface Regions {
  readonly batch: number
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly x: ArrayLike<number>
  readonly count: number
  /** `columns` numbers per region. */
  readonly rois: ArrayLike<number>
  readonly columns: number
  /** Rounds a coordinate to the element type; to float32 for float16 and bfloat16. */
  readonly round: (value: number) => number
}

/** The most cells of a grid along an axis. Memory is needed for each, even if the output is empty. */
const longestGrid = 2 ** 16

/** @throws PoolError "LIMIT" for a grid longer than 2^16 along an axis */
export function assertGrid(label: string, size: readonly number[], names: readonly [string, string]): void {
  const axis = size.findIndex((cells) => cells > longestGrid)
  if (axis < 0) return
  throw invalid(
    'LIMIT',
    { op: label, argument: names[axis]!, value: size[axis] },
    `must be at most ${longestGrid}`,
    'Ask for a smaller output.',
  )
}

/** @throws PoolError "BAD_SHAPE" unless X is [N, C, H, W] and rois [K, columns]; "BAD_PARAM" for a NaN or infinite corner */
export function readRegions(label: string, x: Tensor, rois: Tensor, columns: number): Regions {
  if (x.shape.length !== 4 || x.shape.slice(1).includes(0)) {
    throw invalid(
      'BAD_SHAPE',
      { op: label, argument: 'X.shape', value: x.shape },
      'must be [N, C, H, W] with at least one channel, row and column',
      'Reshape the input.',
    )
  }
  const [batch, channels, height, width] = x.shape as [number, number, number, number]
  const count = rois.shape[0] ?? 0
  assertSameShape(label, 'rois', rois.shape, [count, columns], 'a row of numbers per region')
  const corners = valuesOf(rois) as ArrayLike<number>
  for (let at = 0; at < corners.length; at++) {
    if (Number.isFinite(corners[at]!)) continue
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: `rois[${Math.floor(at / columns)}][${at % columns}]`, value: corners[at] },
      'must be finite',
      'Drop the region.',
    )
  }
  return {
    batch,
    channels,
    height,
    width,
    x: valuesOf(x) as ArrayLike<number>,
    count,
    rois: corners,
    columns,
    round: x.dtype === 'float64' ? (value) => value : Math.fround,
  }
}

/** @throws PoolError "BAD_INDEX" unless `value` is a whole number below the batch */
export function batchOf(label: string, argument: string, value: number | bigint, batch: number): number {
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  if (whole && value >= 0 && value < batch) return Number(value)
  throw invalid(
    'BAD_INDEX',
    { op: label, argument, value },
    `must be a whole number from 0 to ${batch - 1}, an image of the batch of ${batch}`,
    'Pass the image that the region lies in.',
  )
}

/** Makes the output, [K, C, height, width] of X's element type; float16 and bfloat16 are rounded once. */
export function fillRegions(
  label: string,
  x: Tensor,
  { count, channels }: Regions,
  size: readonly [number, number],
  fill: (region: number, channel: number, values: Float32Array | Float64Array, start: number) => void,
): Tensor {
  const shape = [count, channels, ...size]
  assertCountable(label, shape)
  const y = outputTensor(label, x, shape, undefined, [])
  const half = isHalf(x.dtype)
  const values = half
    ? allocateArray(label, Float32Array, y.data.length, temporary)
    : (y.data as Float32Array | Float64Array)
  const area = size[0] * size[1]
  for (let region = 0; region < count; region++) {
    for (let channel = 0; channel < channels; channel++)
      fill(region, channel, values, (region * channels + channel) * area)
  }
  if (half) narrow(values, x.dtype as 'float16', storageOf(y.data) as Uint16Array)
  return y
}
