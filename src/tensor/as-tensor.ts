/**
 * @file Turns any accepted input into a dense, checked tensor. Copies only strided and nested inputs.
 */
import { invalid } from '../errors.ts'
import { allocateArray, temporary } from './allocate.ts'
import {
  type ArrayClass,
  arrayName,
  badDType,
  type DeclaredDType,
  type DType,
  dtypeOf,
  isDType,
  type TypedArray,
} from './dtype.ts'
import { fromFlat, fromNested } from './nested.ts'
import { formatShape, parseShape, rowMajorStrides, sizeOf } from './shape.ts'
import { assertLength, storageOf } from './storage.ts'
import {
  type DimsArray,
  type NestedArray,
  type PixelArray,
  type ShapedArray,
  Tensor,
  type TensorLike,
} from './tensor.ts'

/**
 * @param plain  the dtype that plain numbers are read as
 * @throws PoolError "BAD_DTYPE" for data other than a typed array, "BAD_SHAPE" for an invalid shape or one that does not fit the data
 */
export function asTensor<A extends TypedArray>(
  op: string,
  argument: string,
  x: TensorLike<A>,
  plain: DType = 'float32',
): Tensor<A> {
  if (Tensor.isTensor(x) && x.data.length === x.size) return x as Tensor<A>
  if (Array.isArray(x)) return fromNested(op, argument, x as NestedArray, undefined, plain) as Tensor<A>
  const view = viewOf(op, argument, x, plain)
  const { data, shape, dtype, stride, offset } = view
  if (stride === undefined && offset === undefined) {
    assertLength(op, argument, data, shape, 'shape')
    return new Tensor(data, shape, dtype) as Tensor<A>
  }
  return fromView(op, argument, view) as Tensor<A>
}

/** Every field of an object is read once. */
function viewOf(op: string, argument: string, x: unknown, plain: DType): View {
  if (typeof x !== 'object' || x === null) throw notTensor(op, argument, x)
  const given = x as Partial<ShapedArray & DimsArray & PixelArray>
  const { data, dims, width, height, stride, offset } = given
  if (typeof data === 'function') throw notFetched(op, argument, x)
  if (data === undefined) throw notTensor(op, argument, x)
  const isPixels = width !== undefined && height !== undefined
  const { shape = dims ?? (isPixels ? [height, width, 4] : undefined) } = given
  const isDims = shape === dims && dims !== undefined
  const declared = isDims ? given.type : given.dtype
  return {
    ...dataOf(op, argument, data, declared, plain),
    shape: parseShape(op, `${argument}.${isDims ? 'dims' : 'shape'}`, shape),
    stride,
    offset,
  }
}

/** A plain array takes its declared dtype. ndarray declares "array" if it has none. */
function dataOf(
  op: string,
  argument: string,
  data: unknown,
  declared: unknown,
  plain: DType,
): Pick<View, 'data' | 'dtype'> {
  if (!Array.isArray(data)) {
    const dtype = dtypeOf(op, argument, data, declared)
    return { data: data as TypedArray, dtype: declared === 'bool' ? 'bool' : dtype }
  }
  if (declared === 'bool') return { data: fromFlat(op, `${argument}.data`, data, 'uint8'), dtype: 'bool' }
  const dtype = declared === undefined || declared === 'array' ? plain : declared
  if (!isDType(dtype)) throw badDType(op, `${argument}.dtype`, dtype)
  return { data: fromFlat(op, `${argument}.data`, data, dtype), dtype }
}

function notTensor(op: string, argument: string, value: unknown): Error {
  return invalid(
    'BAD_DTYPE',
    { op, argument, value },
    'must be a tensor: an object with data and shape (or dims), or nested arrays',
    'Build one with tensor(data, shape).',
  )
}

function notFetched(op: string, argument: string, value: unknown): Error {
  return invalid(
    'BAD_DTYPE',
    { op, argument, value },
    'is a tensor whose data is a function, such as one of TensorFlow.js',
    'Use pool2d/tfjs, or pass { data: await x.data(), shape: x.shape }.',
  )
}

interface View {
  readonly data: TypedArray
  readonly dtype: DeclaredDType
  readonly shape: readonly number[]
  readonly stride: unknown
  readonly offset: number | undefined
}

function fromView(op: string, argument: string, view: View): Tensor {
  const { data, dtype, shape } = view
  const size = sizeOf(shape)
  const dense = rowMajorStrides(shape)
  const strides = view.stride === undefined ? dense : parseStride(op, argument, view.stride, shape.length)
  const start = view.offset ?? 0
  assertInside(op, argument, view, strides, start)
  const isDense = shape.every((dim, axis) => dim === 1 || strides[axis] === dense[axis])
  if (isDense || size === 0) return new Tensor(data.subarray(start, start + size) as TypedArray, shape, dtype)

  const bits = storageOf(data)
  const copy = allocateArray(op, bits.constructor as ArrayClass, size, temporary)
  const copyAxis = (axis: number, from: number, to: number): void => {
    if (axis === shape.length) {
      copy[to] = bits[from]!
      return
    }
    for (let i = 0; i < shape[axis]!; i++)
      copyAxis(axis + 1, from + i * strides[axis]!, to + i * dense[axis]!)
  }
  copyAxis(0, start, 0)
  const typed = bits === data ? copy : rewrap(data, copy)
  return new Tensor(typed, shape, dtype)
}

function rewrap(like: TypedArray, bits: TypedArray): TypedArray {
  return new (like.constructor as new (buffer: ArrayBufferLike) => TypedArray)(bits.buffer)
}

/** The steps of a view, each read once. */
function parseStride(op: string, argument: string, stride: unknown, rank: number): readonly number[] {
  const isList = Array.isArray(stride) || arrayName(stride) !== undefined
  const steps =
    isList && (stride as ArrayLike<unknown>).length === rank
      ? Array.from({ length: rank }, (_, axis) => (stride as ArrayLike<number>)[axis]!)
      : null
  if (steps?.every(Number.isSafeInteger)) return steps
  throw invalid(
    'BAD_SHAPE',
    { op, argument: `${argument}.stride`, value: steps ?? stride },
    `must have one whole number for each of the ${rank} axes`,
    'Pass the strides in elements, or leave them out.',
  )
}

/** A view with strides, negative ones too, must stay within its data. */
function assertInside(
  op: string,
  argument: string,
  view: View,
  strides: readonly number[],
  start: number,
): void {
  const { data, shape } = view
  const size = sizeOf(shape)
  let low = start
  let high = start
  shape.forEach((dim, axis) => {
    const reach = (dim - 1) * strides[axis]!
    if (reach < 0) low += reach
    else high += reach
  })
  if (!Number.isSafeInteger(start) || (size > 0 && (low < 0 || high >= data.length))) {
    throw invalid(
      'BAD_SHAPE',
      { op, argument: `${argument}.offset`, value: start },
      `the view of shape ${formatShape(shape)} with strides [${strides.join(', ')}] must stay within ${data.length} elements`,
      'Pass an offset, strides and shape that belong to the data.',
    )
  }
}
