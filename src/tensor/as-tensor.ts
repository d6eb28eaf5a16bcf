/**
 * @file Turns whatever an operation was given into a dense, checked tensor; copies only what is strided or nested.
 */

import { refusal } from '../errors.ts'
import { allocateArray, temporary } from './allocate.ts'
import {
  type ArrayClass,
  arrayName,
  type DType,
  dtypeOf,
  dtypes,
  type Scalar,
  type TypedArray,
} from './dtype.ts'
import { narrow } from './half.ts'
import { formatShape, parseShape, rowMajorStrides, sizeOf } from './shape.ts'
import { assertLength, isHalf, storageOf } from './storage.ts'
import { type DimsArray, type NestedArray, type ShapedArray, Tensor, type TensorLike } from './tensor.ts'

/**
 * @param nestedAs  the dtype that nested arrays are read as
 * @throws PoolError "BAD_DTYPE" for data that is no typed array, "BAD_SHAPE" for a shape that is none or does not fit the data
 */
export function asTensor<A extends TypedArray>(
  op: string,
  argument: string,
  x: TensorLike<A>,
  nestedAs: DType = 'float32',
): Tensor<A> {
  if (x instanceof Tensor && x.data.length === x.size) return x
  if (Array.isArray(x)) return fromNested(op, argument, x, nestedAs) as unknown as Tensor<A>
  if (typeof x !== 'object' || x === null || !('data' in x)) {
    throw refusal(
      'BAD_DTYPE',
      { op, argument, value: x },
      'must be a tensor: an object with data and shape (or dims), or nested arrays',
      'Build one with tensor(data, shape).',
    )
  }
  const { data, dtype, shape, stride, offset } = fieldsOf(op, argument, x)
  const size = sizeOf(shape)
  if (stride === undefined && offset === undefined) {
    assertLength(op, argument, data, shape, 'shape')
    return new Tensor(data, shape, dtype) as Tensor<A>
  }
  return fromView(op, argument, { data, dtype, shape, size, stride, offset }) as Tensor<A>
}

function fieldsOf(op: string, argument: string, x: ShapedArray | DimsArray) {
  const data = x.data
  const isDims = 'dims' in x && !('shape' in x)
  const dtype = dtypeOf(op, argument, data, isDims ? x.type : (x as ShapedArray).dtype)
  const shape = parseShape(
    op,
    `${argument}.${isDims ? 'dims' : 'shape'}`,
    isDims ? x.dims : (x as ShapedArray).shape,
  )
  const { stride, offset } = x as Partial<ShapedArray>
  return { data, dtype, shape, stride, offset }
}

interface View {
  readonly data: TypedArray
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly size: number
  readonly stride: readonly number[] | undefined
  readonly offset: number | undefined
}

function fromView(op: string, argument: string, view: View): Tensor {
  const { data, dtype, shape, size } = view
  const dense = rowMajorStrides(shape)
  const strides = view.stride ?? dense
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
  const typed = arrayName(data) === 'Uint16Array' || bits === data ? copy : rewrap(data, copy)
  return new Tensor(typed, shape, dtype)
}

function rewrap(like: TypedArray, bits: TypedArray): TypedArray {
  return new (like.constructor as new (buffer: ArrayBufferLike) => TypedArray)(bits.buffer)
}

/** A view with strides, negative ones too, must stay within its data. */
function assertInside(
  op: string,
  argument: string,
  view: View,
  strides: readonly number[],
  start: number,
): void {
  const { data, shape, size } = view
  const whole = (value: unknown): boolean => Number.isSafeInteger(value)
  if (strides.length !== shape.length || !strides.every(whole)) {
    throw refusal(
      'BAD_SHAPE',
      { op, argument: `${argument}.stride`, value: strides },
      `must have one whole number for each of the ${shape.length} axes`,
      'Pass the strides in elements, or leave them out.',
    )
  }
  let low = start
  let high = start
  shape.forEach((dim, axis) => {
    const reach = (dim - 1) * strides[axis]!
    if (reach < 0) low += reach
    else high += reach
  })
  if (!whole(start) || (size > 0 && (low < 0 || high >= data.length))) {
    throw refusal(
      'BAD_SHAPE',
      { op, argument: `${argument}.offset`, value: start },
      `the view of shape ${formatShape(shape)} with strides [${strides.join(', ')}] must stay within ${data.length} elements`,
      'Pass an offset, strides and shape that belong to the data.',
    )
  }
}

/** Reads nested arrays as `dtype`; every value must be one that the dtype can hold. */
export function fromNested(op: string, argument: string, nested: NestedArray, dtype: DType): Tensor {
  const shape: number[] = []
  for (let level: unknown = nested; Array.isArray(level); level = level[0]) shape.push(level.length)
  const values: Scalar[] = []
  const gather = (level: unknown, axis: number): void => {
    const fits =
      axis === shape.length ? !Array.isArray(level) : Array.isArray(level) && level.length === shape[axis]
    if (!fits) {
      throw refusal(
        'BAD_SHAPE',
        { op, argument, value: nested },
        `nested arrays must all have the shape ${formatShape(shape)} of their first elements`,
        'Make every row the same length.',
      )
    }
    if (axis === shape.length) values.push(parseScalar(op, argument, level, dtype))
    else for (const inner of level as unknown[]) gather(inner, axis + 1)
  }
  gather(nested, 0)
  return new Tensor(store(op, argument, values, dtype), Object.freeze(shape), dtype)
}

function parseScalar(op: string, argument: string, value: unknown, dtype: DType): Scalar {
  const isBig = dtype === 'int64' || dtype === 'uint64'
  if (isBig && Number.isSafeInteger(value)) return BigInt(value as number)
  if (typeof value === (isBig ? 'bigint' : 'number')) return value as Scalar
  throw refusal(
    'BAD_DTYPE',
    { op, argument: `${argument} element`, value },
    `must be a ${isBig ? 'whole number or bigint' : 'number'} for ${dtype}`,
    'Convert the values first.',
  )
}

function store(op: string, argument: string, values: readonly Scalar[], dtype: DType): TypedArray {
  const data = allocateArray(op, dtypes[dtype].storage, values.length, temporary)
  if (isHalf(dtype)) {
    narrow(values as readonly number[], dtype, data as Uint16Array)
    return data
  }
  values.forEach((value, i) => {
    data[i] = value
    if (!dtypes[dtype].float && data[i] !== value) {
      throw refusal(
        'BAD_DTYPE',
        { op, argument: `${argument} element`, value },
        `does not fit ${dtype}`,
        'Use a wider dtype.',
      )
    }
  })
  return data
}
