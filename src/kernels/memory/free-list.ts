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
  readonly #blocks: FreeBlock[]
  readonly #taken = new Map<number, number>()

  constructor(at: number, bytes: number) {
    this.#blocks = [{ at, bytes }]
  }

  /** The address of a block of `bytes`, or null if no free block is large enough. */
  alloc(bytes: number): number | null {
    const size = sizeOf(bytes)
    const block = this.#blocks.find((free) => free.bytes >= size)
    if (block === undefined) return null
    const { at } = block
    block.at += size
    block.bytes -= size
    if (block.bytes === 0) this.#blocks.splice(this.#blocks.indexOf(block), 1)
    this.#taken.set(at, size)
    return at
  }

  /** Returns false if `at` is not the address of an allocated block. */
  free(at: number): boolean {
    const bytes = this.#taken.get(at)
    if (bytes === undefined) return false
    this.#taken.delete(at)
    this.#blocks.push({ at, bytes })
    this.#blocks.sort((a, b) => a.at - b.at)
    for (let i = this.#blocks.length - 1; i > 0; i--) {
      const [before, block] = [this.#blocks[i - 1]!, this.#blocks[i]!]
      if (before.at + before.bytes !== block.at) continue
      before.bytes += block.bytes
      this.#blocks.splice(i, 1)
    }
    return true
  }

  /** The error text for a request that no free block can meet. */
  describe(bytes: number): string {
    const largest = Math.max(0, ...this.#blocks.map((block) => block.bytes))
    return `needs ${sizeOf(bytes)} bytes in a row; the largest of ${this.#blocks.length} free stretches has ${largest}`
  }
}

function sizeOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / alignment)) * alignment
}
