/**
 * @file Rules for operators that make tensors from sizes and constants, or sizes from tensors, and for casts.
 */
import { isPoolError } from '../../../../errors.ts'
import type { TensorProto } from '../../proto/generated/onnx_pb.ts'
import { dtypeOf } from '../element-types.ts'
import type { Dimensions } from '../pooled-shape.ts'
import { readTensor } from '../tensor-proto.ts'
import { repeated } from './arithmetic.ts'
import { converted } from './elementwise.ts'
import { countOf, type Fact, factOf, mostElements, unknown, vector } from './fact.ts'
import type { NodeView, Rule } from './node-view.ts'

export const sourceRules: readonly (readonly [string, Rule])[] = [
  ['Cast', (node) => converted(node.input(0), dtypeOf(node.int('to', 0)))],
  ['CastLike', (node) => converted(node.input(0), node.input(1).dtype)],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  [
    'EyeLike',
    (node) =>
      factOf(node.has('dtype') ? dtypeOf(node.int('dtype', 0)) : node.input(0).dtype, node.input(0).shape),
  ],
  ['NonZero', (node) => factOf('int64', [node.input(0).shape?.length ?? null, null])],
  ['RandomNormal', random],
  ['RandomUniform', random],
  ['Range', range],
  ['Shape', shapeOf],
  ['Size', size],
]

/** The fact of a constant. Its elements are read if they are few and stored in the model file. */
export function tensorFact(proto: TensorProto): Fact {
  const shape = proto.dims.map(Number)
  const fact = factOf(dtypeOf(proto.dataType), shape)
  const count = fact.shape && countOf(shape)
  if (count === null || count === undefined || count > mostElements) return fact
  try {
    const { data, dtype } = readTensor('', proto)
    return factOf(
      dtype,
      shape,
      dtype === 'float16' || dtype === 'bfloat16'
        ? null
        : Array.from(data as ArrayLike<number | bigint>, Number),
    )
  } catch (error) {
    if (isPoolError(error)) return fact
    throw error
  }
}

function constant(node: NodeView): Fact {
  const value = node.attribute('value')?.t
  if (value !== undefined) return tensorFact(value)
  const sparse = node.attribute('sparse_value')?.sparseTensor
  if (sparse !== undefined) return factOf(dtypeOf(sparse.values?.dataType ?? 0), sparse.dims.map(Number))
  if (node.has('value_int')) return factOf('int64', [], [node.int('value_int', 0)])
  if (node.has('value_float')) return factOf('float32', [], [node.attribute('value_float')!.f])
  const ints = node.ints('value_ints')
  if (ints !== undefined) return vector(ints)
  const floats = node.floats('value_floats')
  return floats === undefined ? unknown : factOf('float32', [floats.length], floats)
}

function constantOfShape(node: NodeView): Fact {
  const proto = node.attribute('value')?.t
  const value = proto === undefined ? factOf('float32', [1], [0]) : tensorFact(proto)
  const shape = node.input(0).elements ?? unknownSizes(node.input(0))
  return factOf(value.dtype, shape, value.elements && repeated(value.elements[0] ?? null, shape))
}

/** A shape of unknown sizes, with as many axes as the vector `shape` has elements. */
export function unknownSizes({ shape }: Fact): Dimensions | null {
  const count = shape?.[0]
  return typeof count === 'number' && count <= mostElements ? new Array<null>(count).fill(null) : null
}

function random(node: NodeView): Fact {
  return factOf(dtypeOf(node.int('dtype', 1)), node.ints('shape') ?? null)
}

function range(node: NodeView): Fact {
  const { dtype } = node.input(0)
  const [start, limit, delta] = [0, 1, 2].map((i) => node.input(i).elements?.[0])
  if (start === 0 && delta === 1 && typeof limit === 'string') return factOf(dtype, [limit])
  if (typeof start !== 'number' || typeof limit !== 'number' || typeof delta !== 'number' || delta === 0)
    return factOf(dtype, [null])
  const count = Math.max(0, Math.ceil((limit - start) / delta))
  const elements = count <= mostElements ? Array.from({ length: count }, (_, i) => start + i * delta) : null
  return factOf(dtype, [count], elements)
}

function shapeOf(node: NodeView): Fact {
  const { shape } = node.input(0)
  if (shape === null) return factOf('int64', [null])
  const end = node.has('end') ? node.int('end', 0) : shape.length
  return vector(shape.slice(node.int('start', 0), end))
}

function size(node: NodeView): Fact {
  const { shape } = node.input(0)
  return factOf('int64', [], [(shape && countOf(shape)) ?? null])
}
