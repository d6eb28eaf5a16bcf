/**
 * @file The tensor that operations return, and the types of what they accept in its place.
 */
import { type DType, dtypeOf, dtypes, type Scalar, type TypedArray } from './dtype.ts'
import { formatTensor } from './print.ts'
import { parseShape, rowMajorStrides, sizeOf } from './shape.ts'
import { assertLength, valuesOf } from './storage.ts'

/** Numbers in arrays in arrays; all rows of one length. */
export type NestedArray = readonly (Scalar | NestedArray)[]

/** A dense row-major tensor, or a strided view as scijs ndarray (`stride`, `offset`) and zarrita chunks (`stride`) have it. */
export interface ShapedArray<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly shape: readonly number[]
  readonly dtype?: string
  readonly stride?: readonly number[]
  readonly offset?: number
}

/** ONNX Runtime's form. */
export interface DimsArray<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly dims: readonly number[]
  readonly type?: string
}

/** What every operation takes as a tensor. Nested arrays are read as float32. */
export type TensorLike<A extends TypedArray = TypedArray> = ShapedArray<A> | DimsArray<A> | NestedArray

/** A dense row-major tensor; float16 and bfloat16 are kept as bits in a Uint16Array. */
export class Tensor<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly shape: readonly number[]
  readonly dtype: DType

  /**
   * Wraps `data` without a copy; `tensor(...)` takes more forms. Without a dtype it is the one that the array's class stands for.
   *
   * @throws PoolError "BAD_SHAPE" or "BAD_DTYPE" for data, shape and dtype that do not fit each other
   */
  constructor(data: A, shape: readonly number[], dtype?: DType) {
    const fits = dtype !== undefined && data?.constructor === dtypes[dtype]?.storage
    this.dtype = fits ? dtype : dtypeOf('Tensor', 'data', data, dtype)
    this.shape = Object.isFrozen(shape) ? shape : parseShape('Tensor', 'shape', shape)
    assertLength('Tensor', 'data', data, this.shape, 'shape')
    this.data = data
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  /** Nested arrays of numbers (bigints for int64 and uint64); a bare number for a scalar. */
  toArray(): NestedArray | Scalar {
    const values = valuesOf(this)
    const strides = rowMajorStrides(this.shape)
    const nest = (axis: number, start: number): NestedArray | Scalar =>
      axis === this.shape.length
        ? values[start]!
        : Array.from({ length: this.shape[axis]! }, (_, i) => nest(axis + 1, start + i * strides[axis]!))
    return nest(0, 0)
  }

  /** The values as PyTorch prints them. */
  toString(): string {
    return formatTensor(valuesOf(this), this.shape, this.dtype)
  }
}
