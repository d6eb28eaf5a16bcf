/**
 * @file Rules for elementwise operators and others that keep the shape of their input.
 */
import type { Dimension } from '../parse-model.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { asType, chosen, combined, mapped } from './arithmetic.ts'
import { type Fact, factOf } from './fact.ts'
import { axisOf, type NodeView, type Rule } from './node-view.ts'

const unchanged =
  'Abs Acos Acosh Asin Asinh Atan Atanh Bernoulli BitwiseNot Ceil Celu Clip Cos Cosh CumProd CumSum Elu Erf Exp Floor Gelu ' +
  'GroupNormalization HardSigmoid HardSwish Hardmax Identity ImageScaler InstanceNormalization LRN LeakyRelu Log ' +
  'LogSoftmax LpNormalization MeanVarianceNormalization Mish Neg Not PRelu RMSNormalization RandomNormalLike RandomUniformLike ' +
  'Reciprocal Relu ReverseSequence RotaryEmbedding Round ScatterElements ScatterND Scatter Selu Shrink Sigmoid Sign SimplifiedLayerNormalization Sin ' +
  'Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh TensorScatter ThresholdedRelu Trilu ' +
  'com.microsoft.BiasGelu com.microsoft.FastGelu com.microsoft.Gelu com.microsoft.QLinearLeakyRelu com.microsoft.QLinearSigmoid ' +
  'com.microsoft.QLinearSoftmax com.microsoft.QuickGelu com.microsoft.SkipLayerNormalization'
const arithmetic = 'Add BitShift BitwiseAnd BitwiseOr BitwiseXor Div Max Mean Min Mod Mul Pow Sub Sum'
const logic = 'And Equal Greater GreaterOrEqual Less LessOrEqual Or Xor'

export const elementwiseRules: readonly (readonly [string, Rule])[] = [
  ...unchanged.split(' ').map((name) => [name, sameShape] as const),
  ...arithmetic.split(' ').map((name) => [name, (node: NodeView) => broadcast(node)] as const),
  ...logic.split(' ').map((name) => [name, (node: NodeView) => broadcast(node, 'BOOL')] as const),
  ['BatchNormalization', (node) => [sameShape(node), node.input(3), node.input(4)]],
  ['LayerNormalization', layerNormalization],
  ['Dropout', (node) => [sameShape(node), factOf('BOOL', node.input(0).shape)]],
  ['IsInf', (node) => factOf('BOOL', node.input(0).shape)],
  ['IsNaN', (node) => factOf('BOOL', node.input(0).shape)],
  ['Where', where],
  ['com.microsoft.QLinearAdd', (node) => broadcast(node.withInputs([0, 3]))],
  ['com.microsoft.QLinearMul', (node) => broadcast(node.withInputs([0, 3]))],
]

function sameShape(node: NodeView): Fact {
  const { dtype, shape, elements } = node.input(0)
  return factOf(dtype, shape, node.opType === 'Identity' ? elements : mapped(node.opType, node.input(0)))
}

/** Three outputs: the result, and the mean and deviation over the normalised axes. */
function layerNormalization(node: NodeView): readonly Fact[] {
  const { dtype, shape } = node.input(0)
  const axis = shape && axisOf(node.int('axis', -1), shape.length)
  const each = axis === null ? null : shape!.map((dim, i) => (i < axis ? dim : 1))
  return [factOf(dtype, shape), factOf('float32', each), factOf('float32', each)]
}

/** Until opset 6 the second tensor was broadcast to the first, and only if the attribute `broadcast` was set. */
function broadcast(node: NodeView, dtype: string | null = firstType(node.inputs)): Fact {
  const facts = node.inputs.filter((fact) => fact !== undefined)
  const shape = node.has('broadcast') ? node.input(0).shape : broadcastShape(facts.map(({ shape }) => shape))
  return factOf(dtype, shape, facts.length > 1 ? elementsOf(node.opType, dtype, facts) : null)
}

function elementsOf(opType: string, dtype: string | null, facts: readonly Fact[]): Dimensions | null {
  return facts
    .map(({ elements }) => elements)
    .reduce((a, b) => (a === null || b === null ? null : combined(opType, dtype, a, b)))
}

function firstType(facts: readonly (Fact | undefined)[]): string | null {
  return facts.find((fact) => fact !== undefined && fact.dtype !== null)?.dtype ?? null
}

/** A size above 1 is the result's even if others are unknown, since those must be 1 or the same. */
export function broadcastShape(shapes: readonly (Dimensions | null)[]): Dimensions | null {
  if (shapes.length === 0 || shapes.some((shape) => shape === null)) return null
  const rank = shapes.reduce((most, shape) => Math.max(most, shape!.length), 0)
  return Array.from({ length: rank }, (_, axis) =>
    shapes.reduce<Dimension>((dim, shape) => {
      const place = axis - rank + shape!.length
      return place < 0 ? dim : together(dim, shape![place]!)
    }, 1),
  )
}

function together(a: Dimension, b: Dimension): Dimension {
  if (a === 1 || a === b) return b
  if (b === 1) return a
  if (typeof a === 'number' && typeof b === 'number') return null
  return typeof a === 'number' ? a : typeof b === 'number' ? b : null
}

function where(node: NodeView): Fact {
  const [condition, a, b] = [node.input(0), node.input(1), node.input(2)]
  const shape = broadcastShape([condition.shape, a.shape, b.shape])
  const areKnown = condition.elements !== null && a.elements !== null && b.elements !== null
  return factOf(
    a.dtype ?? b.dtype,
    shape,
    areKnown ? chosen(condition.elements!, a.elements!, b.elements!) : null,
  )
}

/** Converts elements to a type. Named sizes stay, since every numeric type is taken to hold them. */
export function converted({ shape, elements }: Fact, dtype: string | null): Fact {
  return factOf(
    dtype,
    shape,
    elements?.map((x) => (typeof x === 'number' ? asType(dtype, x) : x)),
  )
}
