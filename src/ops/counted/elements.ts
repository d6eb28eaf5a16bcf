/**
 * @file Decides which elements count: those that the mask marks with 1 and that are not `nodata`.
 */
import { invalid } from '../../errors.ts'
import { markOthers } from '../../kernels/mark.ts'
import type { Shared } from '../../kernels/shared-planes.ts'
import { numbersOf } from '../../kernels/whole-halves.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { type DType, dtypes, integerRange, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { roundHalf } from '../../tensor/half.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { TensorAxes } from '../geometry/tensor-axes.ts'
import { type Mask, spread } from './mask.ts'

/** What leaves elements out. */
export interface LeftOut {
  readonly mask: Mask | null
  /** The value of `nodata` as an element of x. */
  readonly missing: Scalar | undefined
}

/** 1 for each element that counts, else 0. Samples and channels share planes if the mask does and there is no `nodata`. */
export function countedElements(
  op: string,
  x: Tensor,
  axes: TensorAxes,
  mask: Shared<Uint8Array> | null,
  nodata: Scalar | undefined,
): Shared<Uint8Array> {
  const plane = sizeOf(axes.spatial)
  if (nodata === undefined) return mask ?? allOf(op, plane)
  const data = allocateArray(op, Uint8Array, x.data.length, temporary)
  const values = numbersOf(x) as TypedArray
  const dtype = isHalf(x.dtype) ? 'float32' : x.dtype
  markOthers(values, dtype, nodata, data)
  if (mask !== null) intersect(data, spread(op, mask, axes, plane))
  return { data, batch: axes.batch, channels: axes.channels }
}

function allOf(op: string, plane: number): Shared<Uint8Array> {
  return { data: allocateArray(op, Uint8Array, plane, temporary).fill(1), batch: 1, channels: 1 }
}

function intersect(marks: Uint8Array, others: Uint8Array): void {
  for (let i = 0; i < marks.length; i++) marks[i]! &= others[i]!
}

/**
 * A number as an element of a dtype: rounded for floats, a bigint for 64-bit integers.
 *
 * @throws PoolError "BAD_PARAM" for a number that the integer dtype does not hold, or a bigint beside floats
 */
export function elementOf(op: string, argument: string, value: Scalar, dtype: DType): Scalar {
  const { float, storage } = dtypes[dtype]
  if (float && typeof value === 'number') {
    if (isHalf(dtype)) return roundHalf(dtype)(value)
    return dtype === 'float32' ? Math.fround(value) : value
  }
  const [least, largest] = float ? [] : integerRange(dtype)
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!float && isWhole && value >= least! && value <= largest!)
    return storage.BYTES_PER_ELEMENT === 8 ? BigInt(value) : Number(value)
  throw invalid(
    'BAD_PARAM',
    { op, argument, value },
    float
      ? `must be a number, beside x of ${dtype}`
      : `must be a whole number from ${least} to ${largest}, as x is ${dtype}`,
    'Pass such a number, or convert x.',
  )
}
