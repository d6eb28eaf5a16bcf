/**
 * @file Where ONNX Runtime 1.30 and we differ, one by one; docs/onnx.md has the same table. A difference that no row explains is a bug.
 */
import { valuesOf } from '../../src/tensor/storage.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import type { RandomNode } from '../conformance/onnx/random-nodes.ts'

/** Each side's outputs, or its refusal. */
export interface Outcomes {
  readonly ours: readonly Tensor[] | string
  readonly theirs: readonly Tensor[] | string
}

interface Difference {
  readonly name: string
  readonly explains: (node: RandomNode, outcomes: Outcomes) => boolean
  readonly reason: string
}

const isSame = ({ attributes }: RandomNode): boolean => String(attributes.auto_pad).startsWith('SAME')
const list = (node: RandomNode, name: string): readonly number[] =>
  (node.attributes[name] as number[] | undefined) ?? []
const theySay = ({ theirs }: Outcomes, text: string): boolean =>
  typeof theirs === 'string' && theirs.includes(text)
const weGive = ({ ours }: Outcomes): boolean => typeof ours !== 'string'

function isShort(node: RandomNode): boolean {
  const [window, dilations, pads] = [list(node, 'kernel_shape'), list(node, 'dilations'), list(node, 'pads')]
  return node.inputs[0]!.shape.slice(2).some((size, axis) => {
    const padded = size + (pads[axis] ?? 0) + (pads[axis + window.length] ?? 0)
    return (window[axis]! - 1) * (dilations[axis] ?? 1) + 1 > padded
  })
}

function isLowestForInfinity(ours: Outcomes['ours'], theirs: Outcomes['theirs']): boolean {
  if (typeof ours === 'string' || typeof theirs === 'string') return false
  const lowest = -(2 - 2 ** -23) * 2 ** 127
  const [values, places] = ours.map((output) => Array.from(valuesOf(output), Number))
  const [others, theirPlaces] = theirs.map((output) => Array.from(valuesOf(output), Number))
  return values!.every((value, i) => {
    if (value === others![i] && places?.[i] === theirPlaces?.[i]) return true
    return value === Number.NEGATIVE_INFINITY && others![i]! <= lowest && (places?.[i] ?? -1) === -1
  })
}

const isHalf = ({ inputs }: RandomNode): boolean => inputs[0]!.dtype === 'float16'

function hasNoKernel({ opType, opset, inputs }: RandomNode): boolean {
  const { dtype } = inputs[0]!
  if (dtype === 'bfloat16') return true
  if (dtype === 'float64' && opType !== 'RoiAlign' && (opType !== 'MaxPool' || opset < 8)) return true
  if (opset === 1) return ['AveragePool', 'LpPool', 'GlobalLpPool'].includes(opType)
  return opset === 22 && ['GlobalLpPool', 'MaxRoiPool', 'RoiAlign'].includes(opType)
}

/** Under any choices. */
export const always: readonly Difference[] = [
  {
    name: 'SAME_* with a stride past the window',
    explains: (node, outcomes) =>
      isSame(node) &&
      weGive(outcomes) &&
      list(node, 'strides').some((stride, axis) => stride > list(node, 'kernel_shape')[axis]!),
    reason:
      'where the last window ends before the input does it computes a negative pad, and refuses it or shifts all windows by it; ours is 0, as the specification has it',
  },
  {
    name: 'count_include_pad of a window longer than the padded input',
    explains: (node, outcomes) =>
      weGive(outcomes) && node.attributes.count_include_pad === 1 && isShort(node),
    reason:
      'having kept such a window (shortInput), it divides by all of it; we never divide by what lies past the pads',
  },
  {
    name: 'MaxPool of a window that touches no element',
    explains: ({ opType }, { ours, theirs }) => opType === 'MaxPool' && isLowestForInfinity(ours, theirs),
    reason:
      'it gives the lowest finite number, with any index, and for -Infinity alone too where it computes no Indices; ours is -Infinity, with an index of -1',
  },
  {
    name: 'RoiAlign of a region with its corners swapped',
    explains: (node, outcomes) =>
      weGive(outcomes) && node.attributes.sampling_ratio === 0 && theySay(outcomes, 'Integer overflow'),
    reason:
      'with half_pixel and sampling_ratio 0 it counts a negative number of samples, and fails; ours has none, which gives 0',
  },
  {
    name: 'more than 3 spatial axes',
    explains: (node, outcomes) =>
      node.inputs[0]!.shape.length > 5 &&
      weGive(outcomes) &&
      (theySay(outcomes, 'Unsupported pooling size') || theySay(outcomes, 'Unsupported kernel dimension')),
    reason: 'it has kernels for 1 to 3; ours take any number',
  },
  {
    name: 'no kernel',
    explains: (node, outcomes) =>
      weGive(outcomes) &&
      hasNoKernel(node) &&
      (theySay(outcomes, 'Could not find an implementation') || theySay(outcomes, 'Failed to find kernel')),
    reason:
      'it has no bfloat16; float64 for MaxPool from opset 8 and RoiAlign only; no AveragePool-1, LpPool-1 and GlobalLpPool-1; and no opset 22 of GlobalLpPool, MaxRoiPool and RoiAlign',
  },
  {
    name: 'float16 of opsets before 6',
    explains: (node, outcomes) =>
      weGive(outcomes) && isHalf(node) && node.opset < 6 && theySay(outcomes, 'InsertedPrecisionFreeCast'),
    reason:
      'it computes float16 in float32, and the casts that it inserts for that do not fit so old a model',
  },
]

/** Under our defaults, beside those above; each ends with the choice that it is about. */
export const byDefault: readonly Difference[] = [
  {
    name: 'sameWindow',
    explains: (node, outcomes) =>
      isSame(node) && weGive(outcomes) && list(node, 'dilations').some((dilation) => dilation > 1),
    reason: 'it computes the pads of SAME_* without the dilation',
  },
  {
    name: 'widePads',
    explains: (node, outcomes) => {
      const window = list(node, 'kernel_shape')
      const wide = list(node, 'pads').some((pad, i) => pad >= window[i % window.length]!)
      return wide && weGive(outcomes) && theySay(outcomes, 'pads[')
    },
    reason: 'it refuses pads as wide as the window',
  },
  {
    name: 'shortInput',
    explains: (_node, { ours, theirs }) =>
      typeof ours === 'string' && ours.includes('it must fit at least once') && typeof theirs !== 'string',
    reason:
      'it divides toward zero where the window is larger than the padded input, and so gives 0 or 1 outputs',
  },
]
