/**
 * @file The first step of every operator: find its version, read attributes and choices, check the input tensors.
 */
import { invalid } from '../../errors.ts'
import type { Layout } from '../../ops/geometry/tensor-axes.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { readNamed, readOptions } from '../../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { type Attributes, type AttributeValues, readAttributes } from './attributes.ts'
import { type AllChoices, type Choices, choiceNames, readChoices } from './choices.ts'
import { latestOpset, type OperatorName, type Schema } from './operators.ts'
import { schemaAt } from './schema.ts'

/** The opset of a node and the caller's choices. */
export interface Settings extends Choices {
  /** The opset that selects the operator's version. Default: the latest. Attributes and types of later versions are refused. */
  readonly opset?: number | undefined
}

/** A node before its attributes are read. */
export interface NodeRequest {
  /** The start of each message: the operator's name, in models preceded by the file and the node. */
  readonly label: string
  readonly opType: string
  readonly opset: number
  readonly attributes?: Attributes | undefined
  readonly choices?: Choices | undefined
}

/** A node with checked attributes, before its input tensors are read. */
export interface NodeCall {
  readonly label: string
  readonly schema: Schema
  readonly values: AttributeValues
  readonly choices: AllChoices
  /** Of X; ONNX's own operators have NCHW, the default. */
  readonly layout?: Layout | undefined
}

export function readNode({ label, opType, opset, attributes, choices = {} }: NodeRequest): NodeCall {
  const own = readOptions(label, choices, choiceNames)
  const schema = schemaAt(label, opType, opset)
  return {
    label,
    schema,
    values: readAttributes(label, schema, attributes),
    choices: readChoices(label, own),
  }
}

export const settingNames = ['opset', ...choiceNames]

/** Reads the arguments of an operator's function, such as `maxPool`. */
export function readCall(
  opType: OperatorName,
  attributes: object = {},
  settings: Settings = {},
  ownNames: readonly string[] = [],
): NodeCall {
  const { opset = latestOpset, ...rest } = readOptions(opType, settings, [...settingNames, ...ownNames])
  const choices = Object.fromEntries(Object.entries(rest).filter(([name]) => !ownNames.includes(name)))
  return readNode({ label: opType, opType, opset, attributes: attributes as Attributes, choices })
}

/** The inputs, from an object with ONNX's names, in the schema's order. */
export function inputsByName(call: NodeCall, inputs: object): readonly unknown[] {
  const names = call.schema.inputs.map(({ name }) => name)
  const given = readNamed(call.label, inputs, names) as Readonly<Record<string, unknown>>
  return names.map((name) => given[name])
}

/**
 * The input tensors, `undefined` for an omitted optional input.
 *
 * @throws PoolError "BAD_PARAM" for a missing or surplus input, "BAD_DTYPE" for an element type that this version does not take
 */
export function readInputs<A extends TypedArray>(
  { label, schema }: NodeCall,
  inputs: readonly unknown[],
): readonly [Tensor<A>, ...(Tensor | undefined)[]] {
  if (inputs.length > schema.inputs.length) {
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: 'inputs.length', value: inputs.length },
      `${schema.name}-${schema.since} takes ${schema.inputs.map(({ name }) => name).join(', ')}`,
      'Leave out the rest.',
    )
  }
  const tensors = schema.inputs.map(({ name, optional }, i) => {
    const given = inputs[i] ?? undefined
    if (given === undefined && optional) return undefined
    return asTensor(label, name, onThisSide(label, name, given))
  })
  tensors.forEach((tensor, i) => {
    if (tensor !== undefined) assertType(label, schema, i, tensor, tensors[0]!)
  })
  return tensors as unknown as readonly [Tensor<A>, ...(Tensor | undefined)[]]
}

/** Refuses tensors of ONNX Runtime on a device, whose data cannot be read synchronously. */
function onThisSide(label: string, name: string, given: unknown): TensorLike {
  const location = (given as { location?: unknown } | undefined)?.location
  if (typeof location !== 'string' || location.startsWith('cpu')) return given as TensorLike
  throw invalid(
    'UNAVAILABLE',
    { op: label, argument: `${name}.location`, value: location },
    'must be "cpu"',
    'Download it first: await tensor.getData(true).',
  )
}

function assertType(label: string, schema: Schema, i: number, tensor: Tensor, first: Tensor): void {
  const { name, type } = schema.inputs[i]!
  const types = type === 'int64' ? ['int64'] : i === 0 ? schema.types : [first.dtype]
  if (types.includes(tensor.dtype)) return
  const rule = type === 'T' && i > 0 ? `must be that of X, ${first.dtype}` : `must be ${types.join(' or ')}`
  throw invalid(
    'BAD_DTYPE',
    { op: label, argument: `${name}.dtype`, value: tensor.dtype },
    `${rule} in ${schema.name}-${schema.since}`,
    type === 'int64' ? 'Pass a BigInt64Array.' : 'Convert it, or pass an opset that takes it.',
  )
}
