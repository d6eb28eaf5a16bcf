/**
 * @file Making tensors: from data, zeroed, and the random numbers of `torch.manual_seed`.
 */
import { mersenne } from 'pure-rand/generator/mersenne'
import { invalid } from '../errors.ts'
import { allocateArray, type Wish } from './allocate.ts'
import { asTensor } from './as-tensor.ts'
import {
  type ArrayOf,
  arrayName,
  badDType,
  type DeclaredDType,
  type DType,
  dtypes,
  isDType,
  type TypedArray,
} from './dtype.ts'
import { type HalfType, narrow, roundHalf } from './half.ts'
import { type ArrayMemory, sharedMemory } from './memory.ts'
import { fromNested } from './nested.ts'
import { readOptions } from './read-options.ts'
import { parseShape, sizeOf } from './shape.ts'
import { declaredOf, type NestedArray, type PlainNumbers, Tensor, type TensorLike } from './tensor.ts'

const smaller: Wish = { argument: 'shape', repair: 'Ask for a smaller tensor, or free memory.' }

/** A dtype as `tensor`, `zeros` and `rand` take it. */
export interface DTypeOption<D extends DType = DType> {
  readonly dtype?: D
}

/**
 * A tensor of the given values.
 *
 * @param data   a typed array (kept, not copied), nested arrays, or any tensor-like object (made dense)
 * @param shape  needed for a typed array; checked against the values otherwise
 * @param dtype  of nested arrays; default: float32, or the dtype of rows that are typed arrays; "float16" and "bfloat16" say what the
 *               bits of a Uint16Array are, and "bool" that a Uint8Array holds truth values, 0 and 1
 * @throws PoolError "BAD_SHAPE" if shape and data do not fit or rows differ in length, "BAD_DTYPE" if values do not fit the dtype
 *
 * @example tensor([[1, 2], [3, 4]]), tensor(new Float32Array(4), [1, 2, 2]), tensor(bits, [4], 'float16')
 */
export function tensor<A extends TypedArray>(
  data: A,
  shape?: readonly number[],
  dtype?: DeclaredDType,
): Tensor<A>
export function tensor(
  data: PlainNumbers,
  shape: readonly number[] | undefined,
  dtype: 'bool',
): Tensor<Uint8Array>
export function tensor<D extends DType = 'float32'>(
  data: PlainNumbers,
  shape?: readonly number[],
  dtype?: D,
): Tensor<ArrayOf<D>>
export function tensor<D extends DType>(
  data: NestedArray,
  shape: readonly number[] | undefined,
  dtype: D,
): Tensor<ArrayOf<D>>
export function tensor<A extends TypedArray>(
  data: TensorLike<A>,
  shape?: readonly number[],
  dtype?: DeclaredDType,
): Tensor<A>
export function tensor(
  data: TypedArray | TensorLike,
  shape?: readonly number[],
  dtype?: DeclaredDType,
): Tensor {
  if (dtype !== undefined && dtype !== 'bool') parseDType('tensor', dtype)
  if (arrayName(data) !== undefined) {
    const typed = data as TypedArray
    return asTensor('tensor', 'data', { data: typed, shape: shape ?? [typed.length], dtype })
  }
  const stored = dtype === 'bool' ? 'uint8' : dtype
  const made = Array.isArray(data)
    ? fromNested('tensor', 'data', data, stored, 'float32')
    : asTensor('tensor', 'data', data as TensorLike, stored)
  return asTensor('tensor', 'data', {
    data: made.data,
    shape: shape ?? made.shape,
    dtype: dtype ?? declaredOf(made),
  })
}

/** Options of `zeros`: the dtype (float32 unless given), and where the elements lie. */
export interface ZerosOptions<D extends DType = DType> extends DTypeOption<D> {
  /** The memory of the elements. Default: a new array. */
  readonly memory?: ArrayMemory | undefined
  /** Puts them in the memory that `threads` share, or in a plain array if threads are not available. */
  readonly shared?: boolean | undefined
}

/** A tensor of zeros; float32 unless a dtype is given. */
export function zeros<D extends DType = 'float32'>(
  shape: readonly number[],
  options?: ZerosOptions<D>,
): Tensor<ArrayOf<D>>
export function zeros(shape: readonly number[], given: ZerosOptions = {}): Tensor {
  const options = readOptions('zeros', given, ['dtype', 'memory', 'shared'])
  const { dtype = 'float32' } = options
  const dims = parseShape('zeros', 'shape', shape)
  const { storage } = dtypes[parseDType('zeros', dtype)]
  const size = sizeOf(dims)
  const memory = memoryOf(options)
  return new Tensor(
    memory?.allocate(storage, size) ?? allocateArray('zeros', storage, size, smaller),
    dims,
    dtype,
  )
}

function memoryOf({ memory, shared = false }: ZerosOptions): ArrayMemory | undefined {
  if (shared === false) return memory
  if (shared === true && memory === undefined) return sharedMemory('zeros')
  throw invalid(
    'BAD_PARAM',
    { op: 'zeros', argument: 'shared', value: shared },
    'must be true or false, and false with a memory given',
    'Leave out memory or shared.',
  )
}

/** Options of `rand`: the seed of `torch.manual_seed` (random by default) and a floating dtype. */
export interface RandOptions<D extends DType = DType> extends DTypeOption<D> {
  readonly seed?: number | undefined
}

/**
 * Uniform numbers in [0, 1): those of `torch.manual_seed(seed); torch.rand(shape, dtype=dtype)` on the CPU, bit for bit.
 *
 * @param options  seed: a whole number, of which the low 32 bits count; dtype: float32 (default), float64, float16 or bfloat16
 * @throws PoolError "BAD_PARAM" for another seed, "BAD_DTYPE" for an integer dtype
 *
 * Source: MT19937; float32 takes the low 24 bits of one draw, float64 the low 53 bits of two, high word first; float16 and
 * bfloat16 are the float32 numbers, rounded; a result of 1 becomes 0.
 */
export function rand<D extends DType = 'float32'>(
  shape: readonly number[],
  options?: RandOptions<D>,
): Tensor<ArrayOf<D>>
export function rand(shape: readonly number[], options: RandOptions = {}): Tensor {
  const { seed = Math.floor(Math.random() * 2 ** 32), dtype = 'float32' } = readOptions('rand', options, [
    'seed',
    'dtype',
  ])
  if (!Number.isSafeInteger(seed)) {
    throw invalid(
      'BAD_PARAM',
      { op: 'rand', argument: 'seed', value: seed },
      'must be a whole number of at most 2^53 - 1',
      'Pass the seed of torch.manual_seed, or none for fresh numbers.',
    )
  }
  const dims = parseShape('rand', 'shape', shape)
  const fill = fillers[parseDType('rand', dtype)]
  if (fill === undefined) {
    throw invalid(
      'BAD_DTYPE',
      { op: 'rand', argument: 'dtype', value: dtype },
      `must be one of ${Object.keys(fillers).join(', ')}`,
      'Draw floating numbers and convert them.',
    )
  }
  const data = allocateArray('rand', dtypes[dtype].storage, sizeOf(dims), smaller)
  const generator = mersenne(seed >>> 0)
  fill(data, () => generator.next() >>> 0)
  return new Tensor(data, dims, dtype)
}

type Filler = (data: TypedArray, draw: () => number) => void

const fillers: Partial<Record<DType, Filler>> = {
  float32: fillFloat32,
  float64: (data, draw) => {
    for (let i = 0; i < data.length; i++) {
      const high = draw() & 0x1fffff
      data[i] = (high * 2 ** 32 + draw()) / 2 ** 53
    }
  },
  float16: fillHalf('float16'),
  bfloat16: fillHalf('bfloat16'),
}

function fillFloat32(data: TypedArray, draw: () => number): void {
  for (let i = 0; i < data.length; i++) data[i] = (draw() & 0xffffff) / 2 ** 24
}

function fillHalf(dtype: HalfType): Filler {
  return (bits, draw) => {
    const values = allocateArray('rand', Float32Array, bits.length, smaller)
    fillFloat32(values, draw)
    const round = roundHalf(dtype)
    narrow(
      values.map((value) => (round(value) < 1 ? value : 0)),
      dtype,
      bits as Uint16Array,
    )
  }
}

function parseDType(op: string, dtype: unknown): DType {
  if (isDType(dtype)) return dtype
  throw badDType(op, 'dtype', dtype)
}
