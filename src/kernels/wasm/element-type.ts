/**
 * @file The element types of kernels, and the one in which each dtype is computed.
 */
import { type DType, integerRange } from '../../tensor/dtype.ts'
import type { ArrayClass } from './wasm-instance.ts'

export interface ElementType {
  /** The suffix in kernel names such as `foldMaxF32`. */
  readonly name: 'F32' | 'F64' | 'I8' | 'I16' | 'I32' | 'I64'
  readonly bytes: number
  readonly array: ArrayClass
  readonly float: boolean
}

function kind(name: ElementType['name'], array: ArrayClass): ElementType {
  return { name, bytes: array.BYTES_PER_ELEMENT, array, float: name[0] === 'F' }
}

export const f32 = kind('F32', Float32Array)
export const f64 = kind('F64', Float64Array)
const i8 = kind('I8', Int8Array)
export const i16 = kind('I16', Int16Array)
export const i32 = kind('I32', Int32Array)
export const u8 = kind('I8', Uint8Array)
export const u16 = kind('I16', Uint16Array)
const u32 = kind('I32', Uint32Array)
/** Their elements are bigints, which only `set` and `fill` see. */
const i64 = kind('I64', BigInt64Array as unknown as ArrayClass)
const u64 = kind('I64', BigUint64Array as unknown as ArrayClass)

/** Elements per vector. */
export function lanesOf({ bytes }: ElementType): number {
  return 16 / bytes
}

/** For most jobs a dtype is computed in its own elements. */
export const computeType: Partial<Record<DType, ElementType>> = {
  float32: f32,
  float64: f64,
  int8: i8,
  uint8: u8,
  int16: i16,
  uint16: u16,
  int32: i32,
  uint32: u32,
  int64: i64,
  uint64: u64,
}

/** With indices, which have 32 bits, small integers are computed as int32. */
export const argComputeType: Partial<Record<DType, ElementType>> = {
  ...computeType,
  int8: i32,
  uint8: i32,
  int16: i32,
  uint16: i32,
}

/** The suffix of kernels that compare, such as `MinF32` or `MaxI8`. Integers use the kernels of signed max. */
export function comparedName({ name, float }: ElementType, reducer: 'max' | 'min'): string {
  return (float && reducer === 'min' ? 'Min' : 'Max') + name
}

/**
 * The mask whose exclusive or turns min and unsigned integers into max of signed ones, and the element that never wins,
 * as stored in memory. Of 64-bit integers the mask is the upper half; its last bit fills the lower one.
 */
export function orderOf(
  dtype: DType,
  by: ElementType,
  reducer: 'max' | 'min',
): { readonly orderMask: number; readonly padValue: number | bigint } {
  const isMin = reducer === 'min'
  if (by.float) return { orderMask: 0, padValue: isMin ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY }
  const sign = 2 ** (Math.min(by.bytes, 4) * 8 - 1)
  const signs = dtype.startsWith('u') && computeType[dtype] === by ? sign : 0
  const orderMask = (isMin ? ~signs : signs) | 0
  if (by.bytes < 8) return { orderMask, padValue: -sign ^ orderMask }
  const [least, most] = integerRange(dtype)
  return { orderMask, padValue: isMin ? most : least }
}
