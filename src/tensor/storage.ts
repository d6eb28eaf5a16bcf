/**
 * @file The memory behind a tensor: its bits, its values, and fresh arrays of the same kind.
 */
import { invalid } from '../errors.ts'
import { allocateArray } from './allocate.ts'
import { arrayName, type DType, dtypeOf, dtypes, type Scalar, type TypedArray } from './dtype.ts'
import { type HalfType, widen } from './half.ts'
import { formatShape, sizeOf } from './shape.ts'

interface Held {
  readonly data: TypedArray
  readonly dtype: DType
}

/** True if a dtype is stored as 16-bit patterns. */
export function isHalf(dtype: DType): dtype is HalfType {
  return dtype === 'float16' || dtype === 'bfloat16'
}

/**
 * The array that kernels see: a Float16Array as its bits, a Uint8ClampedArray without the clamping, one of another realm as one of
 * ours, the rest as it is.
 */
export function storageOf(data: TypedArray): TypedArray {
  const { storage } = dtypes[dtypeOf('storage', 'data', data)]
  if (data.constructor === storage) return data
  return new storage(data.buffer as ArrayBuffer, data.byteOffset, data.length)
}

/** The elements as numbers or bigints; a copy for half precision, else the data itself. */
export function valuesOf({ data, dtype }: Held): ArrayLike<Scalar> {
  return isHalf(dtype) ? widen(storageOf(data) as Uint16Array, dtype) : data
}

/**
 * A zeroed array of the class of `like`.
 *
 * @throws PoolError "LIMIT" if that many elements cannot be allocated
 */
export function allocate(op: string, like: Held, length: number): TypedArray {
  const name = arrayName(like.data)
  const storage =
    name === 'Float16Array'
      ? (like.data.constructor as new (
          length: number,
        ) => TypedArray)
      : name === 'Uint8ClampedArray'
        ? Uint8ClampedArray
        : dtypes[like.dtype].storage
  return allocateArray(op, storage, length)
}

/** True if an empty array has lost its buffer: transferred, or shrunk below the array. */
function isDetached(data: TypedArray): boolean {
  try {
    new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset)
    return (data.buffer as { resizable?: boolean }).resizable === true
  } catch {
    return true
  }
}

/**
 * @throws PoolError "BAD_DTYPE" if the buffer of `data` was detached or shrunk, "BAD_SHAPE" if its length is not the size of `shape`
 */
export function assertLength(
  op: string,
  argument: string,
  data: TypedArray,
  shape: readonly number[],
  whose: string,
): void {
  const size = sizeOf(shape)
  if (data.length === size) return
  if (data.length === 0 && isDetached(data)) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: `${argument}.data`, value: data },
      'its buffer is detached or was shrunk',
      'Pass an array whose buffer is still here.',
    )
  }
  throw invalid(
    'BAD_SHAPE',
    { op, argument: `${argument}.data.length`, value: data.length },
    `must be ${size}, the size of ${whose} ${formatShape(shape)}`,
    'Pass data and shape that belong together.',
  )
}

/** True if two arrays share bytes. */
export function overlaps(a: TypedArray, b: TypedArray): boolean {
  return (
    a.buffer === b.buffer &&
    a.byteOffset < b.byteOffset + b.byteLength &&
    b.byteOffset < a.byteOffset + a.byteLength
  )
}
