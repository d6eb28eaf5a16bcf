/**
 * @file Shapes through the operators that stand around poolings in networks, so that a listing knows more than the model says.
 * Not shape inference: whatever has no rule here stays unknown.
 */
import { resolveAxis } from '../../../plan/padding.ts'
import type { NodeProto } from '../proto/generated/onnx_pb.ts'
import { elementType } from './element-types.ts'
import type { Dimensions } from './pooled-shape.ts'

type Rule = (node: NodeProto, inputs: readonly (Dimensions | null)[]) => Dimensions | null

const unchanged =
  'Abs BatchNormalization Cast Ceil Celu Clip Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity ' +
  'InstanceNormalization LRN LayerNormalization LeakyRelu Log LogSoftmax Mish Neg PRelu Reciprocal Relu Round Selu Sigmoid ' +
  'Sign Softmax Softplus Softsign Sqrt Swish Tanh ThresholdedRelu'
const broadcast = 'Add Div Max Mean Min Mul Pow Sub Sum'

const rules: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(
    unchanged.split(' ').map((name) => [name, (_node, [x]) => x ?? null] satisfies [string, Rule]),
  ),
  ...Object.fromEntries(broadcast.split(' ').map((name) => [name, broadcastRule] satisfies [string, Rule])),
  Concat: concatRule,
  Constant: (node) => node.attribute.find(({ name }) => name === 'value')?.t?.dims.map(Number) ?? null,
  Conv: convRule,
  Squeeze: squeezeRule,
  Unsqueeze: unsqueezeRule,
}

/** The element type of a node's first output where it has a rule: that of its inputs, except where the node names another. */
export function typeAfter(node: NodeProto, inputs: readonly (string | null)[]): string | null {
  const constant = node.attribute.find(({ name }) => name === 'value')?.t
  if (constant !== undefined) return elementType(constant.dataType)?.dtype ?? null
  if (node.opType === 'Cast' || !Object.hasOwn(rules, node.opType)) return null
  return inputs.find((dtype) => dtype !== null) ?? null
}

/** The shape of a node's first output, or null. */
export function shapeAfter(node: NodeProto, inputs: readonly (Dimensions | null)[]): Dimensions | null {
  return Object.hasOwn(rules, node.opType) ? rules[node.opType]!(node, inputs) : null
}

function broadcastRule(_node: NodeProto, inputs: readonly (Dimensions | null)[]): Dimensions | null {
  if (inputs.some((shape) => shape === null)) return null
  const rank = Math.max(...inputs.map((shape) => shape!.length))
  return Array.from({ length: rank }, (_, axis) => {
    const aligned = inputs.map((shape) =>
      axis < rank - shape!.length ? 1 : shape![axis - rank + shape!.length]!,
    )
    const dims = aligned.filter((dim) => dim !== 1)
    if (dims.length === 0) return 1
    return dims.every((dim) => dim === dims[0]) ? dims[0]! : null
  })
}

function concatRule(node: NodeProto, inputs: readonly (Dimensions | null)[]): Dimensions | null {
  const [first] = inputs
  if (!first || inputs.some((shape) => shape === null || shape.length !== first.length)) return null
  const given = Number(node.attribute.find(({ name }) => name === 'axis')?.i ?? 0n)
  const axis = given < 0 ? given + first.length : given
  const sizes = inputs.map((shape) => shape![axis] ?? null)
  const total = sizes.every((size) => typeof size === 'number')
    ? sizes.reduce<number>((a, b) => a + (b as number), 0)
    : null
  return first.map((dim, i) => (i === axis ? total : dim))
}

/** Without axes the result depends on sizes that may be unknown. */
function squeezeRule(node: NodeProto, [x]: readonly (Dimensions | null)[]): Dimensions | null {
  const axes = attributeAxes(node)
  if (!x || axes.length === 0) return null
  return x.filter((_, axis) => !axes.includes(axis) && !axes.includes(axis - x.length))
}

function unsqueezeRule(node: NodeProto, [x]: readonly (Dimensions | null)[]): Dimensions | null {
  const axes = attributeAxes(node)
  if (!x || axes.length === 0) return null
  const rank = x.length + axes.length
  const rest = [...x]
  return Array.from({ length: rank }, (_, axis) =>
    axes.includes(axis) || axes.includes(axis - rank) ? 1 : (rest.shift() ?? null),
  )
}

/** Axes as an input, since opset 13, are data, which is not read. */
function attributeAxes(node: NodeProto): readonly number[] {
  return node.attribute.find(({ name }) => name === 'axes')?.ints.map(Number) ?? []
}

const paddings = { SAME_UPPER: 'same-upper', SAME_LOWER: 'same-lower', VALID: 'valid' } as const

function convRule(node: NodeProto, [x, weights]: readonly (Dimensions | null)[]): Dimensions | null {
  if (!x || !weights || weights.length !== x.length || x.length < 3) return null
  const ints = (wanted: string): readonly number[] =>
    node.attribute.find(({ name }) => name === wanted)?.ints.map(Number) ?? []
  const text = new TextDecoder().decode(node.attribute.find(({ name }) => name === 'auto_pad')?.s)
  const [strides, dilations, pads] = [ints('strides'), ints('dilations'), ints('pads')]
  const spatial = x.slice(2).map((inSize, axis) => {
    const window = weights[axis + 2]
    if (typeof inSize !== 'number' || typeof window !== 'number') return null
    const { outSize } = resolveAxis({
      inSize,
      window,
      stride: strides[axis] ?? 1,
      dilation: dilations[axis] ?? 1,
      padding: paddings[text as keyof typeof paddings] ?? [pads[axis] ?? 0, pads[x.length - 2 + axis] ?? 0],
      ceilMode: false,
    })
    return outSize > 0 ? outSize : null
  })
  return [x[0]!, weights[0]!, ...spatial]
}
