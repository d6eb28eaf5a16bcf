/**
 * @file Builds ONNX models in memory, by ONNX's own schema, for tests that need one.
 */
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  TensorProto_DataType as DataType,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from '../../src/adapters/onnx/proto/generated/onnx_pb.ts'
import type { DType } from '../../src/tensor/dtype.ts'
import { storageOf } from '../../src/tensor/storage.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'

/** A float among attributes, which a plain number would make an INT. */
export interface FloatAttribute {
  readonly float: number
}

export type ModelAttributes = Readonly<
  Record<string, number | bigint | string | readonly (number | bigint)[] | FloatAttribute | undefined>
>

export interface ModelNode {
  readonly opType: string
  readonly name?: string
  readonly domain?: string
  readonly attributes?: ModelAttributes | undefined
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

export interface ModelInfo {
  readonly name: string
  readonly dtype: DType
  readonly shape?: readonly (number | string)[]
}

export interface ModelRequest {
  readonly opset: number
  readonly nodes: readonly ModelNode[]
  readonly inputs: readonly ModelInfo[]
  readonly outputs: readonly ModelInfo[]
  readonly initializers?: Readonly<Record<string, Tensor>>
}

const dataTypes: Readonly<Record<DType, DataType>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  float16: DataType.FLOAT16,
  bfloat16: DataType.BFLOAT16,
  int8: DataType.INT8,
  uint8: DataType.UINT8,
  int16: DataType.INT16,
  uint16: DataType.UINT16,
  int32: DataType.INT32,
  uint32: DataType.UINT32,
  int64: DataType.INT64,
  uint64: DataType.UINT64,
}

/** A message, for tests that spoil one; `modelBytes` otherwise. */
export function modelProto({ opset, nodes, inputs, outputs, initializers = {} }: ModelRequest) {
  const domains = [...new Set(nodes.flatMap(({ domain }) => domain || []))]
  return create(ModelProtoSchema, {
    irVersion: 10n,
    opsetImport: [
      { domain: '', version: BigInt(opset) },
      ...domains.map((domain) => ({ domain, version: 1n })),
    ],
    graph: create(GraphProtoSchema, {
      name: 'test',
      node: nodes.map(nodeProto),
      input: inputs.map(infoProto),
      output: outputs.map(infoProto),
      initializer: Object.entries(initializers).map(([name, tensor]) => tensorProto(tensor, name)),
    }),
  })
}

export function modelBytes(request: ModelRequest): Uint8Array {
  return toBinary(ModelProtoSchema, modelProto(request))
}

function nodeProto({ opType, name = '', domain = '', attributes = {}, inputs, outputs }: ModelNode) {
  return create(NodeProtoSchema, {
    opType,
    name,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => create(AttributeProtoSchema, { name: key, ...attributeFields(value!) })),
  })
}

function attributeFields(value: NonNullable<ModelAttributes[string]>) {
  if (typeof value === 'string') return { type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if (Array.isArray(value)) return { type: AttributeType.INTS, ints: value.map(BigInt) }
  if (typeof value === 'object') return { type: AttributeType.FLOAT, f: (value as FloatAttribute).float }
  return { type: AttributeType.INT, i: BigInt(value) }
}

function infoProto({ name, dtype, shape }: ModelInfo) {
  const dim = shape?.map((size) => ({
    value:
      typeof size === 'string'
        ? { case: 'dimParam' as const, value: size }
        : { case: 'dimValue' as const, value: BigInt(size) },
  }))
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: { case: 'tensorType', value: { elemType: dataTypes[dtype], ...(dim && { shape: { dim } }) } },
    }),
  })
}

export function tensorProto({ data, shape, dtype }: Tensor, name = '') {
  const { buffer, byteOffset, byteLength } = storageOf(data)
  return create(TensorProtoSchema, {
    name,
    dataType: dataTypes[dtype],
    dims: shape.map(BigInt),
    rawData: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  })
}

export function tensorBytes(tensor: Tensor): Uint8Array {
  return toBinary(TensorProtoSchema, tensorProto(tensor))
}

/** Attributes as the functions of the adapter take them. */
export function plainAttributes(attributes: ModelAttributes) {
  const number = (value: ModelAttributes[string]) =>
    typeof value === 'object' && 'float' in value ? (value as FloatAttribute).float : value
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, number(value)]),
  ) as Record<string, number>
}
