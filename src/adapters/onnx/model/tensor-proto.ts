/**
 * @file Converts ONNX's TensorProto to a tensor. Data in other files is never read.
 */
import { invalid } from '../../../errors.ts'
import { dtypes, type TypedArray } from '../../../tensor/dtype.ts'
import { formatShape, sizeOf } from '../../../tensor/shape.ts'
import { Tensor } from '../../../tensor/tensor.ts'
import { hostIsLittleEndian, reverseEach } from '../../npy/byte-order.ts'
import {
  TensorProto_DataLocation as Location,
  type TensorProto,
  TensorProtoSchema,
} from '../proto/generated/onnx_pb.ts'
import { decode } from './decode.ts'
import { type DataField, type ElementType, elementType, elementTypeName } from './element-types.ts'

type Storage = {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, start: number, length: number): TypedArray
  new (length: number): TypedArray
}

/**
 * The tensor in a serialized TensorProto, such as the input_0.pb of ONNX's tests.
 *
 * @param bytes  the whole file; the tensor shares its memory where alignment and byte order allow
 * @param name   the file's name, for messages
 * @throws PoolError "BAD_FORMAT" unless the bytes are a TensorProto with its data inside and a supported element type
 */
export function parseTensor(bytes: Uint8Array, name = 'parseTensor'): Tensor {
  return readTensor(name, decode(name, TensorProtoSchema, bytes))
}

/** @throws PoolError "BAD_FORMAT" as `parseTensor`; checks sizes before it allocates memory */
export function readTensor(label: string, proto: TensorProto): Tensor {
  assertInside(label, proto)
  const type = elementType(proto.dataType)
  if (type === undefined) {
    throw invalid(
      'BAD_FORMAT',
      { op: label, argument: 'data_type', value: elementTypeName(proto.dataType) },
      'must be an element type that this library supports',
      'Convert the tensor to float32.',
    )
  }
  const shape = readDims(label, proto.dims)
  const data =
    proto.rawData.length > 0 ? fromRaw(label, proto, type, shape) : fromField(label, proto, type, shape)
  return new Tensor(data, shape, type.dtype)
}

function assertInside(label: string, proto: TensorProto): void {
  const place = proto.externalData.find(({ key }) => key === 'location')
  if (proto.dataLocation === Location.EXTERNAL || proto.externalData.length > 0) {
    throw invalid(
      'BAD_FORMAT',
      { op: label, argument: 'external_data location', value: place?.value ?? '' },
      'data in other files is never read',
      'Save the model with its data inside.',
    )
  }
  if (proto.segment !== undefined) {
    throw invalid(
      'BAD_FORMAT',
      { op: label, argument: 'segment', value: [proto.segment.begin, proto.segment.end] },
      'tensors in segments are not read',
      'Save the tensor in one piece.',
    )
  }
}

function readDims(label: string, dims: readonly bigint[]): readonly number[] {
  dims.forEach((dim, axis) => {
    if (dim >= 0n && dim <= BigInt(Number.MAX_SAFE_INTEGER)) return
    throw invalid(
      'BAD_FORMAT',
      { op: label, argument: `dims[${axis}]`, value: dim },
      'must be from 0 to 2^53 - 1',
      'Pass a whole file.',
    )
  })
  return Object.freeze(dims.map(Number))
}

function fromRaw(
  label: string,
  { rawData }: TensorProto,
  { dtype }: ElementType,
  shape: readonly number[],
): TypedArray {
  const Storage = dtypes[dtype].storage as unknown as Storage
  const itemSize = Storage.BYTES_PER_ELEMENT
  assertCount(label, 'raw_data', rawData.length, sizeOf(shape) * itemSize, shape)
  if (hostIsLittleEndian && rawData.byteOffset % itemSize === 0)
    return new Storage(rawData.buffer, rawData.byteOffset, rawData.length / itemSize)
  const copy = Uint8Array.from(rawData)
  if (!hostIsLittleEndian) reverseEach(copy, itemSize)
  return new Storage(copy.buffer, 0, copy.length / itemSize)
}

const fieldNames: Readonly<Record<DataField, string>> = {
  floatData: 'float_data',
  int32Data: 'int32_data',
  int64Data: 'int64_data',
  doubleData: 'double_data',
  uint64Data: 'uint64_data',
}

function fromField(
  label: string,
  proto: TensorProto,
  { dtype, field }: ElementType,
  shape: readonly number[],
): TypedArray {
  const values = proto[field] as readonly (number | bigint)[]
  assertCount(label, fieldNames[field], values.length, sizeOf(shape), shape)
  const data = new dtypes[dtype].storage(values.length)
  const isBig = dtype === 'int64' || dtype === 'uint64'
  values.forEach((value, i) => {
    data[i] = isBig ? value : Number(value)
    if (field === 'floatData' || field === 'doubleData' || data[i] === (isBig ? value : Number(value))) return
    throw invalid(
      'BAD_FORMAT',
      { op: label, argument: `${fieldNames[field]}[${i}]`, value },
      `does not fit ${dtype}`,
      'Pass a file that ONNX wrote.',
    )
  })
  return data
}

function assertCount(
  label: string,
  field: string,
  count: number,
  wanted: number,
  shape: readonly number[],
): void {
  if (count === wanted) return
  throw invalid(
    'BAD_FORMAT',
    { op: label, argument: `${field} length`, value: count },
    `must be ${wanted} for shape ${formatShape(shape)}`,
    'Pass a whole file.',
  )
}
