/**
 * @file A Zarr array in a store: boxes of elements in and out, object by object.
 */
import { PoolError } from '../../errors.ts'
import type { Scalar, TypedArray } from '../../tensor/dtype.ts'
import { MemoryPool, type ObjectMemory, type ReusedMemory } from '../store/reused-memory.ts'
import { joinKey, type Store } from '../store/store.ts'
import { type ArrayMetadata, dtypeOfElements, keyOf } from './array-metadata.ts'
import {
  arrayOf,
  type Box,
  boxOfCell,
  type Cells,
  cellAt,
  cellsOf,
  copyShared,
  filled,
  intersection,
  type Placed,
  placeAt,
  shapeOfBox,
  storedScalar,
} from './block.ts'
import { type ChunkCodec, openChunkCodec, torn } from './chunk-codec.ts'
import { parseJson } from './json-values.ts'
import { parseArrayV2, parseArrayV3 } from './parse-array.ts'
import { countsOf, type Extent, formatShard, indexLength, parseIndex } from './shard.ts'

/** The result of a read. */
export interface BoxRead {
  readonly data: TypedArray
  /** Chunks that are not there, whose elements are the fill value. */
  readonly missing: number
}

/**
 * The metadata of the array at a path; undefined if there is no array.
 *
 * @throws PoolError "BAD_FORMAT" for metadata that are malformed or ask for what is not read
 */
export async function readArrayMetadata(store: Store, path: string): Promise<ArrayMetadata | undefined> {
  const keys = ['zarr.json', '.zarray', '.zattrs'].map((name) => joinKey(path, name))
  const v3 = await store.get(keys[0]!)
  if (v3 !== undefined) {
    const { json, text } = parseJson(keys[0]!, v3)
    return json.node_type === 'group' ? undefined : parseArrayV3(keys[0]!, json, text)
  }
  const v2 = await store.get(keys[1]!)
  if (v2 === undefined) return undefined
  const attributes = await store.get(keys[2]!)
  const { json, text } = parseJson(keys[1]!, v2)
  return parseArrayV2(
    keys[1]!,
    json,
    text,
    attributes === undefined ? {} : parseJson(keys[2]!, attributes).json,
  )
}

/** Takes the chunks of a read, in any order. */
export interface ChunkTaker<M extends ObjectMemory = ObjectMemory> {
  /** Memory for a chunk that is stored as arrays hold it, if the taker wants it in its own. A store may put the chunk elsewhere. */
  memoryFor?(box: Box): M | undefined
  /**
   * @param chunk   in memory that is used again as soon as this returns; it may reach beyond what is read and the array
   * @param memory  what was asked for it
   */
  take(chunk: Placed, memory?: M): void
}

/** Objects that one box reads at the same time. */
const readsAtOnce = 4
/** Objects of which one is encoded while the other is written. */
const writesAtOnce = 2

function absentKey(key: string): PoolError {
  return new PoolError(
    'BAD_PATH',
    `${key}: is missing. Use missing: 'fill' if its elements are the fill value.`,
    {
      op: 'zarr',
      argument: key,
    },
  )
}

/** An array whose elements are read and written. */
export class ZarrArray {
  readonly store: Store
  readonly path: string
  readonly metadata: ArrayMetadata
  readonly #codec: ChunkCodec
  readonly #memories: MemoryPool

  private constructor(
    store: Store,
    path: string,
    metadata: ArrayMetadata,
    codec: ChunkCodec,
    memories: MemoryPool,
  ) {
    this.store = store
    this.path = path
    this.metadata = metadata
    this.#codec = codec
    this.#memories = memories
  }

  /**
   * @param memories  of objects that are read and written, which arrays may share
   * @throws PoolError "UNAVAILABLE" where a codec needs a package that is not installed
   */
  static async of(
    store: Store,
    path: string,
    metadata: ArrayMetadata,
    memories = new MemoryPool(),
  ): Promise<ZarrArray> {
    const { type, sharding, encoding } = metadata
    const codec = await openChunkCodec(type, sharding?.encoding ?? encoding)
    return new ZarrArray(store, path, metadata, codec, memories)
  }

  /** @throws PoolError "BAD_PATH" if there is no array, and as `readArrayMetadata` does */
  static async open(store: Store, path: string): Promise<ZarrArray> {
    const metadata = await readArrayMetadata(store, path)
    if (metadata !== undefined) return await ZarrArray.of(store, path, metadata)
    const place = joinKey(store.location, path)
    const isGroup =
      (await store.get(joinKey(path, 'zarr.json'))) ?? (await store.get(joinKey(path, '.zgroup')))
    const rule = isGroup
      ? `is a group, and an array is read. Name one in it, as ${place}/0.`
      : 'holds no Zarr array: no zarr.json and no .zarray'
    throw new PoolError('BAD_PATH', `${place}: ${rule}`, { op: 'zarr', argument: path })
  }

  /**
   * The elements of a box.
   *
   * @throws PoolError "BAD_FORMAT" naming the key of an object that is torn or damaged, "BAD_PATH" for a missing one where that is an error
   */
  async read(
    box: Box,
    {
      missing: rule = 'fill',
      memory,
    }: { readonly missing?: 'fill' | 'error'; readonly memory?: ReusedMemory | undefined } = {},
  ): Promise<BoxRead> {
    const target = { data: arrayOf(shapeOfBox(box), dtypeOfElements(this.metadata.type), memory), box }
    const missing = await this.readChunks(box, { take: (chunk) => copyShared(chunk, target) }, rule)
    return { data: target.data, missing }
  }

  /**
   * Passes on every chunk that holds an element of a box, in any order; those that are not there hold the fill value.
   *
   * @returns how many chunks are not there
   * @throws PoolError as `read` does
   */
  async readChunks<M extends ObjectMemory>(
    box: Box,
    taker: ChunkTaker<M>,
    rule: 'fill' | 'error' = 'fill',
  ): Promise<number> {
    const { grid, sharding } = this.metadata
    const places = cellsOf(box, grid)
    let missing = 0
    const readNext = (): Promise<void> =>
      this.#memories.use(async (memory) => {
        for (let next = places.next(); !next.done; next = places.next()) {
          const key = this.#keyOf(next.value)
          const absent = await (sharding === undefined
            ? this.#readChunk(key, next.value, taker, memory)
            : this.#readShard(key, next.value, box, taker))
          missing += absent
          if (absent > 0 && rule === 'error') throw absentKey(key)
        }
      })
    const readers = Array.from({ length: readsAtOnce }, readNext)
    await Promise.allSettled(readers)
    await Promise.all(readers)
    return missing
  }

  /**
   * Encodes and writes the objects of a box whose edges are those of objects, or of the array.
   *
   * @param source  the elements of the box, or the array's chunks, filled up with the fill value
   * @param record  is told of each object; undefined where it would hold nothing but the fill value, and then does not exist. The bytes
   *                are void afterwards.
   * @returns       the records, row by row
   */
  async write<R>(
    source: Placed | Cells,
    record: (key: string, bytes: Uint8Array | undefined) => R,
  ): Promise<R[]> {
    const places = [...cellsOf(source.box, this.metadata.grid)]
    const records = new Array<R>(places.length)
    const queue = places.entries()
    const writeNext = (): Promise<void> =>
      this.#memories.use(async (memory) => {
        for (const [i, place] of queue) {
          const key = this.#keyOf(place)
          const bytes = await this.#encodedObject(place, source, memory)
          if (bytes !== undefined) await this.store.set(key, bytes)
          records[i] = record(key, bytes)
        }
      })
    const writers = Array.from({ length: writesAtOnce }, writeNext)
    await Promise.allSettled(writers)
    await Promise.all(writers)
    return records
  }

  #encodedObject(
    place: readonly number[],
    source: Placed | Cells,
    memory: ReusedMemory,
  ): Promise<Uint8Array | undefined> {
    const { grid, type, fill, sharding } = this.metadata
    if ('cell' in source)
      return sharding === undefined
        ? this.#encoded(cellAt(source, place).data)
        : this.#shardOf(
            place,
            (chunk) => intersection(boxOfCell(chunk, source.cell), source.box) && cellAt(source, chunk).data,
          )
    const box = boxOfCell(place, grid)
    const isCut = box.to.some((end, axis) => end > source.box.to[axis]!)
    const dtype = dtypeOfElements(type)
    const cell = { data: isCut ? filled(grid, dtype, fill, memory) : arrayOf(grid, dtype, memory), box }
    copyShared(source, cell)
    return sharding === undefined
      ? this.#encoded(cell.data)
      : this.#shardOf(place, (chunk) => this.#partOf(cell, chunk))
  }

  #keyOf(place: readonly number[]): string {
    return joinKey(this.path, keyOf(this.metadata, place))
  }

  #filled(shape: readonly number[], fill: Scalar): TypedArray {
    return filled(shape, dtypeOfElements(this.metadata.type), fill)
  }

  /** @returns how many chunks are not there */
  async #readChunk<M extends ObjectMemory>(
    key: string,
    place: readonly number[],
    taker: ChunkTaker<M>,
    memory: ReusedMemory,
  ): Promise<number> {
    const box = boxOfCell(place, this.metadata.grid)
    const own = this.#codec.isPlain ? taker.memoryFor?.(box) : undefined
    const bytes = await this.store.get(key, own ?? memory)
    taker.take(bytes === undefined ? this.#absent(box) : await this.#decoded(key, bytes, box), own)
    return bytes === undefined ? 1 : 0
  }

  #absent(box: Box): Placed {
    return { data: this.#filled(shapeOfBox(box), this.metadata.fill), box }
  }

  async #decoded(key: string, bytes: Uint8Array, box: Box): Promise<Placed> {
    const { shape } = this.metadata
    const whole = intersection(box, { from: shape.map(() => 0), to: shape })!
    const decoded = await this.#codec.decode(key, bytes, shapeOfBox(box), shapeOfBox(whole))
    const isCut = decoded.shape.some((length, axis) => length !== box.to[axis]! - box.from[axis]!)
    return { data: decoded.data, box: isCut ? whole : box }
  }

  async #readShard(
    key: string,
    place: readonly number[],
    wanted: Box,
    taker: Pick<ChunkTaker, 'take'>,
  ): Promise<number> {
    const { grid, shape } = this.metadata
    const sharding = this.metadata.sharding!
    const counts = countsOf(sharding, grid)
    const length = indexLength(sharding, counts)
    const bytes = await this.store.getRange(key, sharding.index.atStart ? 0 : -length, length)
    if (bytes === undefined) {
      taker.take(this.#absent(intersection(boxOfCell(place, grid), wanted)!))
      return 1
    }
    const extents = parseIndex(key, bytes, sharding, counts)
    const shard = boxOfCell(place, grid)
    const inside = intersection(shard, { from: shape.map(() => 0), to: shape })!
    let missing = 0
    for (const [i, extent] of extents.entries()) {
      const from = placeAt(i, counts).map((at, axis) => shard.from[axis]! + at * sharding.chunks[axis]!)
      const box = { from, to: from.map((begin, axis) => begin + sharding.chunks[axis]!) }
      if (intersection(box, wanted) === undefined || intersection(box, inside) === undefined) continue
      if (extent === undefined) missing++
      taker.take(
        extent === undefined
          ? this.#absent(box)
          : await this.#decoded(key, await this.#inner(key, extent), box),
      )
    }
    return missing
  }

  async #inner(key: string, { offset, length }: Extent): Promise<Uint8Array> {
    const bytes = await this.store.getRange(key, offset, length)
    if (bytes?.length === length) return bytes
    throw torn(key, `a chunk of ${length} bytes at ${offset} is cut short to ${bytes?.length ?? 0}`)
  }

  /** @returns undefined where all elements are the fill value */
  async #encoded(data: TypedArray): Promise<Uint8Array | undefined> {
    const stored = storedScalar(this.metadata.fill, dtypeOfElements(this.metadata.type))
    if (data.every((value) => Object.is(value, stored))) return undefined
    return await this.#codec.encode(data)
  }

  /** @param chunkAt  the elements of a chunk; undefined where it lies beyond the array */
  async #shardOf(
    place: readonly number[],
    chunkAt: (chunk: readonly number[]) => TypedArray | undefined,
  ): Promise<Uint8Array | undefined> {
    const chunks: (Uint8Array | undefined)[] = []
    for (const chunk of cellsOf(boxOfCell(place, this.metadata.grid), this.metadata.sharding!.chunks)) {
      const data = chunkAt(chunk)
      chunks.push(data && (await this.#encoded(data)))
    }
    return chunks.every((chunk) => chunk === undefined) ? undefined : formatShard(chunks)
  }

  #partOf(shard: Placed, place: readonly number[]): TypedArray {
    const { chunks } = this.metadata.sharding!
    const chunk = { data: this.#filled(chunks, this.metadata.fill), box: boxOfCell(place, chunks) }
    copyShared(shard, chunk)
    return chunk.data
  }
}
