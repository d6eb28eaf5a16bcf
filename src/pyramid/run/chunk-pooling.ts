/**
 * @file Pools chunks as they are read, without the box they lie in: no window crosses chunks whose sides are whole numbers of windows.
 */
import { isPoolError } from '../../errors.ts'
import { WasmMemory } from '../../kernels/memory/wasm-memory.ts'
import { type ArrayClass, type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { downsampleInto } from '../downsample/downsample.ts'
import { type DownsampleOptions, sizesOf } from '../downsample/options.ts'
import { chunksOf, dtypeOfElements } from '../zarr/array-metadata.ts'
import {
  arrayOf,
  type Box,
  copyShared,
  intersection,
  type Placed,
  RowViews,
  shapeOfBox,
} from '../zarr/block.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'

/** Chunks of fewer elements are put together first: a call for each of them would take longer than copying. */
const fewElements = 2 ** 12

/** Bytes of whole chunks that are pooled at once, and how many they are at most: a call takes as long as pooling some kilobytes. */
const [batchBytes, mostAtOnce] = [2 ** 22, 16]

/** True if chunks of the array can be pooled one by one. */
export function areChunksApart({ metadata }: ZarrArray, { factor, alpha }: DownsampleOptions): boolean {
  const chunks = chunksOf(metadata)
  const isWhole = (axis: number): boolean => chunks[axis]! >= metadata.shape[axis]!
  const steps = factor as readonly number[]
  return (
    sizeOf(chunks) >= fewElements &&
    chunks.every((length, axis) => length % steps[axis]! === 0 || isWhole(axis)) &&
    (alpha === undefined || isWhole(alpha.axis))
  )
}

/** Memory for the chunks that are pooled at once, of one array at a time: in the kernels' own, where that can be had. */
export class BatchMemory {
  #owner: unknown
  #bytes = 0
  #memory: WasmMemory | undefined
  #arrays: readonly TypedArray[] = []

  /** Two arrays, kept until another owner asks for some. */
  take(owner: object, storage: ArrayClass, lengths: readonly [number, number]): readonly TypedArray[] {
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

/** Chunks that are pooled together, and where they belong in the level after. */
interface Batch {
  readonly x: TypedArray
  readonly y: TypedArray
  readonly places: Box[]
}

/** Pools the chunks of one array. */
export class ChunkPooling {
  readonly #array: ZarrArray
  readonly #settings: DownsampleOptions
  readonly #dtype: DType
  /** Of a chunk, and of what it becomes. */
  readonly #shape: readonly number[]
  readonly #sizes: readonly number[]
  /** Chunks at once. */
  readonly #most: number
  readonly #memory: BatchMemory
  /** Of each chunk that is pooled at once, in memory that is kept. */
  readonly #rows: readonly RowViews[]

  /** @param array  one whose chunks are apart */
  constructor(array: ZarrArray, settings: DownsampleOptions, memory: BatchMemory) {
    this.#array = array
    this.#memory = memory
    this.#settings = settings
    this.#dtype = dtypeOfElements(array.metadata.type)
    this.#shape = chunksOf(array.metadata)
    const { factor, edges = 'keep' } = settings
    this.#sizes = sizesOf(this.#shape, factor as readonly number[], edges)
    const bytes = sizeOf(this.#shape) * dtypes[this.#dtype].storage.BYTES_PER_ELEMENT
    this.#most = Math.min(mostAtOnce, Math.floor(batchBytes / bytes))
    this.#rows = Array.from({ length: this.#most }, () => new RowViews())
  }

  /**
   * Puts the windows of a box into their places in the level after.
   *
   * @returns how many chunks are not there
   * @throws PoolError as `ZarrArray.read` does
   */
  async pool(box: Box, pooled: Placed, rule: 'fill' | 'error'): Promise<number> {
    const batch = this.#most > 1 ? this.#emptyBatch() : undefined
    const missing = await this.#array.readChunks(box, (chunk) => this.#take(chunk, box, pooled, batch), rule)
    if (batch !== undefined) this.#poolBatch(batch, pooled)
    return missing
  }

  #take(chunk: Placed, box: Box, pooled: Placed, batch: Batch | undefined): void {
    const read = intersection(chunk.box, box)!
    const target = this.#reduced(read)
    if (shapeOfBox(target).some((length) => length === 0)) return
    const isAll = isSame(chunk.box, read)
    if (
      batch !== undefined &&
      isAll &&
      shapeOfBox(read).every((length, axis) => length === this.#shape[axis])
    ) {
      batch.x.set(chunk.data as never, batch.places.length * sizeOf(this.#shape))
      if (batch.places.push(target) === this.#most) this.#poolBatch(batch, pooled)
      return
    }
    const x = new Tensor(isAll ? chunk.data : this.#elementsOf(chunk, read), shapeOfBox(read), this.#dtype)
    copyShared({ data: downsampleInto(undefined, x, this.#settings).data, box: target }, pooled)
  }

  /** Pools the chunks at hand by one call, along an axis before their own. */
  #poolBatch({ x, y, places }: Batch, pooled: Placed): void {
    const count = places.length
    if (count === 0) return
    const { factor, alpha, ...settings } = this.#settings
    const [from, to] = [sizeOf(this.#shape), sizeOf(this.#sizes)]
    downsampleInto(
      y.subarray(0, count * to),
      new Tensor(x.subarray(0, count * from), [count, ...this.#shape], this.#dtype),
      {
        ...settings,
        factor: [1, ...(factor as readonly number[])],
        alpha: alpha && { ...alpha, axis: alpha.axis + 1 },
      },
    )
    places.forEach((box, i) => {
      copyShared({ data: y.subarray(i * to, (i + 1) * to), box, rows: this.#rows[i]! }, pooled)
    })
    places.length = 0
  }

  #emptyBatch(): Batch {
    const { storage } = dtypes[this.#dtype]
    const [from, to] = [this.#shape, this.#sizes].map((shape) => this.#most * sizeOf(shape)) as [
      number,
      number,
    ]
    const [x, y] = this.#memory.take(this, storage as ArrayClass, [from, to]) as [TypedArray, TypedArray]
    return { x, y, places: [] }
  }

  #reduced({ from, to }: Box): Box {
    const { factor, edges } = this.#settings
    const steps = factor as readonly number[]
    const windows = edges === 'trim' ? Math.floor : Math.ceil
    return {
      from: from.map((begin, axis) => begin / steps[axis]!),
      to: to.map((end, axis) => windows(end / steps[axis]!)),
    }
  }

  #elementsOf(chunk: Placed, box: Box): TypedArray {
    const data = arrayOf(shapeOfBox(box), this.#dtype)
    copyShared(chunk, { data, box })
    return data
  }
}

function isSame(a: Box, b: Box): boolean {
  return a.to.every((end, axis) => end === b.to[axis] && a.from[axis] === b.from[axis])
}
