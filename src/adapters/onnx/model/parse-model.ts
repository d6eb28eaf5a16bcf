/**
 * @file An ONNX model as plain data: what its graph takes and gives, and its nodes. Weights stay unread until they are asked for.
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

/** A dimension: its size, its name, or null where the model says neither. */
export type Dimension = number | string | null

/** An input, output or intermediate of a graph, as far as the model describes it. */
export interface ValueInfo {
  readonly name: string
  /** This library's name of the element type, ONNX's where this library has none; null if unsaid or no tensor. */
  readonly dtype: string | null
  readonly shape: readonly Dimension[] | null
}

/** A parsed model; pass it to `runModel` or `listPoolings`. */
export interface OnnxModel {
  /** The file's name, which begins messages. */
  readonly file: string
  /** The version of ONNX's own operators that the model imports. */
  readonly opset: number
  /** What a caller passes: the graph's inputs without those that have an initializer. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
}

/** The protobuf behind a parsed model, which is nobody else's business. */
const protos = new WeakMap<
  OnnxModel,
  { readonly graph: GraphProto; readonly functions: readonly FunctionProto[] }
>()

/**
 * A model from its bytes. No other file is opened; weights are not looked at.
 *
 * @param bytes  the .onnx file
 * @param file   its name, for messages
 * @throws PoolError "BAD_FORMAT" for anything that is no ONNX model, "LIMIT" past 2 GiB
 */
export function parseModel(bytes: Uint8Array, file = 'model'): OnnxModel {
  const proto = decode(file, ModelProtoSchema, bytes)
  const { graph } = proto
  if (graph === undefined || graph.output.length === 0) {
    throw new PoolError(
      'BAD_FORMAT',
      `${file}: graph = ${graph === undefined ? 'undefined' : 'without outputs'}; an ONNX model has a graph with outputs. Pass a .onnx file.`,
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

/** @throws PoolError "BAD_PARAM" for a model that `parseModel` did not give */
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

function dimension(value: { case?: string; value?: bigint | string }): Dimension {
  if (value.case === 'dimParam' && value.value !== '') return value.value as string
  return value.case === 'dimValue' && (value.value as bigint) >= 0n ? Number(value.value) : null
}

/** `model.onnx: node 3 "pool1" (MaxPool)`: what messages about a node begin with. */
export function nodeLabel(file: string, node: NodeProto, index: number): string {
  return `${file}: ${nodePlace(node, index)}`
}

/** `node 3 "pool1" (MaxPool)`. */
export function nodePlace({ name, opType }: NodeProto, index: number): string {
  return `node ${index}${name === '' ? '' : ` "${printable(name)}"`} (${printable(opType)})`
}

/** Names come from the file: a terminal shall not obey them, nor a line be filled by one. */
export function printable(text: string): string {
  const start = JSON.stringify(text.slice(0, longestName)).slice(1, -1)
  return text.length > longestName ? `${start}…` : start
}

const longestName = 80
