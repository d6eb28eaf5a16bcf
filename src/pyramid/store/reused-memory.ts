/**
 * @file Memory of one object or array at a time, kept for the next one.
 */
export class ReusedMemory {
  #buffer = new ArrayBuffer(0)

  /** The bytes that it has. */
  get room(): number {
    return this.#buffer.byteLength
  }

  /** At least so many bytes, of any content; those given before are void. */
  take(bytes: number): ArrayBuffer {
    if (this.#buffer.byteLength < bytes) this.#buffer = new ArrayBuffer(bytes)
    return this.#buffer
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
