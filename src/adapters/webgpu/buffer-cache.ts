/**
 * @file Buffers that calls share, such as the tables of a plan: the ones used last are kept, the others destroyed.
 */

/** The end of the buffers that recorded work used: a list to destroy once it is submitted; null where the caller submits it, some time. */
export type Spent = GPUBuffer[] | null

interface Kept {
  readonly buffer: GPUBuffer
  /** True once the caller's encoder has used it: nobody here knows when that is submitted, so the garbage collector ends it. */
  isLent: boolean
}

export class BufferCache<K> {
  readonly #kept = new Map<K, Kept>()
  readonly #mostCount: number
  readonly #mostBytes: number
  #bytes = 0

  constructor(most: { readonly count: number; readonly bytes: number }) {
    this.#mostCount = most.count
    this.#mostBytes = most.bytes
  }

  take(key: K, spent: Spent, make: () => GPUBuffer): GPUBuffer {
    const known = this.#kept.get(key)
    const kept = known ?? { buffer: make(), isLent: false }
    kept.isLent ||= spent === null
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    if (known === undefined) {
      this.#bytes += kept.buffer.size
      this.#evict(spent)
    }
    return kept.buffer
  }

  /** Oldest first, never the last one taken. */
  #evict(spent: Spent): void {
    for (const [key, { buffer, isLent }] of this.#kept) {
      const { size } = this.#kept
      if (size === 1 || (size <= this.#mostCount && this.#bytes <= this.#mostBytes)) return
      this.#kept.delete(key)
      this.#bytes -= buffer.size
      if (isLent) continue
      if (spent === null) buffer.destroy()
      else spent.push(buffer)
    }
  }

  clear(): void {
    for (const { buffer } of this.#kept.values()) buffer.destroy()
    this.#kept.clear()
    this.#bytes = 0
  }
}
