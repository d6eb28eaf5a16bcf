/**
 * @file ONNX's codes for element types, and the field of a TensorProto that holds elements outside raw_data.
 */
import type { DType } from '../../../tensor/dtype.ts'
import { TensorProto_DataType as Type } from '../proto/generated/onnx_pb.ts'

/** The repeated fields of a TensorProto that hold numbers. */
export type DataField = 'floatData' | 'int32Data' | 'int64Data' | 'doubleData' | 'uint64Data'

export interface ElementType {
  readonly dtype: DType
  readonly field: DataField
}

const elementTypes: Readonly<Record<number, ElementType>> = {
  [Type.FLOAT]: { dtype: 'float32', field: 'floatData' },
  [Type.UINT8]: { dtype: 'uint8', field: 'int32Data' },
  [Type.INT8]: { dtype: 'int8', field: 'int32Data' },
  [Type.UINT16]: { dtype: 'uint16', field: 'int32Data' },
  [Type.INT16]: { dtype: 'int16', field: 'int32Data' },
  [Type.INT32]: { dtype: 'int32', field: 'int32Data' },
  [Type.INT64]: { dtype: 'int64', field: 'int64Data' },
  [Type.FLOAT16]: { dtype: 'float16', field: 'int32Data' },
  [Type.DOUBLE]: { dtype: 'float64', field: 'doubleData' },
  [Type.UINT32]: { dtype: 'uint32', field: 'uint64Data' },
  [Type.UINT64]: { dtype: 'uint64', field: 'uint64Data' },
  [Type.BFLOAT16]: { dtype: 'bfloat16', field: 'int32Data' },
}

/** Undefined for a type that this library does not support. */
export function elementType(type: number): ElementType | undefined {
  return elementTypes[type]
}

/** The type's name in onnx.proto, or its code. */
export function elementTypeName(type: number): string {
  return Type[type] ?? String(type)
}

/** This library's name of the type, else ONNX's; null if the model does not declare the type. */
export function dtypeOf(type: number): string | null {
  return elementType(type)?.dtype ?? (type === Type.UNDEFINED ? null : elementTypeName(type))
}
