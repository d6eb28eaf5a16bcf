/**
 * @file Operators between poolings in exported models that move no data: Constant, Identity, Squeeze and Unsqueeze.
 */
import { invalid } from '../../../errors.ts'
import { asTensor } from '../../../tensor/as-tensor.ts'
import { Tensor } from '../../../tensor/tensor.ts'
import { type NodeProto, AttributeProto_AttributeType as Type } from '../proto/generated/onnx_pb.ts'
import { mostAxes } from './inference/fact.ts'
import { readTensor } from './tensor-proto.ts'

type ShapeOperator = (label: string, node: NodeProto, inputs: readonly (Tensor | undefined)[]) => Tensor

const operators: Readonly<Record<string, ShapeOperator>> = {
  Constant: constant,
  Identity: (label, _node, inputs) => dataOf(label, inputs),
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
}

export const shapeOperatorNames = Object.keys(operators)

/** True for a node with one of these operators. */
export function isShapeOperator({ opType, domain }: NodeProto): boolean {
  return (domain === '' || domain === 'ai.onnx') && Object.hasOwn(operators, opType)
}

/** The node's output, which shares the memory of its input. */
export function runShapeOperator(
  label: string,
  node: NodeProto,
  inputs: readonly (Tensor | undefined)[],
): Tensor {
  return operators[node.opType]!(label, node, inputs)
}

function constant(label: string, node: NodeProto): Tensor {
  const value = node.attribute.find(({ name }) => name === 'value')
  if (node.attribute.length === 1 && value?.t !== undefined) return readTensor(label, value.t)
  throw invalid(
    'UNAVAILABLE',
    { op: label, argument: 'attributes', value: node.attribute.map(({ name }) => name) },
    'must be value, a tensor',
    'Save the constant as a tensor.',
  )
}

function squeeze(label: string, node: NodeProto, inputs: readonly (Tensor | undefined)[]): Tensor {
  const { data, shape, dtype } = dataOf(label, inputs)
  const given = axesOf(label, node, inputs, shape.length)
  const axes = given ?? shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []))
  const wide = axes.find((axis) => shape[axis] !== 1)
  if (wide !== undefined) throw badAxis(label, wide, `has ${shape[wide]} elements; must have 1`)
  return new Tensor(
    data,
    shape.filter((_, axis) => !axes.includes(axis)),
    dtype,
  )
}

function unsqueeze(label: string, node: NodeProto, inputs: readonly (Tensor | undefined)[]): Tensor {
  const { data, shape, dtype } = dataOf(label, inputs)
  const count = node.attribute.find(({ name }) => name === 'axes')?.ints.length ?? inputs[1]?.size ?? 0
  const axes = axesOf(label, node, inputs, shape.length + count)
  if (axes === undefined) throw badAxis(label, null, 'must be given')
  const dims = shape.slice()
  return new Tensor(
    data,
    Array.from({ length: shape.length + count }, (_, axis) => (axes.includes(axis) ? 1 : dims.shift()!)),
    dtype,
  )
}

function dataOf(label: string, [data]: readonly (Tensor | undefined)[]): Tensor {
  return asTensor(label, 'data', data as Tensor)
}

/** The axes: an attribute until opset 12, an input since. Negative axes count from the end. */
function axesOf(
  label: string,
  { attribute }: NodeProto,
  [, input]: readonly (Tensor | undefined)[],
  rank: number,
): readonly number[] | undefined {
  const ints = attribute.find(({ name, type }) => name === 'axes' && type === Type.INTS)?.ints
  if (rank > mostAxes) throw badAxis(label, rank, `may lead to at most ${mostAxes} axes`)
  const given = ints ?? (input?.dtype === 'int64' ? Array.from(input.data as BigInt64Array) : undefined)
  const axes = given?.map((axis) => Number(axis) + (axis < 0n ? rank : 0))
  axes?.forEach((axis, i) => {
    if (axis < 0 || axis >= rank || axes.indexOf(axis) < i)
      throw badAxis(label, given![i]!, `must be from ${-rank} to ${rank - 1}, each once`)
  })
  return axes
}

function badAxis(label: string, value: unknown, rule: string): Error {
  return invalid('BAD_FORMAT', { op: label, argument: 'axes', value }, rule, 'Pass a model that ONNX checks.')
}
