/**
 * @file Rules for quantising and dequantising, and for operators whose output shape does not depend on their input's shape.
 */
import { dtypeOf } from '../element-types.ts'
import { type Fact, factOf } from './fact.ts'
import type { NodeView, Rule } from './node-view.ts'

export const quantizationRules: readonly (readonly [string, Rule])[] = [
  ['DequantizeLinear', dequantized],
  ['DynamicQuantizeLinear', dynamic],
  ['NonMaxSuppression', () => factOf('int64', [null, 3])],
  ['QuantizeLinear', quantized],
  ['com.microsoft.DequantizeLinear', dequantized],
  ['com.microsoft.QuantizeLinear', quantized],
]

function quantized(node: NodeView): Fact {
  const named = node.int('output_dtype', 0)
  const dtype = named === 0 ? (node.inputs[2] === undefined ? 'uint8' : node.inputs[2].dtype) : dtypeOf(named)
  return factOf(dtype, node.input(0).shape)
}

function dequantized(node: NodeView): Fact {
  const named = node.int('output_dtype', 0)
  return factOf(named === 0 ? node.input(1).dtype : dtypeOf(named), node.input(0).shape)
}

function dynamic(node: NodeView): readonly Fact[] {
  return [factOf('uint8', node.input(0).shape), factOf('float32', []), factOf('uint8', [])]
}
