/**
 * @file A first-fit allocator over a memory. Freed blocks are merged with their free neighbours.
 */

/** Blocks begin at multiples of a cache line, in bytes. */
export const alignment = 64

interface FreeBlock {
  at: number
  bytes: number
}

export class FreeList {
  /** Sorted by address, without adjacent blocks. */
  readonly #gaps: FreeBlock[]
  readonly #taken = new Map<number, number>()

  constructor(at: number, bytes: number) {
    this.#gaps = [{ at, bytes }]
  }

  /** The address of a block of `bytes`, or null if no free block is large enough. */
  alloc(bytes: number): number | null {
    const size = sizeOf(bytes)
    const gap = this.#gaps.find((free) => free.bytes >= size)
    if (gap === undefined) return null
    const { at } = gap
    gap.at += size
    gap.bytes -= size
    if (gap.bytes === 0) this.#gaps.splice(this.#gaps.indexOf(gap), 1)
    this.#taken.set(at, size)
    return at
  }

  /** Returns false if `at` is not the address of an allocated block. */
  free(at: number): boolean {
    const bytes = this.#taken.get(at)
    if (bytes === undefined) return false
    this.#taken.delete(at)
    this.#gaps.push({ at, bytes })
    this.#gaps.sort((a, b) => a.at - b.at)
    for (let i = this.#gaps.length - 1; i > 0; i--) {
      const [before, gap] = [this.#gaps[i - 1]!, this.#gaps[i]!]
      if (before.at + before.bytes !== gap.at) continue
      before.bytes += gap.bytes
      this.#gaps.splice(i, 1)
    }
    return true
  }

  /** The error text for a request that no free block can meet. */
  describe(bytes: number): string {
    const largest = Math.max(0, ...this.#gaps.map((gap) => gap.bytes))
    return `needs ${sizeOf(bytes)} bytes in a row; the largest of ${this.#gaps.length} free stretches has ${largest}`
  }
}

function sizeOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / alignment)) * alignment
}
