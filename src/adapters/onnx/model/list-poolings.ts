/**
 * @file Lists the pooling nodes of any model: shapes, cost and caveats about other runtimes. Does not read weights or run nodes.
 */
import { isPoolError } from '../../../errors.ts'
import { readOptions } from '../../../tensor/read-options.ts'
import type { AttributeValues } from '../attributes.ts'
import { type NodeCall, readNode } from '../call.ts'
import { type Choices, choiceNames, readChoices } from '../choices.ts'
import { latestOpset } from '../operators.ts'
import { isRuntimeOperator } from '../runtime-operators.ts'
import { isPoolingOperator, schemaAt } from '../schema.ts'
import { caveatsOf } from './caveats.ts'
import { type Fact, factOf, isComplete, merged, unknown } from './inference/fact.ts'
import { fullName } from './inference/rules.ts'
import { stopOf } from './inference/stop.ts'
import { type Visit, walk } from './inference/walk.ts'
import { nodeAttributes } from './node-attributes.ts'
import { functionsOf, graphOf, type OnnxModel } from './parse-model.ts'
import { type Cost, costOf, type Dimensions, pooledShape } from './pooled-shape.ts'
import { asOnnx, channelsFirst, channelsLast, isRuntimePooling, runtimeOnly } from './runtime-poolings.ts'

/** One pooling node of a model. */
export interface PoolingNode {
  /** The node's name, else the name of its first output; in a model-local function, preceded by the names of the calls. */
  readonly name: string
  /** With its domain, unless that is ONNX's. */
  readonly opType: string
  /** The version of the operator that the model's opset selects. */
  readonly since: number
  /** The attributes that the model gives. */
  readonly attributes: AttributeValues
  readonly dtype: string | null
  /** Sizes as numbers or names, null for an unknown size; null if the whole shape is unknown. */
  readonly inputShape: Dimensions | null
  readonly outputShape: Dimensions | null
  /** The node or input that leaves a shape unknown; null if both shapes are known. */
  readonly unknown: string | null
  readonly cost: Cost | null
  /** Known errors and gaps of other runtimes. */
  readonly caveats: readonly string[]
  /** The reason why this library would refuse the node; else null. */
  readonly refusal: string | null
}

/**
 * The pooling nodes of a model in the graph's order, including those in branches, loops and called model-local functions.
 *
 * @param model    from `parseModel`; any operators; weights may be in other files, since they are not read
 * @param given    choices for cases where the specification and runtimes disagree
 * @throws PoolError "LIMIT" for a model whose functions call each other too often
 */
export function listPoolings(model: OnnxModel, given: Choices = {}): readonly PoolingNode[] {
  const choices = readOptions(model.file, given, choiceNames)
  readChoices(model.file, choices)
  const rows: PoolingNode[] = []
  walk({
    file: model.file,
    graph: graphOf(model),
    functions: functionsOf(model),
    opset: model.opset,
    looksAt: (node) => isPoolingOperator(node.opType, node.domain) || isRuntimePooling(node),
    look(visit) {
      const row = describe(model.file, visit, choices)
      rows.push(row)
      const fact = factOf(row.dtype, row.outputShape)
      return [fact, { ...fact, dtype: 'int64' }]
    },
  })
  return rows
}

function describe(file: string, visit: Visit, choices: Choices): PoolingNode {
  const { node, path, declared } = visit
  const label = `${file}: ${visit.place}`
  const isForeign = isRuntimePooling(node)
  const { node: own, hasChannelsLast } = isForeign ? asOnnx(node) : { node, hasChannelsLast: false }
  const opset = isForeign ? latestOpset : Math.min(visit.opset, latestOpset)
  const input = visit.inputs[0] ?? unknown
  const row = {
    name: path + (node.name || (node.output[0] ?? '')),
    opType: fullName(node),
    dtype: input.dtype,
    inputShape: input.shape,
  }
  let since = 0
  try {
    const schema = schemaAt(label, own.opType, opset)
    since = isForeign ? 1 : schema.since
    const attributes = nodeAttributes(label, schema, own)
    const call = readNode({ label, opType: own.opType, opset, attributes, choices })
    const found = examine(call, visit, hasChannelsLast)
    const output = merged(declared, found.output)
    const refusal =
      isForeign && !isRuntimeOperator(node.opType, node.domain) ? runtimeOnly(label, node) : null
    return {
      ...row,
      since,
      attributes: Object.fromEntries(
        node.attribute.map(({ name, i }) => [name, call.values[name] ?? Number(i)]),
      ),
      outputShape: output.shape,
      unknown: reasonOf(visit, input, output),
      cost: found.cost,
      caveats: isForeign ? [] : found.caveats,
      refusal,
    }
  } catch (error) {
    if (!isPoolError(error)) throw error
    const nothing = { attributes: {}, outputShape: declared?.shape ?? null, cost: null, caveats: [] }
    return { ...row, ...nothing, since, unknown: reasonOf(visit, input, null), refusal: error.message }
  }
}

function examine(call: NodeCall, { node, inputs }: Visit, hasChannelsLast: boolean) {
  const { schema, values } = call
  const { dtype, shape } = inputs[0] ?? unknown
  const x = hasChannelsLast ? channelsFirst(shape) : shape
  const outputs = node.output.filter((name) => name !== '').length
  const hasOutputShape = schema.name === 'MaxUnpool' && inputs[2] !== undefined
  const found = hasOutputShape ? inputs[2]!.elements : pooledShape(call, x, inputs[1]?.shape ?? null)
  return {
    output: factOf(dtype, hasChannelsLast ? channelsLast(found) : found),
    cost: hasOutputShape ? null : costOf(call, x, dtype, outputs),
    caveats: caveatsOf({
      opType: schema.name,
      since: schema.since,
      values,
      dtype,
      spatialAxes: x === null ? spatialAxes(values) : x.length - 2,
      batch: x?.[0] ?? null,
      hasIndices: schema.name === 'MaxPool' && outputs > 1,
      hasOutputShape,
    }),
  }
}

/** Reports an unknown input before a reason in the node itself. */
function reasonOf({ place, inputs }: Visit, input: Fact, output: Fact | null): string | null {
  const isKnown = isComplete(input) && (output === null || isComplete(output))
  return isKnown
    ? null
    : (stopOf(isComplete(input) ? (output ?? input) : input, inputs, () => place)?.() ?? null)
}

function spatialAxes({ kernel_shape: window }: AttributeValues): number | null {
  return Array.isArray(window) ? window.length : null
}
