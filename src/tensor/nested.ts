/**
 * @file Plain arrays as tensors: nested ones, whose rows may be typed arrays, and flat ones. Every value must be one that the dtype can hold.
 */
import { invalid } from '../errors.ts'
import { allocateArray, temporary } from './allocate.ts'
import { arrayName, type DType, dtypeOf, dtypes, type Scalar, type TypedArray } from './dtype.ts'
import { narrow } from './half.ts'
import { assertAxes, formatShape, sizeOf } from './shape.ts'
import { isHalf, valuesOf } from './storage.ts'
import { type NestedArray, Tensor } from './tensor.ts'

/**
 * @param dtype   the dtype of the elements
 * @param plain   the dtype if `dtype` is not given and no row is a typed array
 */
export function fromNested(
  op: string,
  argument: string,
  nested: NestedArray,
  dtype: DType | undefined,
  plain: DType,
): Tensor {
  const { shape, row } = outlineOf(op, argument, nested)
  const rowType = row === undefined ? plain : dtypeOf(op, `${argument} row`, row)
  const fill = filler(op, argument, dtype ?? rowType, sizeOf(shape))
  const gather = (level: unknown, axis: number): void => {
    if (axis === shape.length) {
      fill.put(level)
      return
    }
    const isRow = row !== undefined && axis === shape.length - 1
    const fits = isRow ? arrayName(level) === arrayName(row) : Array.isArray(level)
    const { length } = fits ? (level as ArrayLike<unknown>) : { length: -1 }
    if (length !== shape[axis]) throw ragged(op, argument, nested, shape, row)
    if (isRow) fill.putRow(level as TypedArray, rowType)
    else for (let i = 0; i < length; i++) gather((level as readonly unknown[])[i], axis + 1)
  }
  gather(nested, 0)
  return new Tensor(fill.finish(), shape, dtype ?? rowType)
}

/** Numbers in one array. */
export function fromFlat(op: string, argument: string, values: readonly unknown[], dtype: DType): TypedArray {
  const { length } = values
  const fill = filler(op, argument, dtype, length)
  for (let i = 0; i < length; i++) fill.put(values[i])
  return fill.finish()
}

/** The shape along the first elements, and the first row that is a typed array. */
function outlineOf(op: string, argument: string, nested: NestedArray) {
  const shape: number[] = []
  let level: unknown = nested
  for (; Array.isArray(level); level = level[0]) {
    assertAxes(op, argument, shape.length + 1)
    shape.push(level.length)
  }
  const row = arrayName(level) === undefined ? undefined : (level as TypedArray)
  if (row !== undefined) shape.push(row.length)
  return { shape, row }
}

function ragged(
  op: string,
  argument: string,
  nested: NestedArray,
  shape: readonly number[],
  row: TypedArray | undefined,
): Error {
  const kind = row === undefined ? '' : `, rows of ${arrayName(row)}`
  return invalid(
    'BAD_SHAPE',
    { op, argument, value: nested },
    `nested arrays must all have the shape ${formatShape(shape)} of their first elements${kind}`,
    'Make every row the same length.',
  )
}

/** Fills an array of `size` elements with values, one by one or a row at a time. */
function filler(op: string, argument: string, dtype: DType, size: number) {
  const half = isHalf(dtype)
  const data: TypedArray = allocateArray(op, half ? Float64Array : dtypes[dtype].storage, size, temporary)
  let at = 0
  const put = (value: unknown): void => {
    const scalar = parseScalar(op, argument, value, dtype)
    data[at] = scalar
    if (!dtypes[dtype].float && data[at] !== scalar) {
      throw invalid(
        'BAD_DTYPE',
        { op, argument: `${argument} element`, value },
        `does not fit ${dtype}`,
        'Use a wider dtype.',
      )
    }
    at++
  }
  const putRow = (row: TypedArray, rowType: DType): void => {
    const values = valuesOf({ data: row, dtype: rowType })
    if (rowType !== dtype || half) {
      for (let i = 0; i < values.length; i++) put(values[i])
      return
    }
    data.set(values as never, at)
    at += values.length
  }
  const finish = (): TypedArray => {
    if (!half) return data
    const bits = allocateArray(op, Uint16Array, size, temporary)
    narrow(data as Float64Array, dtype, bits)
    return bits
  }
  return { put, putRow, finish }
}

function parseScalar(op: string, argument: string, given: unknown, dtype: DType): Scalar {
  const isBig = dtype === 'int64' || dtype === 'uint64'
  const value = typeof given === 'string' ? fromText(given, isBig) : given
  if (isBig && Number.isSafeInteger(value)) return BigInt(value as number)
  if (typeof value === (isBig ? 'bigint' : 'number')) return value as Scalar
  throw invalid(
    'BAD_DTYPE',
    { op, argument: `${argument} element`, value: given },
    `must be a ${isBig ? 'whole number or bigint' : 'number'} for ${dtype}`,
    'Convert the values first.',
  )
}

/** The value of a string that `toJSON` wrote. */
function fromText(text: string, isBig: boolean): unknown {
  if (isBig) return /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined
  return ['NaN', 'Infinity', '-Infinity', '-0'].includes(text) ? Number(text) : undefined
}
