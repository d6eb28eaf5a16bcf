/**
 * @file Element types: names, storage, and the dtype of each typed array.
 */
import { formatValue, invalid } from '../errors.ts'

/** The classes of arrays that hold elements. */
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
  | HalfArray

/** A Float16Array, native or polyfilled, described in terms that older compilers know. */
export interface HalfArray {
  readonly [Symbol.toStringTag]: 'Float16Array'
  readonly BYTES_PER_ELEMENT: number
  readonly buffer: ArrayBufferLike
  readonly byteLength: number
  readonly byteOffset: number
  readonly length: number
  [index: number]: number
  [Symbol.iterator](): IterableIterator<number>
  at(index: number): number | undefined
  every(test: (value: number, index: number) => unknown): boolean
  fill(value: number, start?: number, end?: number): HalfArray
  set(array: ArrayLike<number>, offset?: number): void
  slice(start?: number, end?: number): HalfArray
  subarray(begin?: number, end?: number): HalfArray
}

/** The array that holds each dtype; float16 and bfloat16 are held as their bits. */
interface Storages {
  readonly float32: Float32Array
  readonly float64: Float64Array
  readonly float16: Uint16Array
  readonly bfloat16: Uint16Array
  readonly int8: Int8Array
  readonly uint8: Uint8Array
  readonly int16: Int16Array
  readonly uint16: Uint16Array
  readonly int32: Int32Array
  readonly uint32: Uint32Array
  readonly int64: BigInt64Array
  readonly uint64: BigUint64Array
}

/**
 * The type of a tensor's elements. Those of float16 and bfloat16 are bit patterns in a Uint16Array; float16 may also come in a
 * Float16Array.
 */
export type DType = keyof Storages

/** The array that holds a dtype. */
export type ArrayOf<D extends DType> = Storages[D]

/** The dtypes that an array may hold: a Uint16Array three, every other class one. */
export type DTypeOf<A extends TypedArray> = A extends HalfArray
  ? 'float16'
  : A extends Uint8ClampedArray
    ? 'uint8'
    : { [D in DType]: A extends Storages[D] ? D : never }[DType]

/** A dtype as data may declare it. Truth values are bytes of 0 and 1. */
export type DeclaredDType = DType | 'bool'

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

/** The class name of any typed array, also of another realm or with own properties. */
const tagOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get!

/** The name of a typed array's class, also for arrays of another realm and for a polyfilled Float16Array; otherwise undefined. */
export function arrayName(data: unknown): string | undefined {
  const name = tagOf.call(data) as string | undefined
  if (name !== undefined) return name in byArrayName ? name : undefined
  return isPolyfilled(data) ? 'Float16Array' : undefined
}

/** A polyfilled Float16Array is a proxy that looks like one, over a buffer that holds its elements. */
function isPolyfilled(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  const { [Symbol.toStringTag]: name, buffer, byteOffset, length } = data as Partial<TypedArray>
  if ((name as string) !== 'Float16Array') return false
  try {
    return new DataView(buffer as ArrayBuffer, byteOffset, 2 * length!).byteLength === 2 * length!
  } catch {
    return false
  }
}

/** The refusal of a dtype that is not one of the twelve. */
export function badDType(op: string, argument: string, value: unknown): Error {
  return invalid(
    'BAD_DTYPE',
    { op, argument, value },
    `must be one of ${dtypeNames.join(', ')}`,
    'Use one of those names.',
  )
}

/** True if a value is one of the twelve names. */
export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(dtypes, value)
}

/**
 * The dtype of `data`, where `declared` may say that a Uint16Array holds float16 or bfloat16.
 *
 * @throws PoolError "BAD_DTYPE" if `data` is not a supported typed array, or `declared` does not fit it
 */
export function dtypeOf(op: string, argument: string, data: unknown, declared?: unknown): DType {
  const name = arrayName(data)
  if (name === undefined) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: `${argument}.data`, value: data },
      'must be a typed array',
      'Pass a typed array such as Float32Array, or build one with tensor(...).',
    )
  }
  const stored = byArrayName[name]!
  if (declared === undefined || declared === stored || declared === 'uint8_clamped') return stored
  if (declared === 'bool' && stored === 'uint8') return stored
  if (name === 'Uint16Array' && (declared === 'float16' || declared === 'bfloat16')) return declared
  throw invalid(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: declared },
    `the data is a ${name}, which holds ${stored}${name === 'Uint16Array' ? ', float16 or bfloat16' : ''}`,
    isDType(declared)
      ? `Pass a ${dtypes[declared].storage.name}, or leave dtype out.`
      : `Use one of ${dtypeNames.map(formatValue).join(', ')}, or leave dtype out.`,
  )
}
