/**
 * @file Pools chunks without the box they lie in: no window crosses chunks whose sides are whole numbers of windows.
 */
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { downsampleInto } from '../downsample/downsample.ts'
import { type DownsampleOptions, sizesOf } from '../downsample/options.ts'
import { chunksOf, dtypeOfElements } from '../zarr/array-metadata.ts'
import {
  arrayOf,
  type Box,
  boxOfCell,
  type Cells,
  cellAt,
  cellsOf,
  copyShared,
  intersection,
  type Placed,
  shapeOfBox,
} from '../zarr/block.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'
import { ChunkBatch, type ChunkPlace, spareBytes } from './chunk-batch.ts'

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

/** The elements of a box of a level: in its order, or chunk by chunk. */
export type LevelData = Placed | Cells

/** Pools the chunks of one array. */
export class ChunkPooling {
  readonly #array: ZarrArray
  readonly #settings: DownsampleOptions
  /** Of several chunks, along an axis before their own. */
  readonly #batchSettings: DownsampleOptions
  readonly #dtype: DType
  /** Of a chunk. */
  readonly #shape: readonly number[]
  /** Chunks at once. */
  readonly #most: number
  /** Elements of a chunk, and of what it becomes. */
  readonly #length: number
  readonly #pooledLength: number

  /** @param array  one whose chunks are apart */
  constructor(array: ZarrArray, settings: DownsampleOptions) {
    this.#array = array
    this.#settings = settings
    const { factor, alpha, edges = 'keep' } = settings
    this.#batchSettings = {
      ...settings,
      factor: [1, ...(factor as readonly number[])],
      alpha: alpha && { ...alpha, axis: alpha.axis + 1 },
    }
    this.#dtype = dtypeOfElements(array.metadata.type)
    this.#shape = chunksOf(array.metadata)
    this.#length = sizeOf(this.#shape)
    this.#pooledLength = sizeOf(sizesOf(this.#shape, factor as readonly number[], edges))
    const bytes = this.#length * dtypes[this.#dtype].storage.BYTES_PER_ELEMENT
    this.#most = Math.min(mostAtOnce, Math.floor(batchBytes / bytes))
  }

  /** Elements of an array for a batch of chunks, and of one for what it becomes. */
  get lengths(): { readonly batch: number; readonly pooled: number } {
    const spare = spareBytes / dtypes[this.#dtype].storage.BYTES_PER_ELEMENT
    return { batch: this.#most * this.#length + spare, pooled: this.#most * this.#pooledLength }
  }

  /**
   * Reads a box and puts its windows into their places in the level after.
   *
   * @param batches  two arrays: while the last chunks of one batch are read, the next one fills
   * @returns        how many chunks are not there
   * @throws PoolError as `ZarrArray.read` does
   */
  async pool(
    box: Box,
    target: LevelData,
    rule: 'fill' | 'error',
    { batches, pooled }: { readonly batches: readonly TypedArray[]; readonly pooled: TypedArray },
  ): Promise<number> {
    const all = batches.map((data) => new ChunkBatch(data, this.#length, this.#most))
    const claim = (chunk: Box): ChunkPlace | undefined => {
      if (!isWithin(chunk, box) || !this.#isChunk(chunk)) return undefined
      const open = all.filter(({ hasRoom }) => hasRoom)
      return (open.find(({ boxes }) => boxes.length > 0) ?? open[0])?.claim(chunk)
    }
    const poolBatch = (batch: ChunkBatch): void => {
      this.#poolTogether(batch.chunks, batch.boxes, target, pooled)
      batch.empty()
    }
    const take = (chunk: Placed, claimed?: ChunkPlace): void => {
      const place = claimed ?? claim(chunk.box)
      if (place === undefined) this.#poolAlone(chunk, box, target)
      else {
        place.fill(chunk.data)
        if (place.batch.isFull) poolBatch(place.batch)
      }
    }
    const missing = await this.#array.readChunks(box, { memoryFor: claim, take }, rule)
    for (const batch of all) poolBatch(batch)
    return missing
  }

  /** As `pool`, of chunks in memory. */
  poolCells(cells: Cells, target: LevelData, pooled: TypedArray): void {
    const { data, box, cell } = cells
    let [index, boxes] = [0, [] as Box[]]
    const poolRun = (): void => {
      const from = (index - boxes.length) * this.#length
      this.#poolTogether(data.subarray(from, index * this.#length), boxes, target, pooled)
      boxes = []
    }
    for (const place of cellsOf(box, cell)) {
      const chunk = boxOfCell(place, cell)
      const isWhole = this.#most > 0 && isWithin(chunk, box)
      if (!isWhole || boxes.length === this.#most) poolRun()
      if (isWhole) boxes.push(chunk)
      else this.#poolAlone(cellAt(cells, place), box, target)
      index++
    }
    poolRun()
  }

  #poolAlone(chunk: Placed, box: Box, target: LevelData): void {
    const read = intersection(chunk.box, box)!
    const reduced = this.#reduced(read)
    if (shapeOfBox(reduced).some((length) => length === 0)) return
    const data = isWithin(chunk.box, box) ? chunk.data : this.#elementsOf(chunk, read)
    const x = new Tensor(data, shapeOfBox(read), this.#dtype)
    put({ data: downsampleInto(undefined, x, this.#settings).data, box: reduced }, target)
  }

  /** Pools whole chunks that lie one after the other by one call. */
  #poolTogether(chunks: TypedArray, boxes: readonly Box[], target: LevelData, pooled: TypedArray): void {
    if (boxes.length === 0) return
    const x = new Tensor(chunks, [boxes.length, ...this.#shape], this.#dtype)
    const length = this.#pooledLength
    downsampleInto(pooled.subarray(0, boxes.length * length), x, this.#batchSettings)
    for (const [i, box] of boxes.entries())
      put({ data: pooled.subarray(i * length, (i + 1) * length), box: this.#reduced(box) }, target)
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

  /** False for what was stored cut, and for shards that are not there. */
  #isChunk(box: Box): boolean {
    return shapeOfBox(box).every((length, axis) => length === this.#shape[axis])
  }

  #elementsOf(chunk: Placed, box: Box): TypedArray {
    const data = arrayOf(shapeOfBox(box), this.#dtype)
    copyShared(chunk, { data, box })
    return data
  }
}

function isWithin(a: Box, b: Box): boolean {
  return a.to.every((end, axis) => end <= b.to[axis]! && a.from[axis]! >= b.from[axis]!)
}

function put(source: Placed, target: LevelData): void {
  if ('cell' in target) {
    const shared = intersection(source.box, target.box)
    if (shared === undefined) return
    for (const place of cellsOf(shared, target.cell)) copyShared(source, cellAt(target, place))
  } else copyShared(source, target)
}
