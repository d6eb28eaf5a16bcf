/**
 * @file Memory of one object or array at a time, kept for the next one.
 */

/** A place for the bytes of one object. */
export interface ObjectMemory {
  /** The bytes that it has. */
  readonly room: number
  /** At least so many bytes, of any content; those given before are void. */
  take(bytes: number): Uint8Array<ArrayBuffer>
}

export class ReusedMemory implements ObjectMemory {
  #bytes = new Uint8Array()

  get room(): number {
    return this.#bytes.length
  }

  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length < bytes) this.#bytes = new Uint8Array(bytes)
    return this.#bytes
  }
}

/** Memories that are handed back after use. */
export class MemoryPool {
  readonly #idle: ReusedMemory[] = []

  async use<R>(act: (memory: ReusedMemory) => Promise<R>): Promise<R> {
    const memory = this.#idle.pop() ?? new ReusedMemory()
    try {
      return await act(memory)
    } finally {
      this.#idle.push(memory)
    }
  }
}
