/**
 * @file One task: a box is read once, and becomes the objects of several levels.
 */
import { createCipheriv } from 'node:crypto'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { boxOfTask } from '../plan/task-box.ts'
import type { Source } from '../source/source.ts'
import { MemoryPool } from '../store/reused-memory.ts'
import type { Store } from '../store/store.ts'
import type { ZarrArray } from '../zarr/zarr-array.ts'
import { KernelArrays } from './kernel-arrays.ts'
import { openLevel } from './level-arrays.ts'
import { type StageInput, StageLevels } from './stage-levels.ts'

/** An object of a level: its key, its bytes and their checksum; 0 and "" where it would hold nothing but the fill value. */
export type ObjectRecord = readonly [level: number, key: string, bytes: number, checksum: string]

/** The entry of a finished task in the manifest. */
export interface TaskRecord {
  readonly stage: number
  readonly task: number
  /** Chunks of the source that are not there. */
  readonly missing: number
  /** What was read of the source, as `Source.stampOf` has it; of the first stage, from `withStamps`. */
  readonly source?: string
  readonly objects: readonly ObjectRecord[]
}

/** Runs any task of a plan; arrays are opened once. */
export class TaskRunner {
  readonly #plan: PyramidPlan
  readonly #source: Source
  readonly #store: Store
  /** One task runs at a time, of one stage. */
  readonly #kernelArrays = new KernelArrays()
  readonly #objects = new MemoryPool()
  readonly #stages = new Map<number, Promise<StageLevels>>()
  readonly #levels = new Map<number, Promise<ZarrArray>>()

  constructor(plan: PyramidPlan, source: Source, store: Store) {
    this.#plan = plan
    this.#source = source
    this.#store = store
  }

  /** @throws PoolError "BAD_FORMAT" or "BAD_PATH" naming an object of the input, and for what cannot be written */
  async run(stage: number, task: number): Promise<TaskRecord> {
    const { from, to } = this.#plan.stages[stage]!
    const box = boxOfTask(this.#plan, stage, task)
    const objects: ObjectRecord[] = []
    const levels = await this.#stage(stage)
    const { level: first, missing, ...read } = await levels.read(box)
    let { data } = read
    for (let level = first; data !== undefined; level++) {
      if (level > from || this.#isWanted(stage)) {
        const array = await this.#level(level)
        objects.push(...(await array.write(data, (key, bytes) => recordOf(level, key, bytes))))
      }
      data = level < to ? levels.next(data, level + 1) : undefined
    }
    return { stage, task, missing: from === 0 ? missing : 0, objects }
  }

  /** True if what the stage reads is a level that is written. */
  #isWanted(stage: number): boolean {
    return this.#plan.stages[stage]!.from === 0 && !this.#plan.target.inPlace
  }

  #stage(stage: number): Promise<StageLevels> {
    const opened = this.#stages.get(stage) ?? this.#openStage(stage)
    this.#stages.set(stage, opened)
    return opened
  }

  async #openStage(stage: number): Promise<StageLevels> {
    const { from, to } = this.#plan.stages[stage]!
    const arrays: ZarrArray[] = []
    for (let level = from + 1; level <= to; level++) arrays.push(await this.#level(level))
    const input = from === 0 ? this.#sourceInput() : arrayInput(await this.#level(from))
    return new StageLevels(this.#plan, stage, input, arrays, this.#kernelArrays)
  }

  #sourceInput(): StageInput {
    const { missing } = this.#plan
    return {
      array: this.#isWanted(0) ? undefined : this.#source.array,
      missing,
      read: (box, memory) => this.#source.read(box, missing, memory),
    }
  }

  #level(level: number): Promise<ZarrArray> {
    const opened = this.#levels.get(level) ?? openLevel(this.#plan, level, this.#store, this.#objects)
    this.#levels.set(level, opened)
    return opened
  }
}

function arrayInput(array: ZarrArray): StageInput {
  return { array, missing: 'fill', read: (box, memory) => array.read(box, { memory }) }
}

/** Tasks between two collections of garbage, where V8 lets a program collect it. */
export const tasksBetweenCollections = 256

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
