/**
 * @file The manifest: which tasks are done, and the objects they wrote. It lies in the target, in parts that appear whole, and is the
 * only truth about progress: a task that is not in it is run again, to the same bytes.
 */
import { randomBytes } from 'node:crypto'
import { PoolError } from '../../errors.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { boxOfTask } from '../plan/task-box.ts'
import type { Source } from '../source/source.ts'
import { joinKey, type Store } from '../store/store.ts'
import { torn } from '../zarr/chunk-codec.ts'
import { ObjectGrid } from '../zarr/object-grid.ts'
import { levelMetadata, levelPath } from './level-arrays.ts'
import { readAhead } from './read-ahead.ts'
import type { TaskRecord } from './run-task.ts'

const folder = '.pool2d/manifest'

/** Parts that are read at the same time: from a bucket one takes as long as many. */
const partsAtOnce = 16

/** Tasks of the first stage, from one number up to another. */
export interface TaskRange {
  readonly from: number
  readonly to: number
}

/** Tasks and milliseconds after which a part is written. */
const [mostTasks, mostTime] = [1000, 1000]

/** Collects records and writes them as parts, whose names tell the first and the last task in them. */
export class ManifestWriter {
  readonly #plan: PyramidPlan
  readonly #store: Store
  #records: TaskRecord[] = []
  #since = 0

  constructor(plan: PyramidPlan, store: Store) {
    this.#plan = plan
    this.#store = store
  }

  async add(record: TaskRecord): Promise<void> {
    if (this.#records.length === 0) this.#since = performance.now()
    this.#records.push(record)
    if (this.#records.length >= mostTasks || performance.now() - this.#since >= mostTime) await this.flush()
  }

  async flush(): Promise<void> {
    const records = this.#records
    if (records.length === 0) return
    this.#records = []
    const text = [{ hash: this.#plan.hash }, ...records].map((line) => `${JSON.stringify(line)}\n`).join('')
    const key = joinKey(this.#plan.target.path, folder, partName(records))
    await this.#store.set(key, new TextEncoder().encode(text))
  }
}

function partName(records: readonly TaskRecord[]): string {
  const order = ({ stage: a, task: i }: TaskRecord, { stage: b, task: j }: TaskRecord) => a - b || i - j
  const sorted = [...records].sort(order)
  const [first, last] = [sorted[0]!, sorted.at(-1)!].map(({ stage, task }) => `${stage}.${task}`)
  return `${first}-${last}-${randomBytes(8).toString('hex')}.ndjson`
}

/** False where the name of a part says that it has no task of the range. */
function mayHold(key: string, range: TaskRange | undefined): boolean {
  const name = /(\d+)\.(\d+)-(\d+)\.(\d+)-\w+\.ndjson$/.exec(key)
  if (name === null || range === undefined) return true
  const [stage, first, lastStage, last] = name.slice(1).map(Number) as [number, number, number, number]
  return stage === 0 && first < range.to && (lastStage > 0 || last >= range.from)
}

/**
 * The records of all tasks that are done; where two runs did one task, the last that is found.
 *
 * @param range  parts without a task of it are not read
 * @throws PoolError "BAD_FORMAT" for a part that is of another plan or damaged
 */
export async function* readManifest(
  plan: PyramidPlan,
  store: Store,
  range?: TaskRange,
): AsyncGenerator<TaskRecord> {
  const read = async (key: string) => ({ key, bytes: await store.get(key) })
  for await (const { key, bytes } of readAhead(partsOf(plan, store, range), partsAtOnce, read)) {
    if (bytes === undefined) continue
    const [head, ...lines] = new TextDecoder().decode(bytes).trimEnd().split('\n')
    try {
      if ((JSON.parse(head!) as { hash: string }).hash !== plan.hash) throw new Error('it is of another plan')
      for (const line of lines) yield JSON.parse(line) as TaskRecord
    } catch (cause) {
      throw torn(key, (cause as Error).message, cause)
    }
  }
}

async function* partsOf(plan: PyramidPlan, store: Store, range?: TaskRange): AsyncGenerator<string> {
  for await (const { key } of store.list(joinKey(plan.target.path, `${folder}/`)))
    if (mayHold(key, range)) yield key
}

/** Tasks of each stage, 1 for those that are done. */
export class DoneTasks {
  readonly #stages: readonly Uint8Array[]
  readonly counts: number[]

  constructor({ stages }: PyramidPlan) {
    this.#stages = stages.map(({ tasks }) => new Uint8Array(tasks))
    this.counts = stages.map(() => 0)
  }

  has(stage: number, task: number): boolean {
    return this.#stages[stage]![task] === 1
  }

  add(stage: number, task: number): void {
    if (this.has(stage, task)) return
    this.#stages[stage]![task] = 1
    this.counts[stage]!++
  }
}

/**
 * Tasks in the manifest whose objects are all there, with their sizes.
 *
 * A pyramid is of one source: what finished tasks have read must still be there. Tasks that failed are not in the manifest, so that the
 * objects that made them fail may be repaired.
 *
 * @param source  whose objects are compared with those that were read
 * @param range   of other tasks nothing is said
 * @throws PoolError "BAD_PARAM" where objects that finished tasks have read are others now
 */
export async function readDone(
  plan: PyramidPlan,
  store: Store,
  source?: Source,
  range?: TaskRange,
): Promise<DoneTasks> {
  const done = new DoneTasks(plan)
  const written = await writtenSizes(plan, store)
  const changed = new Set<number>()
  const same = new DoneTasks(plan)
  for await (const { stage, task, objects, source: read } of readManifest(plan, store, range)) {
    if (range !== undefined && (stage > 0 || task < range.from || task >= range.to)) continue
    const isWhole = objects.every(([level, key, bytes]) => bytes === 0 || written(level, key) === bytes)
    if (!isWhole || plan.stages[stage] === undefined || task >= plan.stages[stage].tasks) continue
    done.add(stage, task)
    if (source === undefined || stage > 0) continue
    // A task that was run twice is in the manifest twice, and one of its records may be of an older source.
    if (read === (await source.stampOf(boxOfTask(plan, stage, task)))) same.add(stage, task)
    else changed.add(task)
  }
  for (const task of changed) if (!same.has(0, task)) throw changedSource(plan, task)
  return done
}

/** The bytes of objects that are there, by level and key: eight bytes an object. The levels of a run in place begin after the source's own. */
async function writtenSizes(
  plan: PyramidPlan,
  store: Store,
): Promise<(level: number, key: string) => number | undefined> {
  const levels: { grid: ObjectGrid; sizes: Float64Array }[] = []
  for (let level = plan.target.inPlace ? 1 : 0; level < plan.levels.length; level++) {
    const path = levelPath(plan, level)
    const grid = new ObjectGrid(path, levelMetadata(plan, level))
    const sizes = new Float64Array(grid.length)
    for await (const { key, size } of store.list(`${path}/`)) {
      const index = grid.indexOf(key)
      if (index !== undefined) sizes[index] = size
    }
    levels[level] = { grid, sizes }
  }
  return (level, key) => {
    const { grid, sizes } = levels[level] ?? {}
    const index = grid?.indexOf(key)
    return index === undefined ? undefined : sizes![index]
  }
}

function changedSource({ source }: PyramidPlan, task: number): PoolError {
  return new PoolError(
    'BAD_PARAM',
    `${source.location}: has changed since the run began, where task ${task} has read it, and maybe elsewhere. Begin anew in another target.`,
    { op: 'pyramid', argument: 'source', task },
  )
}
