/**
 * @file Arrays in the kernels' own memory, where that can be had, for one owner at a time: a call does not copy what lies there.
 */
import { isPoolError } from '../../errors.ts'
import { WasmMemory } from '../../kernels/memory/wasm-memory.ts'
import type { ArrayClass, TypedArray } from '../../tensor/dtype.ts'

export class KernelArrays {
  #owner: unknown
  #bytes = 0
  #memory: WasmMemory | undefined
  #arrays: readonly TypedArray[] = []

  /** Arrays of these lengths, kept until another owner asks for some. */
  take(owner: object, storage: ArrayClass, lengths: readonly number[]): readonly TypedArray[] {
    if (this.#owner === owner) return this.#arrays
    for (const array of this.#arrays) this.#memory?.free(array)
    const bytes = lengths.reduce((sum, length) => sum + roomFor(length * storage.BYTES_PER_ELEMENT), 0)
    if (bytes > this.#bytes) [this.#memory, this.#bytes] = [memoryOf(bytes), bytes]
    const memory = this.#memory
    this.#arrays = lengths.map((length) => memory?.allocate(storage, length) ?? new storage(length))
    this.#owner = owner
    return this.#arrays
  }
}

/** Arrays begin at whole cache lines. */
function roomFor(bytes: number): number {
  return 64 * Math.ceil(bytes / 64)
}

function memoryOf(bytes: number): WasmMemory | undefined {
  try {
    return new WasmMemory({ bytes })
  } catch (error) {
    if (isPoolError(error, 'UNAVAILABLE', 'LIMIT')) return undefined
    throw error
  }
}
