/**
 * @file Reads a mask: its values, its shape, and the samples and channels that share it.
 */
import { invalid } from '../../errors.ts'
import { areBits } from '../../kernels/count.ts'
import { copyUnits, type Shared, type SharedPlanes } from '../../kernels/shared-planes.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { sameShape, type TensorAxes } from '../geometry/tensor-axes.ts'

/** A mask whose bytes may still have to be looked at. */
export interface Mask extends Shared<Uint8Array> {
  /** @throws PoolError "BAD_PARAM" for a value other than 0 and 1 */
  assertBits(): void
}

/**
 * The mask as bytes. Those of a mask of uint8 are not looked at.
 *
 * @throws PoolError "BAD_DTYPE" for floats, "BAD_SHAPE" for a shape that does not fit x, "BAD_PARAM" for another value than 0 and 1
 */
export function parseMask(op: string, mask: TensorLike, axes: TensorAxes): Mask {
  const given = asTensor(op, 'mask', mask, 'uint8')
  if (dtypes[given.dtype].float) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'mask.dtype', value: given.dtype },
      'must be an integer type, holding 0 and 1',
      'Pass Uint8Array.from(mask).',
    )
  }
  const values = storageOf(given.data)
  const assertEach = (): void => {
    for (let i = 0; i < values.length; i++)
      if (Number(values[i]) !== 0 && Number(values[i]) !== 1) throw badValue(op, i, values[i]!, given.dtype)
  }
  if (given.dtype === 'uint8') {
    const data = values as Uint8Array
    const assertBits = (): void => {
      if (!areBits(data)) assertEach()
    }
    return { data, ...sharesOf(op, given.shape, axes), assertBits }
  }
  assertEach()
  const data = allocateArray(op, Uint8Array, values.length, temporary)
  for (let i = 0; i < values.length; i++) data[i] = Number(values[i])
  return { data, ...sharesOf(op, given.shape, axes), assertBits: () => {} }
}

function badValue(op: string, at: number, value: number | bigint, dtype: DType): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument: `mask[${at}]`, value },
    `must be 0 or 1, in a mask of ${dtype}`,
    'Pass Uint8Array.from(mask, (value) => (value === 0 ? 0 : 1)).',
  )
}

/** @throws PoolError "BAD_SHAPE" for a shape that does not fit x */
export function sharesOf(
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

/** The array in the layout of a whole tensor with planes of `size` elements: a copy if samples or channels share planes. */
export function spread<A extends TypedArray>(
  op: string,
  shared: Shared<A>,
  axes: TensorAxes,
  size: number,
): A {
  const { data, batch, channels } = shared
  if (batch === axes.batch && channels === axes.channels) return data
  const whole = allocateArray<A>(op, data.constructor as never, axes.outer * size * axes.inner, temporary)
  copyUnits(planesOf(shared, axes, size), 0, whole, 1)
  return whole
}

/** Shared planes of `size` elements as those of the whole tensor. */
export function planesOf<A extends TypedArray>(
  shared: Shared<A>,
  { layout, channels }: TensorAxes,
  size: number,
): SharedPlanes<A> {
  return { ...shared, of: { isLast: layout === 'NHWC', channels, size } }
}

/** Neighbouring elements of the whole tensor that share one: the channels, if they lie last and share planes; else 1. */
export function groupOf({ channels }: Shared, { layout, channels: all }: TensorAxes): number {
  return layout === 'NHWC' && channels === 1 ? all : 1
}
