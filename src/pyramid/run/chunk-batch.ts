/**
 * @file Chunks that are pooled by one call: they are read into places that lie one after the other.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { ObjectMemory } from '../store/reused-memory.ts'
import type { Box } from '../zarr/block.ts'

/** Bytes after a batch, so that a file is seen to end, and one that is too long to go on. */
export const spareBytes = 64

export class ChunkBatch {
  readonly #data: TypedArray
  /** Elements of a chunk, and how many chunks there are at most. */
  readonly #length: number
  readonly #most: number
  #filled = 0
  /** Of the chunks that have a place. */
  readonly boxes: Box[] = []

  /** @param data  for `most` chunks, with the spare bytes */
  constructor(data: TypedArray, length: number, most: number) {
    this.#data = data
    this.#length = length
    this.#most = most
  }

  get hasRoom(): boolean {
    return this.boxes.length < this.#most
  }

  get isFull(): boolean {
    return this.#filled === this.#most
  }

  /** The chunks, one after the other. */
  get chunks(): TypedArray {
    return this.#data.subarray(0, this.boxes.length * this.#length)
  }

  /** A place for the chunk of a box. */
  claim(box: Box): ChunkPlace {
    const index = this.boxes.push(box) - 1
    return new ChunkPlace(this, this.#data.subarray(index * this.#length), this.#length)
  }

  filled(): void {
    this.#filled++
  }

  empty(): void {
    this.boxes.length = 0
    this.#filled = 0
  }
}

/** The place of one chunk. What is too long for it runs into the next place, and is refused before that is pooled. */
export class ChunkPlace implements ObjectMemory {
  readonly batch: ChunkBatch
  readonly #data: TypedArray
  readonly #length: number

  constructor(batch: ChunkBatch, data: TypedArray, length: number) {
    this.batch = batch
    this.#data = data
    this.#length = length
  }

  get room(): number {
    return this.#length * this.#data.BYTES_PER_ELEMENT + spareBytes
  }

  take(bytes: number): Uint8Array<ArrayBuffer> {
    if (bytes > this.room) return new Uint8Array(bytes)
    const { buffer, byteOffset } = this.#data
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, bytes)
  }

  /** Copies the elements of the chunk, unless they were read into their place. */
  fill(data: TypedArray): void {
    const { buffer, byteOffset } = this.#data
    if (data.buffer !== buffer || data.byteOffset !== byteOffset) this.#data.set(data as never)
    this.batch.filled()
  }
}
