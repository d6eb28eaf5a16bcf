/**
 * @file One task: a box is read once, and becomes the objects of several levels.
 */
import { createHash } from 'node:crypto'
import { Tensor } from '../../tensor/tensor.ts'
import { downsample } from '../downsample/downsample.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import type { Source } from '../source/source.ts'
import type { Store } from '../store/store.ts'
import { dtypeOfElements } from '../zarr/array-metadata.ts'
import { type Box, placeAt, ReusedMemory, shapeOfBox } from '../zarr/block.ts'
import type { Written, ZarrArray } from '../zarr/zarr-array.ts'
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

/** Runs any task of a plan; arrays are opened once. */
export class TaskRunner {
  readonly #plan: PyramidPlan
  readonly #source: Source
  readonly #store: Store
  /** Of the box that is read: one task runs at a time. */
  readonly #memory = new ReusedMemory()
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
    const { data, missing } = await this.#read(from, box)
    let x = new Tensor(data, shapeOfBox(box), dtypeOfElements(this.#plan.source.type))
    const write = async (level: number): Promise<void> => {
      const written = await (await this.#level(level)).write({ data: x.data, box })
      objects.push(...written.map((each) => recordOf(level, each)))
    }
    if (from === 0 && !this.#plan.target.inPlace) await write(0)
    for (let level = from + 1; level <= to; level++) {
      const { step, shape } = this.#plan.levels[level]!
      box = reduced(box, step, shape)
      if (shapeOfBox(box).some((length) => length <= 0)) break
      x = downsample(x, { ...this.#settings(), factor: step })
      await write(level)
    }
    return from === 0 ? { stage, task, missing, source, objects } : { stage, task, missing: 0, objects }
  }

  async #read(level: number, box: Box) {
    if (level === 0) return await this.#source.read(box, this.#plan.missing, this.#memory)
    return await (await this.#level(level)).read(box, { memory: this.#memory })
  }

  #settings() {
    const { method, edges, alpha, nodata, background } = this.#plan
    return {
      method,
      edges,
      alpha,
      ...(nodata !== undefined && { nodata: scalarOf(nodata, this.#plan) }),
      ...(background !== undefined && { background: scalarOf(background, this.#plan) }),
    }
  }

  #level(level: number): Promise<ZarrArray> {
    const opened = this.#levels.get(level) ?? openLevel(this.#plan, level, this.#store)
    this.#levels.set(level, opened)
    return opened
  }
}

/** The box that a task reads, within its level. */
export function boxOfTask({ stages, levels }: PyramidPlan, stage: number, task: number): Box {
  const { from, block, counts } = stages[stage]!
  const first = placeAt(task, counts).map((at, axis) => at * block[axis]!)
  return {
    from: first,
    to: first.map((begin, axis) => Math.min(begin + block[axis]!, levels[from]!.shape[axis]!)),
  }
}

function reduced({ from, to }: Box, step: readonly number[], shape: readonly number[]): Box {
  return {
    from: from.map((begin, axis) => begin / step[axis]!),
    to: to.map((end, axis) => Math.min(Math.ceil(end / step[axis]!), shape[axis]!)),
  }
}

function recordOf(level: number, { key, bytes }: Written): ObjectRecord {
  return bytes === undefined ? [level, key, 0, ''] : [level, key, bytes.length, checksumOf(bytes)]
}

export function checksumOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
