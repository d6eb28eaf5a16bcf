/**
 * @file Runs a model that consists of pooling operators and operators that only change shapes.
 */
import { invalid } from '../../../errors.ts'
import { asTensor } from '../../../tensor/as-tensor.ts'
import { readOptions } from '../../../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../../../tensor/tensor.ts'
import { type Choices, choiceNames } from '../choices.ts'
import { operators } from '../operators.ts'
import type { GraphProto, NodeProto } from '../proto/generated/onnx_pb.ts'
import { runLabelled } from '../run-node.ts'
import { isRuntimeOperator, runtimeOperators } from '../runtime-operators.ts'
import { isPoolingOperator, schemaAt } from '../schema.ts'
import { nodeAttributes } from './node-attributes.ts'
import { graphOf, nodeLabel, type OnnxModel, printable, type ValueInfo } from './parse-model.ts'
import { isShapeOperator, runShapeOperator, shapeOperatorNames } from './shape-operators.ts'
import { readTensor } from './tensor-proto.ts'

/**
 * The outputs of a model by name, in the graph's order.
 *
 * @param model    from `parseModel`; its nodes are pooling operators, ONNX Runtime's quantised poolings, Constant, Identity, Squeeze and Unsqueeze only
 * @param inputs   in the order of `model.inputs`
 * @param given    choices for cases where the specification and runtimes disagree
 * @throws PoolError "UNAVAILABLE" for other operators, before anything runs; "BAD_SHAPE" or "BAD_DTYPE" for inputs that do not
 *   match the model's declaration; "BAD_FORMAT" for a malformed graph or data in other files; or as the operators themselves
 */
export function runModel(
  model: OnnxModel,
  inputs: readonly TensorLike[],
  given: Choices = {},
): ReadonlyMap<string, Tensor> {
  const choices = readOptions(model.file, given, choiceNames)
  const graph = graphOf(model)
  assertPoolingOnly(model.file, graph)
  const values = readInputs(model, inputs)
  for (const weights of graph.initializer)
    values.set(weights.name, readTensor(`${model.file}: initializer "${printable(weights.name)}"`, weights))
  graph.node.forEach((node, index) => {
    runInto(model, nodeLabel(model.file, node, index), node, values, choices)
  })
  return new Map(model.outputs.map(({ name }) => [name, lookUp(model.file, 'graph output', name, values)]))
}

function assertPoolingOnly(file: string, graph: GraphProto): void {
  graph.node.forEach((node, index) => {
    if (isPoolingOperator(node.opType, node.domain) || isRuntimeOperator(node.opType, node.domain)) return
    if (isShapeOperator(node)) return
    throw invalid(
      'UNAVAILABLE',
      { op: nodeLabel(file, node, index), argument: 'op_type', value: node.opType },
      `only models of ${[...Object.keys(operators), ...Object.keys(runtimeOperators), ...shapeOperatorNames].join(', ')} are run`,
      'Cut the pooling out of the model, or list its nodes.',
    )
  })
}

function readInputs(
  { file, inputs: declared }: OnnxModel,
  inputs: readonly TensorLike[],
): Map<string, Tensor> {
  if (inputs.length !== declared.length) {
    throw invalid(
      'BAD_PARAM',
      { op: file, argument: 'inputs.length', value: inputs.length },
      `must be ${declared.length}: the model takes ${declared.map(({ name }) => printable(name)).join(', ')}`,
      "Pass them in the graph's order.",
    )
  }
  const sizes = new Map<string, number>()
  return new Map(
    declared.map((info, i) => {
      const tensor = asTensor(file, printable(info.name), inputs[i]!)
      assertDeclared(file, info, tensor, sizes)
      return [info.name, tensor]
    }),
  )
}

/** Checks an input against its declaration. A named dimension must have the same size in all inputs. */
function assertDeclared(file: string, info: ValueInfo, tensor: Tensor, sizes: Map<string, number>): void {
  const { name, dtype, shape } = info
  if (dtype !== null && dtype !== tensor.dtype) {
    throw invalid(
      'BAD_DTYPE',
      { op: file, argument: `${printable(name)}.dtype`, value: tensor.dtype },
      `must be ${dtype}, as the model declares`,
      'Convert the input.',
    )
  }
  const fits =
    shape === null ||
    (shape.length === tensor.shape.length &&
      shape.every((dim, axis) => {
        const size = tensor.shape[axis]!
        if (typeof dim !== 'string') return dim === null || dim === size
        if (!sizes.has(dim)) sizes.set(dim, size)
        return sizes.get(dim) === size
      }))
  if (fits) return
  throw invalid(
    'BAD_SHAPE',
    { op: file, argument: `${printable(name)}.shape`, value: tensor.shape },
    `must be [${shape!.map((dim) => (typeof dim === 'string' ? printable(dim) : (dim ?? '?'))).join(', ')}], as the model declares`,
    'Pass an input of that shape.',
  )
}

function runInto(
  { opset }: OnnxModel,
  label: string,
  node: NodeProto,
  values: Map<string, Tensor>,
  choices: Choices,
): void {
  const inputs = node.input.map((name) => (name === '' ? undefined : lookUp(label, 'input', name, values)))
  const tensors = isShapeOperator(node)
    ? [runShapeOperator(label, node, inputs)]
    : runPooling(opset, label, node, inputs, choices)
  tensors.forEach((tensor, i) => {
    const name = node.output[i] ?? ''
    if (name === '') return
    if (values.has(name)) throw malformed(label, 'output', name, 'is already the name of another value')
    values.set(name, tensor)
  })
}

function runPooling(
  opset: number,
  label: string,
  node: NodeProto,
  inputs: readonly (Tensor | undefined)[],
  choices: Choices,
): readonly Tensor[] {
  const { opType, domain } = node
  const { like, version } = runtimeOperators[opType] ?? { like: opType, version: opset }
  const isForeign = isRuntimeOperator(opType, domain)
  const schema = isForeign ? schemaAt(label, like, version) : schemaAt(label, opType, opset)
  const attributes = nodeAttributes(label, schema, node)
  const outputs = node.output.findLastIndex((name) => name !== '') + 1
  return runLabelled(label, { opType, domain, attributes, opset, outputs }, inputs, choices)
}

function lookUp(label: string, what: string, name: string, values: ReadonlyMap<string, Tensor>): Tensor {
  const tensor = values.get(name)
  if (tensor === undefined) throw malformed(label, what, name, 'no input or earlier node gives it')
  return tensor
}

function malformed(label: string, argument: string, value: string, rule: string): Error {
  return invalid('BAD_FORMAT', { op: label, argument, value }, rule, 'Pass a model that ONNX checks.')
}
