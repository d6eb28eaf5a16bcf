/**
 * @file Rules for matrix products, reductions and recurrent layers.
 */
import type { Dimension } from '../parse-model.ts'
import { folded, repeated } from './arithmetic.ts'
import { broadcastShape } from './elementwise.ts'
import { type Fact, factOf } from './fact.ts'
import { axesOf, type NodeView, type Rule } from './node-view.ts'

const reductions =
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare'

export const matrixRules: readonly (readonly [string, Rule])[] = [
  ...reductions.split(' ').map((name) => [name, reduction] as const),
  ['com.microsoft.QLinearReduceMean', (node) => reduction(node.withInputs([0]))],
  ['ArgMax', (node) => ({ ...reduced(node, [node.int('axis', 0)]), dtype: 'int64' })],
  ['ArgMin', (node) => ({ ...reduced(node, [node.int('axis', 0)]), dtype: 'int64' })],
  ['Det', (node) => factOf(node.input(0).dtype, node.input(0).shape?.slice(0, -2) ?? null)],
  ['Einsum', einsum],
  ['Gemm', (node) => gemm(node, node.input(0).dtype)],
  ['GRU', recurrent],
  ['LSTM', recurrent],
  ['MatMul', (node) => matMul(node, node.input(0).dtype)],
  ['MatMulInteger', (node) => matMul(node, 'int32')],
  ['QLinearMatMul', (node) => matMul(node.withInputs([0, 3]), node.input(7).dtype)],
  ['RNN', recurrent],
  ['com.microsoft.FusedGemm', (node) => gemm(node, node.input(0).dtype)],
  ['com.microsoft.QGemm', (node) => gemm(node.withInputs([0, 3]), node.inputs[8]?.dtype ?? 'float32')],
]

function gemm(node: NodeView, dtype: string | null): Fact {
  const [a, b] = [node.input(0).shape, node.input(1).shape]
  if (a?.length !== 2 || b?.length !== 2) return factOf(dtype, null)
  return factOf(dtype, [a[node.int('transA', 0) === 0 ? 0 : 1]!, b[node.int('transB', 0) === 0 ? 1 : 0]!])
}

/** Each letter names a size. Without an arrow, the result has the letters that occur once, in alphabetical order. */
function einsum(node: NodeView): Fact {
  const { dtype } = node.input(0)
  const [terms = '', result] = node.text('equation').replaceAll(' ', '').split('->')
  const [sizes, counts] = [new Map<string, Dimension>(), new Map<string, number>()]
  for (const [i, term] of terms.split(',').entries()) {
    const { shape } = node.input(i)
    if (shape?.length !== term.length || term.includes('.')) return factOf(dtype, null)
    for (const [axis, letter] of [...term].entries()) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1)
      const before = sizes.get(letter)
      if (before === undefined || before === null || before === 1) sizes.set(letter, shape[axis]!)
    }
  }
  const once = [...sizes.keys()].filter((letter) => counts.get(letter) === 1).sort()
  return factOf(
    dtype,
    [...(result ?? once)].map((letter) => sizes.get(letter) ?? null),
  )
}

/** A vector counts as a row on the left and as a column on the right. */
function matMul(node: NodeView, dtype: string | null): Fact {
  const [a, b] = [node.input(0).shape, node.input(1).shape]
  if (a === null || b === null || a.length === 0 || b.length === 0) return factOf(dtype, null)
  const batch = broadcastShape([a.slice(0, -2), b.slice(0, -2)])
  const [rows, columns] = [a.slice(0, -1).slice(-1), b.length === 1 ? [] : b.slice(-1)]
  return factOf(dtype, batch && [...batch, ...rows, ...columns])
}

/** Without axes, reduces all axes, or none if noop_with_empty_axes is set. */
function reduction(node: NodeView): Fact {
  const rank = node.input(0).shape?.length ?? 0
  const given = node.list('axes', 1)
  const isNone = given === undefined || (given !== null && given.length === 0)
  if (isNone && node.int('noop_with_empty_axes', 0) !== 0) return node.input(0)
  return reduced(node, isNone ? Array.from({ length: rank }, (_, axis) => axis) : given)
}

function reduced(node: NodeView, given: Parameters<typeof axesOf>[0]): Fact {
  const { dtype, shape } = node.input(0)
  if (shape === null) return factOf(dtype, null)
  const keeps = node.int('keepdims', 1) !== 0
  const axes = axesOf(given, shape.length)
  if (axes === null) return factOf(dtype, keeps ? shape.map(() => null) : null)
  const rest = shape.flatMap((dim, axis) => (axes.includes(axis) ? (keeps ? [1] : []) : [dim]))
  const isWhole = axes.length === shape.length
  return factOf(dtype, rest, isWhole ? repeated(folded(node.opType, node.input(0)), rest) : null)
}

function recurrent(node: NodeView): readonly Fact[] {
  const { dtype, shape } = node.input(0)
  if (shape?.length !== 3) return []
  const hidden = node.has('hidden_size') ? node.int('hidden_size', 0) : (node.input(2).shape?.[2] ?? null)
  const directions = node.text('direction') === 'bidirectional' ? 2 : 1
  const isBatchFirst = node.int('layout', 0) === 1
  const [steps, batch] = isBatchFirst ? [shape[1]!, shape[0]!] : [shape[0]!, shape[1]!]
  const all = isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]
  const last = factOf(dtype, isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden])
  return [factOf(dtype, all), last, last]
}
