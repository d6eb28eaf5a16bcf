/**
 * @file An ONNX model as plain data: inputs, outputs and nodes of its graph. Weights are read only when needed.
 */
import { invalid, PoolError } from '../../../errors.ts'
import {
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from '../proto/generated/onnx_pb.ts'
import { decode } from './decode.ts'
import { dtypeOf } from './element-types.ts'

/** A dimension: its size, its name, or null if the model gives neither. */
export type Dimension = number | string | null

/** An input, output or intermediate of a graph, as the model declares it. */
export interface ValueInfo {
  readonly name: string
  /** This library's name of the element type, else ONNX's; null if not declared, or not a tensor. */
  readonly dtype: string | null
  readonly shape: readonly Dimension[] | null
}

/** A parsed model; pass it to `runModel` or `listPoolings`. */
export interface OnnxModel {
  /** The file's name; messages begin with it. */
  readonly file: string
  /** The opset of ONNX's own domain that the model imports. */
  readonly opset: number
  /** The inputs that a caller passes: those of the graph without an initializer. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}

/** The protobuf message of each parsed model, kept out of the public object. */
const protos = new WeakMap<
  OnnxModel,
  { readonly graph: GraphProto; readonly functions: readonly FunctionProto[] }
>()

/**
 * Parses the bytes of a model. Opens no other file and does not read weights.
 *
 * @param bytes  the .onnx file
 * @param file   its name, for messages
 * @throws PoolError "BAD_FORMAT" unless the bytes are an ONNX model, "LIMIT" for 2 GiB or more
 */
export function parseModel(bytes: Uint8Array, file = 'model'): OnnxModel {
  const proto = decode(file, ModelProtoSchema, bytes)
  const { graph } = proto
  if (graph === undefined || graph.output.length === 0) {
    throw new PoolError(
      'BAD_FORMAT',
      `${file}: graph = ${graph === undefined ? 'undefined' : 'without outputs'}; must be a graph with outputs. Pass a .onnx file.`,
      { op: file, argument: 'graph', value: undefined },
    )
  }
  const initialized = new Set(graph.initializer.map(({ name }) => name))
  const model = Object.freeze({
    file,
    opset: opsetOf(file, proto),
    inputs: graph.input.filter(({ name }) => !initialized.has(name)).map(valueInfo),
    outputs: graph.output.map(valueInfo),
  })
  protos.set(model, { graph, functions: proto.functions })
  return model
}

/** @throws PoolError "BAD_PARAM" for a model that does not come from `parseModel` */
export function graphOf(model: OnnxModel): GraphProto {
  return protoOf(model).graph
}

/** @throws PoolError "BAD_PARAM" as `graphOf` */
export function functionsOf(model: OnnxModel): readonly FunctionProto[] {
  return protoOf(model).functions
}

function protoOf(model: OnnxModel) {
  const proto = protos.get(model)
  if (proto !== undefined) return proto
  throw invalid(
    'BAD_PARAM',
    { op: 'onnx', argument: 'model', value: model },
    'must come from parseModel',
    'Pass parseModel(bytes).',
  )
}

function opsetOf(file: string, { opsetImport, irVersion }: ModelProto): number {
  const own = opsetImport.filter(({ domain }) => domain === '' || domain === 'ai.onnx')
  if (own.length === 1) return Number(own[0]!.version)
  if (opsetImport.length === 0 && irVersion < 3n) return 1
  throw invalid(
    'BAD_FORMAT',
    { op: file, argument: 'opset_import', value: own.map(({ version }) => version) },
    "must name one version of ONNX's own operators",
    'Pass a model that imports them once.',
  )
}

export function valueInfo({ name, type }: ValueInfoProto): ValueInfo {
  if (type?.value.case !== 'tensorType') return { name, dtype: null, shape: null }
  const { elemType, shape } = type.value.value
  return { name, dtype: dtypeOf(elemType), shape: shape?.dim.map(({ value }) => dimension(value)) ?? null }
}

function dimension(value: { case?: string | undefined; value?: bigint | string | undefined }): Dimension {
  if (value.case === 'dimParam' && value.value !== '') return value.value as string
  return value.case === 'dimValue' && (value.value as bigint) >= 0n ? Number(value.value) : null
}

/** The start of messages about a node: `model.onnx: node 3 "pool1" (MaxPool)`. */
export function nodeLabel(file: string, node: NodeProto, index: number): string {
  return `${file}: ${nodePlace(node, index)}`
}

/** `node 3 "pool1" (MaxPool)`. */
export function nodePlace({ name, opType }: NodeProto, index: number): string {
  return `node ${index}${name === '' ? '' : ` "${printable(name)}"`} (${printable(opType)})`
}

/** Escapes control characters in a name from the file, and shortens it, for safe printing to a terminal. */
export function printable(text: string): string {
  const start = JSON.stringify(text.slice(0, longestName)).slice(1, -1)
  return text.length > longestName ? `${start}…` : start
}

const longestName = 80
