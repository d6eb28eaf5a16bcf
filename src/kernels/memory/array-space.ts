/**
 * @file Allocates and frees the caller's arrays in a memory of the kernels. Errors name the function `op` that offers
 * them.
 */
import { invalid, type PoolError } from '../../errors.ts'
import { type ArrayClass, arrayName, type TypedArray } from '../../tensor/dtype.ts'
import type { FreeList } from './free-list.ts'

export class ArraySpace {
  readonly #op: string
  readonly #memory: WebAssembly.Memory
  readonly #freeList: FreeList
  readonly #repair: string
  /** The addresses of the allocated arrays. */
  readonly #allocated = new WeakMap<TypedArray, number>()

  /** @param repair  advice for a caller if no free block is large enough */
  constructor(op: string, memory: WebAssembly.Memory, freeList: FreeList, repair: string) {
    this.#op = op
    this.#memory = memory
    this.#freeList = freeList
    this.#repair = repair
  }

  /** A zeroed array. @throws PoolError "LIMIT" if no free block is large enough, "BAD_DTYPE", "BAD_PARAM" */
  allocate<A extends TypedArray>(storage: ArrayClass<A>, length: number): A {
    assertAllocation(this.#op, storage, length)
    const bytes = length * storage.BYTES_PER_ELEMENT
    const at = this.#freeList.alloc(bytes)
    if (at === null) {
      throw invalid(
        'LIMIT',
        { op: this.#op, argument: 'length', value: length },
        this.#freeList.describe(bytes),
        this.#repair,
      )
    }
    const buffer = this.#memory.buffer as ArrayBuffer
    new Uint8Array(buffer, at, bytes).fill(0)
    const array = new storage(buffer, at, length)
    this.#allocated.set(array, at)
    return array
  }

  /** @throws PoolError "BAD_PARAM" unless `allocate` returned this very object and it was not freed */
  free(array: TypedArray): void {
    const at = this.#allocated.get(array)
    if (at === undefined) throw notAllocated(this.#op, array)
    this.#allocated.delete(array)
    this.#freeList.free(at)
  }
}

export function notAllocated(op: string, array: unknown): PoolError {
  return invalid(
    'BAD_PARAM',
    { op, argument: 'array', value: array },
    'must be an array of this memory that is not free',
    'Pass what allocate returned, once.',
  )
}

/**
 * @throws PoolError "BAD_DTYPE" unless `storage` is a typed array class, "BAD_PARAM" unless `length` is a whole number
 *   from 0
 */
export function assertAllocation(op: string, storage: unknown, length: unknown): void {
  if (!isArrayClass(storage)) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'storage', value: storage },
      'must be the class of a typed array',
      'Pass Float32Array, BigInt64Array or another one.',
    )
  }
  if (Number.isSafeInteger(length) && (length as number) >= 0) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'length', value: length },
    'must be a whole number from 0',
    'Pass the number of elements.',
  )
}

/** True for the classes of any realm, but not for classes derived from them, such as Buffer. */
function isArrayClass(value: unknown): value is ArrayClass {
  try {
    return (
      Object.hasOwn(value as ArrayClass, 'BYTES_PER_ELEMENT') &&
      arrayName(new (value as ArrayClass)(0)) !== undefined
    )
  } catch {
    return false
  }
}
