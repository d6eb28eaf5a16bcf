/**
 * @file Reads a mask: its values, its shape, and the samples and channels that share it.
 */
import { invalid } from '../../errors.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { sameShape, type TensorAxes } from '../geometry/tensor-axes.ts'

/** An array with the axes of x, of which batch and channels may have length 1: its planes then serve all. */
export interface Shared<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly batch: number
  readonly channels: number
}

/**
 * The mask as zeros and ones.
 *
 * @throws PoolError "BAD_DTYPE" for floats, "BAD_SHAPE" for a shape that does not fit x, "BAD_PARAM" for another value
 */
export function parseMask(op: string, mask: TensorLike, axes: TensorAxes): Shared<Uint8Array> {
  const given = asTensor(op, 'mask', mask, 'uint8')
  if (dtypes[given.dtype].float) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'mask.dtype', value: given.dtype },
      'must be an integer type, holding 0 and 1',
      'Pass Uint8Array.from(mask).',
    )
  }
  return { data: bytesOf(op, given), ...sharesOf(op, given.shape, axes) }
}

function bytesOf(op: string, { data, dtype }: Tensor): Uint8Array {
  const values = storageOf(data)
  const bytes =
    dtype === 'uint8' ? (values as Uint8Array) : allocateArray(op, Uint8Array, values.length, temporary)
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i])
    if (value !== 0 && value !== 1) throw badValue(op, i, values[i]!, dtype)
    if (bytes !== values) bytes[i] = value
  }
  return bytes
}

function badValue(op: string, at: number, value: number | bigint, dtype: DType): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument: `mask[${at}]`, value },
    `must be 0 or 1, in a mask of ${dtype}`,
    'Pass Uint8Array.from(mask, (value) => (value === 0 ? 0 : 1)).',
  )
}

function sharesOf(
  op: string,
  shape: readonly number[],
  axes: TensorAxes,
): Pick<Shared, 'batch' | 'channels'> {
  const { batched, batch, channels, spatial, layout } = axes
  const withChannels = (planes: number): readonly number[] =>
    layout === 'NCHW' ? [planes, ...spatial] : [...spatial, planes]
  if (sameShape(shape, spatial)) return { batch: 1, channels: 1 }
  const samples = batched ? [batch, 1] : [1]
  for (const count of samples) {
    if (batched && sameShape(shape, [count, ...spatial])) return { batch: count, channels: 1 }
    for (const planes of [channels, 1]) {
      const whole = withChannels(planes)
      if (sameShape(shape, batched ? [count, ...whole] : whole)) return { batch: count, channels: planes }
    }
  }
  const forms = batched
    ? [[batch, ...withChannels(channels)], [batch, ...withChannels(1)], [batch, ...spatial], spatial]
    : [withChannels(channels), withChannels(1), spatial]
  throw invalid(
    'BAD_SHAPE',
    { op, argument: 'mask.shape', value: shape },
    `must be ${[...new Set(forms.map(formatShape))].join(' or ')}, beside x of ${formatShape(axes.shape)}`,
    'Reshape the mask.',
  )
}

/**
 * The array in the layout of a whole tensor with planes of `size` elements: a copy if samples or channels share planes.
 */
export function spread<A extends TypedArray>(
  op: string,
  { data, batch, channels }: Shared<A>,
  axes: TensorAxes,
  size: number,
): A {
  if (batch === axes.batch && channels === axes.channels) return data
  const whole = allocateArray<A>(op, data.constructor as never, axes.outer * size * axes.inner, temporary)
  const isLast = axes.layout === 'NHWC'
  const sample = size * axes.channels
  for (let n = 0; n < axes.batch; n++) {
    const from = (batch === 1 ? 0 : n) * channels * size
    if (channels === axes.channels) whole.set(data.subarray(from, from + sample) as never, n * sample)
    else if (isLast) spreadChannels(data, from, whole, n * sample, size, axes.channels)
    else
      for (let c = 0; c < axes.channels; c++)
        whole.set(data.subarray(from, from + size) as never, n * sample + c * size)
  }
  return whole
}

/** Channels below this are written one by one; `fill` has a cost of its own. */
const fewChannels = 16

function spreadChannels(
  from: TypedArray,
  start: number,
  to: TypedArray,
  at: number,
  size: number,
  channels: number,
): void {
  const target = to as Uint8Array
  for (let p = 0; p < size; p++) {
    const value = from[start + p] as number
    const pixel = at + p * channels
    if (channels >= fewChannels) target.fill(value, pixel, pixel + channels)
    else for (let c = 0; c < channels; c++) target[pixel + c] = value
  }
}
