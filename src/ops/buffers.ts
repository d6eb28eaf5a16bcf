/**
 * @file The tensors of a job: checks that inputs fit each other, and makes the output or takes the caller's array.
 */
import { invalid } from '../errors.ts'
import type { IndexArray } from '../kernels/job.ts'
import { ownerOf, withTemporary } from '../kernels/memory/wasm-memory.ts'
import { narrowWhole } from '../kernels/whole-halves.ts'
import { allocateArray, temporary } from '../tensor/allocate.ts'
import { type ArrayClass, arrayName, type DType, dtypes, type TypedArray } from '../tensor/dtype.ts'
import { sizeOf } from '../tensor/shape.ts'
import { allocate, assertLength, isHalf, overlaps, storageOf } from '../tensor/storage.ts'
import { declaredOf, Tensor } from '../tensor/tensor.ts'
import { assertSameShape } from './geometry/tensor-axes.ts'

/**
 * A tensor for the result, with the dtype of `like`: in `out` if the caller gave one, else in a new array.
 *
 * @throws PoolError "BAD_DTYPE" or "BAD_SHAPE" for an `out` of another class or length, "BAD_PARAM" for one that overlaps an input
 */
export function outputTensor<A extends TypedArray>(
  op: string,
  like: Tensor<A>,
  shape: readonly number[],
  out: unknown,
  inputs: readonly Pick<Tensor, 'data'>[],
): Tensor<A> {
  if (out === undefined) return new Tensor(allocate(op, like, sizeOf(shape)) as A, shape, declaredOf(like))
  const data = arrayIn(op, 'out', out, shape) as A
  const name = arrayName(like.data)
  if (arrayName(data) !== name) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'out', value: out },
      `must be a ${name}, like x.data`,
      'Pass such an array.',
    )
  }
  assertLength(op, 'out', data, shape, "the output's shape")
  assertApart(op, 'out', data, inputs, 'an input')
  return new Tensor(data, shape, declaredOf(like))
}

/** The array of `out`; if `out` is a tensor, its shape must be the result's. */
function arrayIn(op: string, argument: string, out: unknown, shape: readonly number[]): unknown {
  if (!Tensor.isTensor(out)) return out
  assertSameShape(op, argument, out.shape, shape, 'the shape of the result')
  return out.data
}

/** @throws PoolError "BAD_PARAM" if `data` shares memory with another array */
export function assertApart(
  op: string,
  argument: string,
  data: TypedArray,
  others: readonly Pick<Tensor, 'data'>[],
  what: string,
): void {
  if (!others.some((other) => overlaps(other.data, data))) return
  throw invalid(
    'BAD_PARAM',
    { op, argument, value: data },
    `must not share memory with ${what}`,
    'Pass another array.',
  )
}

/** As `outputTensor`, filled with zeros. */
export function zeroedTensor<A extends TypedArray>(
  op: string,
  like: Tensor<A>,
  shape: readonly number[],
  out: unknown,
  inputs: readonly Pick<Tensor, 'data'>[],
): Tensor<A> {
  const zeroed = outputTensor(op, like, shape, out, inputs)
  if (out !== undefined) zeroed.data.fill((like.dtype.endsWith('int64') ? 0n : 0) as never)
  return zeroed
}

/** Passes `use` an uninitialised temporary output. It lies in the WasmMemory of `like`, if any, so kernels need no copy. */
export function withOutput(
  op: string,
  like: Tensor,
  shape: readonly number[],
  use: (y: TypedArray) => void,
): void {
  const { data } = like
  if (ownerOf([data]) === undefined) use(outputTensor(op, like, shape, undefined, []).data)
  else withTemporary(data, data.constructor as ArrayClass, sizeOf(shape), use)
}

/** A new tensor for indices: Int32Array, or Float64Array for planes of 2^31 elements or more. */
export function indexTensor(op: string, shape: readonly number[], planeSize: number): Tensor<IndexArray> {
  const data = allocateArray<IndexArray>(op, indexStorage(planeSize), sizeOf(shape))
  return new Tensor(data, shape, planeSize < 2 ** 31 ? 'int32' : 'float64')
}

/**
 * As `indexTensor`, in the caller's array `out`.
 *
 * @throws PoolError "BAD_DTYPE" or "BAD_SHAPE" for an `out` of another class or length, "BAD_PARAM" for one that overlaps `others`
 */
export function indexTensorIn(
  op: string,
  shape: readonly number[],
  planeSize: number,
  out: unknown,
  others: readonly Pick<Tensor, 'data'>[],
): Tensor<IndexArray> {
  const { name } = indexStorage(planeSize)
  const data = arrayIn(op, 'indicesOut', out, shape) as IndexArray
  if (arrayName(data) !== name) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'indicesOut', value: out },
      `must be an ${name} for planes of ${planeSize} elements`,
      'Pass such an array.',
    )
  }
  assertLength(op, 'indicesOut', data, shape, "the output's shape")
  assertApart(op, 'indicesOut', data, others, 'an input or the output')
  return new Tensor(data, shape, planeSize < 2 ** 31 ? 'int32' : 'float64')
}

function indexStorage(planeSize: number): typeof Int32Array | typeof Float64Array {
  return planeSize < 2 ** 31 ? Int32Array : Float64Array
}

/** @throws PoolError "BAD_DTYPE" unless both tensors have the same dtype */
export function assertSameDType(op: string, argument: string, tensor: Tensor, x: Tensor): void {
  if (tensor.dtype === x.dtype) return
  throw invalid(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: tensor.dtype },
    `must be that of x, ${x.dtype}`,
    `Convert ${argument}.`,
  )
}

/** @throws PoolError "BAD_DTYPE" for integers */
export function assertFloat(op: string, argument: string, dtype: DType, what: string): void {
  if (dtypes[dtype].float) return
  throw invalid(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: dtype },
    `${what} float32, float64, float16 and bfloat16 only`,
    'Convert to float32 first.',
  )
}

/** Passes `fill` the numbers of `tensor` to be written; float16 and bfloat16 are rounded once. */
export function filled<T extends Tensor>(
  op: string,
  tensor: T,
  fill: (values: Float32Array | Float64Array) => void,
): T {
  const half = isHalf(tensor.dtype)
  const values = half
    ? allocateArray(op, Float32Array, tensor.data.length, temporary)
    : (tensor.data as Float32Array | Float64Array)
  fill(values)
  if (half)
    narrowWhole(values as Float32Array, tensor.dtype as 'float16', storageOf(tensor.data) as Uint16Array)
  return tensor
}
