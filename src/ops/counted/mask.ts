/**
 * @file Reads a mask: its values, its shape, and the samples and channels that share it.
 */
import { invalid } from '../../errors.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { sameShape, type TensorAxes } from '../geometry/tensor-axes.ts'

/** An array with the axes of x. If the batch or channel axis has length 1, its planes serve all samples or channels. */
export interface Shared<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly batch: number
  readonly channels: number
}

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

/** True if a whole number of 32-bit words holds nothing but zeros and ones. */
export function areBits({ buffer, byteOffset, length }: Uint8Array): boolean {
  if (byteOffset % 4 !== 0 || length % 4 !== 0) return false
  const words = new Uint32Array(buffer, byteOffset, length / 4)
  let bits = 0
  for (let i = 0; i < words.length; i++) bits |= words[i]!
  return (bits & 0xfefefefe) === 0
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
  copyPart(shared, axes, size, 0, whole)
  return whole
}

/** Neighbouring elements of the whole tensor that share one: the channels, if they lie last and share planes; else 1. */
export function groupOf({ channels }: Shared, { layout, channels: all }: TensorAxes): number {
  return layout === 'NHWC' && channels === 1 ? all : 1
}

/** Copies from element `at` of the whole tensor on, one element for each `unit`, which is 1 or the group. */
export function copyUnits(
  shared: Shared,
  axes: TensorAxes,
  size: number,
  at: number,
  into: TypedArray,
  unit: number,
): void {
  if (unit === 1) copyPart(shared, axes, size, at, into)
  else copyPart(shared, { ...axes, channels: 1 }, size, at / unit, into)
}

/** Copies the part of the whole tensor from element `at` on that fits `into`. */
function copyPart(
  { data, batch, channels }: Shared,
  axes: TensorAxes,
  size: number,
  at: number,
  into: TypedArray,
): void {
  const isLast = axes.layout === 'NHWC'
  const isNarrow = isLast && channels < axes.channels
  const block = isLast ? size * axes.channels : size
  for (let done = 0; done < into.length; ) {
    const [unit, within] = [Math.floor((at + done) / block), (at + done) % block]
    const count = Math.min(block - within, into.length - done)
    const sample = isLast ? unit : Math.floor(unit / axes.channels)
    const plane = isLast || channels === 1 ? 0 : unit % axes.channels
    const from = ((batch === 1 ? 0 : sample) * channels + plane) * size
    if (isNarrow)
      copyPixels(data, from, axes.channels, within, into.subarray(done, done + count) as TypedArray)
    else into.set(data.subarray(from + within, from + within + count) as never, done)
    done += count
  }
}

/** Copies are faster than `fill` for fewer channels. */
const fewChannels = 16

/** Repeats each element once per channel, from element `within` of the repeated ones on. */
function copyPixels(
  data: TypedArray,
  from: number,
  channels: number,
  within: number,
  into: TypedArray,
): void {
  const [source, target] = [data, into] as [Uint8Array, Uint8Array]
  let pixel = from + Math.floor(within / channels)
  for (let at = 0, left = channels - (within % channels); at < target.length; left = channels, pixel++) {
    const end = Math.min(at + left, target.length)
    const value = source[pixel]!
    if (left >= fewChannels) target.fill(value, at, end)
    else for (let i = at; i < end; i++) target[i] = value
    at = end
  }
}
