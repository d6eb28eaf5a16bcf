/**
 * @file Element types: their names, how they are stored, and what a typed array is called here.
 */
import { refusal, show } from '../errors.ts'

export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array

export type DType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'

/** One element: a bigint for int64 and uint64, a number otherwise. */
export type Scalar = number | bigint

/** A typed array's class. */
export interface ArrayClass<A extends TypedArray = TypedArray> {
  new (length: number): A
  new (buffer: ArrayBuffer, byteOffset: number, length: number): A
  readonly BYTES_PER_ELEMENT: number
}

interface DTypeInfo {
  /** The array that holds the elements; float16 and bfloat16 are held as their bits. */
  readonly storage: ArrayClass
  readonly float: boolean
  /** The short name of kernel ids: `max.f32.forward.reference`. */
  readonly short: string
}

export const dtypes: Readonly<Record<DType, DTypeInfo>> = {
  float32: { storage: Float32Array, float: true, short: 'f32' },
  float64: { storage: Float64Array, float: true, short: 'f64' },
  float16: { storage: Uint16Array, float: true, short: 'f16' },
  bfloat16: { storage: Uint16Array, float: true, short: 'bf16' },
  int8: { storage: Int8Array, float: false, short: 'i8' },
  uint8: { storage: Uint8Array, float: false, short: 'u8' },
  int16: { storage: Int16Array, float: false, short: 'i16' },
  uint16: { storage: Uint16Array, float: false, short: 'u16' },
  int32: { storage: Int32Array, float: false, short: 'i32' },
  uint32: { storage: Uint32Array, float: false, short: 'u32' },
  int64: { storage: BigInt64Array, float: false, short: 'i64' },
  uint64: { storage: BigUint64Array, float: false, short: 'u64' },
}

export const dtypeNames = Object.keys(dtypes) as DType[]

/** The least and the largest integer of a dtype. */
export function integerRange(dtype: DType): readonly [Scalar, Scalar] {
  ranges[dtype] ??= rangeOf(dtype)
  return ranges[dtype]
}

const ranges: Partial<Record<DType, readonly [Scalar, Scalar]>> = {}

function rangeOf(dtype: DType): readonly [Scalar, Scalar] {
  const bits = dtypes[dtype].storage.prototype.BYTES_PER_ELEMENT * 8
  const signed = dtype.startsWith('int')
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n
  const high = low + 2n ** BigInt(bits) - 1n
  return bits === 64 ? [low, high] : [Number(low), Number(high)]
}

const byArrayName: Readonly<Record<string, DType>> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Float16Array: 'float16',
  Int8Array: 'int8',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Int16Array: 'int16',
  Uint16Array: 'uint16',
  Int32Array: 'int32',
  Uint32Array: 'uint32',
  BigInt64Array: 'int64',
  BigUint64Array: 'uint64',
}

/** The name of a typed array's class, also for arrays of another realm and for a polyfilled Float16Array; otherwise undefined. */
export function arrayName(data: unknown): string | undefined {
  const { [Symbol.toStringTag]: name, buffer } = Object(data) as {
    [Symbol.toStringTag]?: string
    buffer?: unknown
  }
  const isArray = ArrayBuffer.isView(data) || (name === 'Float16Array' && buffer instanceof ArrayBuffer)
  return isArray && name !== undefined && name in byArrayName ? name : undefined
}

/** Whether a value is one of the twelve names. */
export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(dtypes, value)
}

/**
 * The dtype of `data`, where `declared` may say that a Uint16Array holds float16 or bfloat16.
 *
 * @throws PoolError "BAD_DTYPE" if `data` is no typed array of ours, or `declared` does not fit it
 */
export function dtypeOf(op: string, argument: string, data: unknown, declared?: unknown): DType {
  const name = arrayName(data)
  if (name === undefined) {
    throw refusal(
      'BAD_DTYPE',
      { op, argument: `${argument}.data`, value: data },
      'must be a typed array',
      'Pass a typed array such as Float32Array, or build one with tensor(...).',
    )
  }
  const stored = byArrayName[name]!
  if (declared === undefined || declared === stored || declared === 'uint8_clamped') return stored
  if (name === 'Uint16Array' && (declared === 'float16' || declared === 'bfloat16')) return declared
  throw refusal(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: declared },
    `the data is a ${name}, which holds ${stored}${name === 'Uint16Array' ? ', float16 or bfloat16' : ''}`,
    isDType(declared)
      ? `Pass a ${dtypes[declared].storage.name}, or leave dtype out.`
      : `Use one of ${dtypeNames.map(show).join(', ')}, or leave dtype out.`,
  )
}
