/**
 * @file Memory of a fixed size for the caller's arrays, where kernels use them in place.
 */
import { invalid, PoolError } from '../../errors.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import type { ArrayClass, TypedArray } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { loadModules, type Modules } from '../wasm/load.ts'
import { WasmInstance } from '../wasm/wasm-instance.ts'
import { ArraySpace } from './array-space.ts'
import { alignment, FreeList } from './free-list.ts'

/** Bytes of the kernels' scratch, which precedes the caller's arrays. */
export const scratchBytes = 8 * 1024 * 1024

interface Owner {
  readonly instance: WasmInstance
  readonly freeList: FreeList
}

const owners = new WeakMap<ArrayBufferLike, Owner>()
let registered = 0

/**
 * Memory of the WebAssembly kernels for tensors. Pooling reads and writes tensors in it in place, without staging. It
 * never grows, because growing would detach every array in it. It is freed when it and all its arrays are unreachable.
 *
 * @example
 * const memory = new WasmMemory({ bytes: 256 * 2 ** 20 })
 * const x = zeros([32, 64, 112, 112], { memory })
 * maxPool2d(x, { kernelSize: 2, out: memory.allocate(Float32Array, 32 * 64 * 56 * 56) })
 *
 * @throws PoolError "UNAVAILABLE" if WebAssembly does not run here, "LIMIT" if the memory cannot be allocated
 */
export class WasmMemory {
  /** Bytes for arrays. */
  readonly bytes: number
  readonly #arrays: ArraySpace

  constructor(options: { readonly bytes: number }) {
    const { bytes } = readOptions('WasmMemory', options, ['bytes'])
    if (!Number.isSafeInteger(bytes) || bytes <= 0) {
      throw invalid(
        'BAD_PARAM',
        { op: 'WasmMemory', argument: 'bytes', value: bytes },
        'must be a whole number above 0',
        'Pass the size of all tensors that are to lie in it.',
      )
    }
    const modules = [loadModules('simd'), loadModules('scalar')].find((loaded) => !('reason' in loaded))
    if (modules === undefined) {
      const { reason } = loadModules('scalar') as { reason: string }
      throw new PoolError('UNAVAILABLE', `WasmMemory: ${reason}. Use plain typed arrays.`, {
        op: 'WasmMemory',
      })
    }
    this.bytes = Math.ceil(bytes / alignment) * alignment
    const instance = instanceWith(modules as Modules, this.bytes)
    const freeList = new FreeList(instance.end, this.bytes)
    this.#arrays = new ArraySpace(
      'WasmMemory',
      instance.memory,
      freeList,
      'Free arrays, or make the memory larger.',
    )
    own(instance, freeList)
  }

  /**
   * A zeroed array in this memory.
   *
   * @throws PoolError "LIMIT" if no free block is large enough, "BAD_DTYPE" for another class, "BAD_PARAM" for another
   *   length
   */
  allocate<A extends TypedArray>(storage: ArrayClass<A>, length: number): A {
    return this.#arrays.allocate(storage, length)
  }

  /**
   * Frees an array, which must not be used afterwards.
   *
   * @throws PoolError "BAD_PARAM" for an array that `allocate` did not give, or that was freed before
   */
  free(array: TypedArray): void {
    this.#arrays.free(array)
  }
}

function instanceWith(modules: Modules, bytes: number): WasmInstance {
  try {
    return new WasmInstance(modules, scratchBytes, bytes)
  } catch (cause) {
    throw new PoolError(
      'LIMIT',
      `WasmMemory: bytes = ${bytes}; WebAssembly memory of that size cannot be had here. Ask for fewer bytes, or use plain typed arrays.`,
      { op: 'WasmMemory', argument: 'bytes', value: bytes, cause },
    )
  }
}

/**
 * Registers a memory. Kernels run on `instance` for arrays that lie in it, and `withTemporary` allocates from
 * `freeList`.
 */
export function own(instance: WasmInstance, freeList: FreeList): void {
  owners.set(instance.memory.buffer, { instance, freeList })
  registered++
}

/** The instance in whose memory one of the arrays lies, if any. */
export function ownerOf(arrays: readonly (TypedArray | null | undefined)[]): WasmInstance | undefined {
  if (registered === 0) return undefined
  for (const array of arrays) {
    const owner = array && owners.get(array.buffer)
    if (owner) return owner.instance
  }
  return undefined
}

/** Calls `use` with an uninitialised array, in the memory of `like` if that is registered and has room. */
export function withTemporary<A extends TypedArray, R>(
  like: TypedArray,
  storage: ArrayClass<A>,
  length: number,
  use: (array: A) => R,
): R {
  const owner = registered === 0 ? undefined : owners.get(like.buffer)
  const at = owner?.freeList.alloc(length * storage.BYTES_PER_ELEMENT) ?? null
  if (owner === undefined || at === null) return use(allocateArray('pool2d', storage, length, temporary))
  try {
    return use(new storage(owner.instance.memory.buffer as ArrayBuffer, at, length))
  } finally {
    owner.freeList.free(at)
  }
}
