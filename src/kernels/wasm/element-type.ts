/**
 * @file The elements that kernels compute with, and which of them stands in for a dtype.
 */
import type { DType } from '../../tensor/dtype.ts'
import type { ArrayClass } from './wasm-instance.ts'

export interface ElementType {
  /** As kernels are named: `foldMaxF32`. */
  readonly name: 'F32' | 'F64' | 'I8' | 'I16' | 'I32'
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
const i16 = kind('I16', Int16Array)
export const i32 = kind('I32', Int32Array)
const u8 = kind('I8', Uint8Array)
const u16 = kind('I16', Uint16Array)
const u32 = kind('I32', Uint32Array)

/** Elements of a vector. */
export function lanesOf({ bytes }: ElementType): number {
  return 16 / bytes
}

/** Every dtype that these kernels take, as itself. */
export const computeType: Partial<Record<DType, ElementType>> = {
  float32: f32,
  float64: f64,
  int8: i8,
  uint8: u8,
  int16: i16,
  uint16: u16,
  int32: i32,
  uint32: u32,
}

/** With positions, which are 32 bits wide, small integers compete as int32. */
export const argComputeType: Partial<Record<DType, ElementType>> = {
  ...computeType,
  int8: i32,
  uint8: i32,
  int16: i32,
  uint16: i32,
}

/** `MinF32` or `MaxI8`, as kernels that compare are named: integers become maxima of signed ones. */
export function comparedName({ name, float }: ElementType, reducer: 'max' | 'min'): string {
  return (float && reducer === 'min' ? 'Min' : 'Max') + name
}

/**
 * What `min` and unsigned integers are exclusive-ored with to become maxima of signed ones, and the element that never wins, as it lies
 * in memory.
 */
export function orderOf(
  dtype: DType,
  by: ElementType,
  reducer: 'max' | 'min',
): { readonly orderMask: number; readonly padValue: number } {
  const isMin = reducer === 'min'
  if (by.float) return { orderMask: 0, padValue: isMin ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY }
  const sign = 2 ** (by.bytes * 8 - 1)
  const signs = dtype.startsWith('u') && computeType[dtype] === by ? sign : 0
  const orderMask = (isMin ? ~signs : signs) | 0
  return { orderMask, padValue: -sign ^ orderMask }
}
