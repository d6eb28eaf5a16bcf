/**
 * @file The pooling nodes of any model: shapes, cost, and what other runtimes get wrong about them. Reads no weights, runs nothing.
 */
import { isPoolError } from '../../../errors.ts'
import { readOptions } from '../../../tensor/read-options.ts'
import type { AttributeValues } from '../attributes.ts'
import { type NodeCall, readNode } from '../call.ts'
import { type Choices, choiceNames, readChoices } from '../choices.ts'
import { latestOpset } from '../operators.ts'
import type { GraphProto, NodeProto } from '../proto/generated/onnx_pb.ts'
import { isPoolingOperator, schemaAt } from '../schema.ts'
import { caveatsOf } from './caveats.ts'
import { elementType } from './element-types.ts'
import { nodeAttributes } from './node-attributes.ts'
import { graphOf, nodeLabel, type OnnxModel, valueInfo } from './parse-model.ts'
import { type Cost, costOf, type Dimensions, pooledShape } from './pooled-shape.ts'
import { shapeAfter, typeAfter } from './shape-rules.ts'

/** One pooling node of a model. */
export interface PoolingNode {
  /** The node's own name, or the name of its first output. */
  readonly name: string
  readonly opType: string
  /** The version of the operator that the model's opset means. */
  readonly since: number
  /** Those that the model gives. */
  readonly attributes: AttributeValues
  readonly dtype: string | null
  /** Numbers, names, or null for what is not known; null where nothing is. */
  readonly inputShape: Dimensions | null
  readonly outputShape: Dimensions | null
  readonly cost: Cost | null
  /** What other runtimes get wrong, or lack. */
  readonly caveats: readonly string[]
  /** Why this library would refuse the node; otherwise null. */
  readonly refusal: string | null
}

interface Known {
  readonly dtype: string | null
  readonly shape: Dimensions | null
}

interface Listing {
  readonly file: string
  readonly opset: number
  readonly choices: Choices
  readonly known: ReadonlyMap<string, Known>
}

/**
 * The pooling nodes of a model in the graph's order, those in the branches and loops of other nodes included.
 *
 * @param model    from `parseModel`; any operators, weights in other files too, since none is read
 * @param given    what to do where specification and runtimes disagree
 */
export function listPoolings(model: OnnxModel, given: Choices = {}): readonly PoolingNode[] {
  const choices = readOptions(model.file, given, choiceNames)
  readChoices(model.file, choices)
  const opset = Math.min(model.opset, latestOpset)
  return listGraph(graphOf(model), { file: model.file, opset, choices, known: new Map() })
}

function listGraph(graph: GraphProto, listing: Listing): readonly PoolingNode[] {
  const known = new Map(listing.known)
  for (const { name, dims, dataType } of graph.initializer)
    known.set(name, { dtype: elementType(dataType)?.dtype ?? null, shape: dims.map(Number) })
  for (const info of [...graph.input, ...graph.output, ...graph.valueInfo].map(valueInfo)) {
    if (!known.has(info.name)) known.set(info.name, info)
  }
  return graph.node.flatMap((node, index) => {
    const inner = node.attribute.flatMap(({ g, graphs }) => [...(g === undefined ? [] : [g]), ...graphs])
    const nested = inner.flatMap((body) => listGraph(body, { ...listing, known }))
    if (!isPoolingOperator(node.opType, node.domain)) {
      const types = node.input.map((name) => known.get(name)?.dtype ?? null)
      learn(known, node.output[0], shapeAfter(node, node.input.map(shapeOf(known))), typeAfter(node, types))
      return nested
    }
    const row = describe(nodeLabel(listing.file, node, index), node, { ...listing, known })
    learn(known, node.output[0], row.outputShape, row.dtype)
    return [...nested, row]
  })
}

function shapeOf(known: ReadonlyMap<string, Known>): (name: string) => Dimensions | null {
  return (name) => known.get(name)?.shape ?? null
}

/** What a rule found, where the model itself says less. */
function learn(
  known: Map<string, Known>,
  name: string | undefined,
  shape: Dimensions | null,
  dtype: string | null,
): void {
  if (!name) return
  const said = known.get(name)
  const merged = said?.shape?.map((dim, axis) => dim ?? shape?.[axis] ?? null) ?? shape
  known.set(name, { dtype: said?.dtype ?? dtype, shape: merged })
}

function describe(label: string, node: NodeProto, { opset, choices, known }: Listing): PoolingNode {
  const { opType } = node
  const { dtype = null, shape: inputShape = null } = known.get(node.input[0] ?? '') ?? {}
  const said = shapeOf(known)(node.output[0] ?? '')
  const row = { name: node.name || (node.output[0] ?? ''), opType, dtype, inputShape }
  const nothing = { attributes: {}, outputShape: said, cost: null, caveats: [] }
  let since = 0
  try {
    const schema = schemaAt(label, opType, opset)
    since = schema.since
    const attributes = nodeAttributes(label, schema, node)
    const call = readNode({ label, opType, opset, attributes, choices })
    return { ...row, ...examine(call, node, row, known), since, refusal: null }
  } catch (error) {
    if (!isPoolError(error)) throw error
    return { ...row, ...nothing, since, refusal: error.message }
  }
}

function examine(
  call: NodeCall,
  node: NodeProto,
  { dtype, inputShape }: Pick<PoolingNode, 'dtype' | 'inputShape'>,
  known: ReadonlyMap<string, Known>,
) {
  const { schema, values } = call
  const outputs = node.output.filter((name) => name !== '').length
  const hasOutputShape = schema.name === 'MaxUnpool' && (node.input[2] ?? '') !== ''
  const said = shapeOf(known)(node.output[0] ?? '')
  const found = hasOutputShape ? null : pooledShape(call, inputShape, shapeOf(known)(node.input[1] ?? ''))
  return {
    attributes: Object.fromEntries(node.attribute.map(({ name }) => [name, values[name]])),
    outputShape: found?.map((dim, axis) => dim ?? said?.[axis] ?? null) ?? said,
    cost: hasOutputShape ? null : costOf(call, inputShape, dtype, outputs),
    caveats: caveatsOf({
      opType: schema.name,
      since: schema.since,
      values,
      dtype,
      spatialAxes: inputShape === null ? spatialAxes(values) : inputShape.length - 2,
      batch: inputShape?.[0] ?? null,
      hasIndices: schema.name === 'MaxPool' && outputs > 1,
      hasOutputShape,
    }),
  }
}

function spatialAxes({ kernel_shape: window }: AttributeValues): number | null {
  return Array.isArray(window) ? window.length : null
}
