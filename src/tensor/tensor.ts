/**
 * @file The tensor that operations return, and the other forms of input that they accept.
 */
import { invalid } from '../errors.ts'
import { type DeclaredDType, type DTypeOf, dtypeOf, type Scalar, type TypedArray } from './dtype.ts'
import { formatTensor } from './print.ts'
import { parseShape, rowMajorStrides, sizeOf } from './shape.ts'
import { assertLength, valuesOf } from './storage.ts'

/** Nested arrays of numbers, or of rows that are typed arrays; all rows have the same length. */
export type NestedArray<A extends TypedArray = TypedArray> = readonly (Scalar | Row<A> | NestedArray<A>)[]

/** A typed array, described by a property that numbers lack, so that TypeScript does not search for one among numbers. */
interface Row<A extends TypedArray> {
  readonly BYTES_PER_ELEMENT: number
  subarray(begin?: number, end?: number): A
}

/** A dense row-major tensor, or a strided view as scijs ndarray (`stride`, `offset`) and zarrita chunks (`stride`) have it. */
export interface ShapedArray<A extends TypedArray = TypedArray> {
  /** A plain array is read as nested arrays are. */
  readonly data: A | readonly Scalar[]
  readonly shape: readonly number[]
  readonly dtype?: string | undefined
  readonly stride?: readonly number[] | undefined
  readonly offset?: number | undefined
}

/** ONNX Runtime's form. */
export interface DimsArray<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly dims: readonly number[]
  readonly type?: string | undefined
}

/** The pixels of a canvas: [height, width, 4], for layout "NHWC". */
export interface PixelArray<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly width: number
  readonly height: number
}

/** Plain numbers, read as float32 unless something else is expected: nested, or flat with their shape. */
export type PlainNumbers =
  | NestedNumbers
  | (Omit<ShapedArray, 'data' | 'dtype'> & {
      readonly data: readonly Scalar[]
      readonly dtype?: 'array' | 'float32' | undefined
    })
type NestedNumbers = readonly (Scalar | NestedNumbers)[]

/**
 * The forms of a tensor that every operation accepts. Nested arrays of numbers become float32; rows that are typed arrays keep their dtype.
 */
export type TensorLike<A extends TypedArray = TypedArray> =
  | ShapedArray<A>
  | DimsArray<A>
  | PixelArray<A>
  | NestedArray<A>

/** A dense row-major tensor; float16 and bfloat16 are kept as bits in a Uint16Array. */
export class Tensor<A extends TypedArray = TypedArray> {
  readonly data: A
  readonly shape: readonly number[]
  readonly dtype: DTypeOf<A>
  /** True if the elements are truth values, 0 and 1 of dtype uint8: declared as 'bool', as NumPy's bool and masks are. */
  readonly isBoolean: boolean
  readonly #checked = true

  /**
   * Wraps `data` without a copy; `tensor(...)` takes more forms. Without a dtype it is the one that the array's class stands for.
   *
   * @throws PoolError "BAD_SHAPE" or "BAD_DTYPE" for data, shape and dtype that do not fit each other
   */
  constructor(data: A, shape: readonly number[], dtype?: DeclaredDType) {
    this.isBoolean = dtype === 'bool'
    this.dtype = dtypeOf('Tensor', 'data', data, dtype) as DTypeOf<A>
    this.shape = parseShape('Tensor', 'shape', shape)
    assertLength('Tensor', 'data', data, this.shape, 'shape')
    this.data = data
    Object.freeze(this)
  }

  /** True for a tensor made by the constructor; such tensors are immutable. */
  static isTensor(value: unknown): value is Tensor {
    return typeof value === 'object' && value !== null && #checked in value
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  /**
   * The same elements, not copied, with another shape. One axis may be -1: it takes the remaining size.
   *
   * @throws PoolError "BAD_SHAPE" for a shape of another size
   */
  reshape(shape: readonly number[]): Tensor<A> {
    const open = Array.isArray(shape) ? shape.indexOf(-1) : -1
    if (open < 0) {
      const size = sizeOf(parseShape('reshape', 'shape', shape))
      if (size === this.size) return new Tensor(this.data, shape, declaredOf(this))
      throw invalid(
        'BAD_SHAPE',
        { op: 'reshape', argument: 'shape', value: shape },
        `the tensor has ${this.size} elements, and the shape ${size}`,
        'Give -1 for one axis to have it computed.',
      )
    }
    const rest = sizeOf(parseShape('reshape', 'shape', shape.toSpliced(open, 1)))
    if (rest === 0 || this.size % rest !== 0) {
      throw invalid(
        'BAD_SHAPE',
        { op: 'reshape', argument: 'shape', value: shape },
        `the tensor's ${this.size} elements must be a multiple of the ${rest} elements of the other axes`,
        'Give the whole shape.',
      )
    }
    return new Tensor(this.data, shape.with(open, this.size / rest), declaredOf(this))
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

  /** A form that `tensor(...)` reads. Values without a JSON number (NaN, infinities, -0, 64-bit integers) are strings. */
  toJSON(): {
    readonly dtype: DeclaredDType
    readonly shape: readonly number[]
    readonly data: (number | string)[]
  } {
    const data = Array.from(valuesOf(this), (value) =>
      Number.isFinite(value) && !Object.is(value, -0) ? (value as number) : textOf(value),
    )
    return { dtype: declaredOf(this), shape: this.shape, data }
  }

  /** The values as PyTorch prints them. */
  toString(): string {
    return formatTensor(valuesOf(this), this.shape, this.dtype)
  }
}

/** The dtype that the constructor takes for such a tensor. */
export function declaredOf({ dtype, isBoolean }: Pick<Tensor, 'dtype' | 'isBoolean'>): DeclaredDType {
  return isBoolean ? 'bool' : dtype
}

function textOf(value: Scalar): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
