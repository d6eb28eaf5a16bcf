/**
 * @file The tasks of a plan as jobs of BullMQ. The manifest in the target says what is done; the queue only hands out the rest, and is
 * filled again from the manifest whenever it was lost.
 */
import { randomBytes } from 'node:crypto'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { type DoneTasks, readDone } from '../run/manifest.ts'
import { joinKey, type Store } from '../store/store.ts'
import { formatJson, parseJson } from '../zarr/json-values.ts'
import type { Connection, JobOptions, JobQueue } from './bullmq.ts'

/** What a job tells its worker. `finish` jobs have no tasks: they fill in the next stage, or write the metadata of the group. */
export interface TaskJob {
  /** The hash of the plan. */
  readonly hash: string
  readonly stage: number
  /** From each first number up to the one after the last. */
  readonly tasks: readonly (readonly [from: number, to: number])[]
}

/** Jobs in each state. */
export interface QueueCounts {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
}

/** A job that failed, and why. */
export interface FailedJob {
  readonly id: string
  readonly stage: number
  readonly reason: string
}

/** Jobs of a stage, and runs of tasks and reasons of a job, at most: the server holds some megabytes whatever the number of tasks. */
const [mostJobs, mostRuns, mostReasons] = [10_000, 64, 8]
const batch = 1000
const finishJob = 'finish'

export class TaskQueue {
  readonly plan: PyramidPlan
  readonly store: Store
  readonly name: string
  readonly connection: Connection
  readonly #queue: JobQueue<TaskJob>

  private constructor(plan: PyramidPlan, store: Store, name: string, connection: Connection) {
    this.plan = plan
    this.store = store
    this.name = name
    this.connection = connection
    this.#queue = new connection.Queue<TaskJob>(name, { connection: connection.connection })
    this.#queue.on('error', () => undefined)
  }

  static async open(plan: PyramidPlan, store: Store, connection: Connection): Promise<TaskQueue> {
    return new TaskQueue(plan, store, await nameIn(plan, store), connection)
  }

  /**
   * Adds a job for all that is not done of the first stage that is not done, and the job that comes after them. Jobs that are in the
   * queue already stay as they are.
   *
   * @returns the number of tasks that are not done in that stage
   */
  async fill(): Promise<number> {
    const done = await readDone(this.plan, this.store)
    const { stages, hash } = this.plan
    const stage = stages.findIndex(({ tasks }, i) => done.counts[i]! < tasks)
    let jobs: { name: string; data: TaskJob; opts: JobOptions }[] = []
    for (const tasks of stage < 0 ? [] : undone(stages[stage]!.tasks, stage, done)) {
      jobs.push({ name: 'tasks', data: { hash, stage, tasks }, opts: optionsOf(`${stage}-${tasks[0]![0]}`) })
      if (jobs.length === batch) {
        await this.#queue.addBulk(jobs)
        jobs = []
      }
    }
    jobs.push({ name: finishJob, data: { hash, stage: -1, tasks: [] }, opts: optionsOf(finishJob) })
    await this.#queue.addBulk(jobs)
    return stage < 0 ? 0 : stages[stage]!.tasks - done.counts[stage]!
  }

  async counts(): Promise<QueueCounts> {
    const counts = await this.#queue.getJobCounts('waiting', 'active', 'delayed', 'failed')
    const { waiting = 0, active = 0, delayed = 0, failed = 0 } = counts
    return { waiting, active, delayed, failed }
  }

  /** The first thousand. */
  async failures(): Promise<FailedJob[]> {
    const jobs = await this.#queue.getFailed(0, 999)
    return jobs.map(({ id = '', data, failedReason = '' }) => ({
      id,
      stage: data.stage,
      reason: failedReason,
    }))
  }

  /** Puts all jobs that failed back. */
  async retry(): Promise<void> {
    await this.#queue.retryJobs({ state: 'failed' })
    await this.fill()
  }

  async close(): Promise<void> {
    this.connection.close()
    await this.#queue.close().catch(() => undefined)
  }
}

function optionsOf(jobId: string): JobOptions {
  return { jobId, attempts: 3, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: true }
}

/** Runs of tasks that are not done, as many a job as keep the number of jobs within its limit. */
function* undone(all: number, stage: number, done: DoneTasks): Generator<[number, number][]> {
  const size = Math.ceil(all / mostJobs)
  for (let first = 0; first < all; first += size) {
    const runs: [number, number][] = []
    for (let task = first; task < Math.min(first + size, all); task++) {
      if (!done.has(stage, task)) addTask(runs, task)
    }
    if (runs.length > 0) yield runs
  }
}

/** Adds a task, after all others, to the runs of a job. The last that a job may have takes in what is between, which is then run again. */
export function addTask(runs: [from: number, to: number][], task: number): void {
  const last = runs.at(-1)
  if (last !== undefined && (last[1] === task || runs.length === mostRuns)) last[1] = task + 1
  else runs.push([task, task + 1])
}

/** Why a job failed, by the faults of its tasks. */
export function reasonOf(faults: readonly string[]): string {
  const more = faults.length - mostReasons
  return [...faults.slice(0, mostReasons), ...(more > 0 ? [`and ${more} tasks more`] : [])].join('\n')
}

/** Each target has a queue of its own; the first that comes names it. */
async function nameIn({ target, hash }: PyramidPlan, store: Store): Promise<string> {
  const key = joinKey(target.path, '.pool2d/queue.json')
  const name = `pool2d-${hash}-${randomBytes(4).toString('hex')}`
  if (await store.set(key, formatJson({ name }), { ifAbsent: true })) return name
  return String(parseJson(key, (await store.get(key))!).json.name)
}
