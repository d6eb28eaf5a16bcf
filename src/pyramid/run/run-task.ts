/**
 * @file One task: a box is read once, and becomes the objects of several levels.
 */
import { createCipheriv } from 'node:crypto'
import { Tensor } from '../../tensor/tensor.ts'
import { downsampleInto } from '../downsample/downsample.ts'
import type { DownsampleOptions } from '../downsample/options.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import type { Source } from '../source/source.ts'
import { MemoryPool, ReusedMemory } from '../store/reused-memory.ts'
import type { Store } from '../store/store.ts'
import { dtypeOfElements } from '../zarr/array-metadata.ts'
import { arrayOf, type Box, placeAt, RowViews, shapeOfBox } from '../zarr/block.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'
import { areChunksApart, BatchMemory, ChunkPooling } from './chunk-pooling.ts'
import { openLevel, scalarOf } from './level-arrays.ts'

/** An object of a level: its key, its bytes and their checksum; 0 and "" where it would hold nothing but the fill value. */
export type ObjectRecord = readonly [level: number, key: string, bytes: number, checksum: string]

/** The entry of a finished task in the manifest. */
export interface TaskRecord {
  readonly stage: number
  readonly task: number
  /** Chunks of the source that are not there. */
  readonly missing: number
  /** What was read of the source, as `Source.stampOf` has it; of the first stage. */
  readonly source?: string
  readonly objects: readonly ObjectRecord[]
}

/** The first level that a task holds, and the chunks that are not there. */
interface FirstLevel {
  readonly level: number
  readonly x: Tensor
  readonly missing: number
}

/** Runs any task of a plan; arrays are opened once. */
export class TaskRunner {
  readonly #plan: PyramidPlan
  readonly #source: Source
  readonly #store: Store
  /** One task runs at a time. Of what is read, and of each level that is made. */
  readonly #memory = new ReusedMemory()
  readonly #memories = new Map<number, ReusedMemory>()
  readonly #rows = new Map<number, RowViews>()
  readonly #batch = new BatchMemory()
  readonly #objects = new MemoryPool()
  /** Of the levels that tasks begin with; null where their chunks are put together first. */
  readonly #poolings = new Map<number, ChunkPooling | null>()
  readonly #levels = new Map<number, Promise<ZarrArray>>()

  constructor(plan: PyramidPlan, source: Source, store: Store) {
    this.#plan = plan
    this.#source = source
    this.#store = store
  }

  /** @throws PoolError "BAD_FORMAT" or "BAD_PATH" naming an object of the input, and for what cannot be written */
  async run(stage: number, task: number): Promise<TaskRecord> {
    const { from, to } = this.#plan.stages[stage]!
    const objects: ObjectRecord[] = []
    let box = boxOfTask(this.#plan, stage, task)
    const source = from === 0 ? await this.#source.stampOf(box) : ''
    const first = await this.#first(stage, box)
    let { x } = first
    const write = async (level: number): Promise<void> => {
      const array = await this.#level(level)
      const record = (key: string, bytes: Uint8Array | undefined) => recordOf(level, key, bytes)
      objects.push(...(await array.write({ data: x.data, box, rows: this.#rowsOf(level) }, record)))
    }
    for (let level = from; level <= to; level++) {
      if (level > from) box = this.#reduced(box, level)
      if (shapeOfBox(box).some((length) => length <= 0)) break
      if (level < first.level) continue
      if (level > first.level) {
        const out = arrayOf(shapeOfBox(box), x.dtype, this.#memoryOf(level))
        x = downsampleInto(out, x, this.#settings(level))
      }
      if (level > from || (level === 0 && !this.#plan.target.inPlace)) await write(level)
    }
    const { missing } = first
    return from === 0 ? { stage, task, missing, source, objects } : { stage, task, missing: 0, objects }
  }

  /** What a task reads, or the level after it, where chunks can be pooled one by one and only that is wanted. */
  async #first(stage: number, box: Box): Promise<FirstLevel> {
    const { from, to } = this.#plan.stages[stage]!
    const array = from === 0 ? this.#source.array : await this.#level(from)
    const isWanted = from === 0 && !this.#plan.target.inPlace
    const rule = from === 0 ? this.#plan.missing : 'fill'
    const dtype = dtypeOfElements(this.#plan.source.type)
    const pooling = array !== undefined && to > from && !isWanted ? this.#poolingOf(array, from) : null
    if (pooling !== null) {
      const target = this.#reduced(box, from + 1)
      const data = arrayOf(shapeOfBox(target), dtype, this.#memory)
      const missing = await pooling.pool(box, { data, box: target }, rule)
      return { level: from + 1, x: new Tensor(data, shapeOfBox(target), dtype), missing }
    }
    const { data, missing } =
      from === 0
        ? await this.#source.read(box, rule, this.#memory)
        : await array!.read(box, { memory: this.#memory })
    return { level: from, x: new Tensor(data, shapeOfBox(box), dtype), missing }
  }

  #poolingOf(array: ZarrArray, level: number): ChunkPooling | null {
    const known = this.#poolings.get(level)
    if (known !== undefined) return known
    const settings = this.#settings(level + 1)
    const pooling = areChunksApart(array, settings) ? new ChunkPooling(array, settings, this.#batch) : null
    this.#poolings.set(level, pooling)
    return pooling
  }

  #memoryOf(level: number): ReusedMemory {
    const memory = this.#memories.get(level) ?? new ReusedMemory()
    this.#memories.set(level, memory)
    return memory
  }

  #rowsOf(level: number): RowViews {
    const rows = this.#rows.get(level) ?? new RowViews()
    this.#rows.set(level, rows)
    return rows
  }

  /** The box of the level before as one of this level. */
  #reduced({ from, to }: Box, level: number): Box {
    const { step, shape } = this.#plan.levels[level]!
    return {
      from: from.map((begin, axis) => begin / step[axis]!),
      to: to.map((end, axis) => Math.min(Math.ceil(end / step[axis]!), shape[axis]!)),
    }
  }

  /** The options that make a level of the one before. */
  #settings(level: number): DownsampleOptions {
    const { method, edges, alpha, nodata, background } = this.#plan
    return {
      factor: this.#plan.levels[level]!.step,
      method,
      edges,
      alpha,
      ...(nodata !== undefined && { nodata: scalarOf(nodata, this.#plan) }),
      ...(background !== undefined && { background: scalarOf(background, this.#plan) }),
    }
  }

  #level(level: number): Promise<ZarrArray> {
    const opened = this.#levels.get(level) ?? openLevel(this.#plan, level, this.#store, this.#objects)
    this.#levels.set(level, opened)
    return opened
  }
}

/** Tasks between two collections of garbage, where V8 lets a program collect it. */
export const tasksBetweenCollections = 64

/** The box that a task reads, within its level. */
export function boxOfTask({ stages, levels }: PyramidPlan, stage: number, task: number): Box {
  const { from, block, counts } = stages[stage]!
  const first = placeAt(task, counts).map((at, axis) => at * block[axis]!)
  return {
    from: first,
    to: first.map((begin, axis) => Math.min(begin + block[axis]!, levels[from]!.shape[axis]!)),
  }
}

function recordOf(level: number, key: string, bytes: Uint8Array | undefined): ObjectRecord {
  return bytes === undefined ? [level, key, 0, ''] : [level, key, bytes.length, checksumOf(bytes)]
}

/** GMAC under a key that is known: it tells damage, not forgery, at several times the speed of a digest. */
export function checksumOf(bytes: Uint8Array): string {
  const mac = createCipheriv('aes-128-gcm', zeros, zeros.subarray(4)).setAAD(bytes)
  mac.final()
  return mac.getAuthTag().toString('hex').slice(0, 16)
}

const zeros = new Uint8Array(16)
