/**
 * @file A worker of a queue: runs jobs until the pyramid is done, or nothing is left but failures. A job may run twice, on workers that
 * were taken for dead: it writes the same bytes.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { isPoolError } from '../../errors.ts'
import { finishPyramid } from '../run/finish-pyramid.ts'
import { ManifestWriter, readDone } from '../run/manifest.ts'
import { assertSamePlan, isDone } from '../run/output.ts'
import { openWorkers, type PlanThreads, withStamps } from '../run/plan-workers.ts'
import { openPlanned } from '../run/planned-source.ts'
import { assertSource, isInputFault, preparedOf } from '../run/run-pyramid.ts'
import type { TaskRecord } from '../run/run-task.ts'
import type { QueueJob } from './bullmq.ts'
import { addTask, type QueueCounts, reasonOf, type TaskJob, type TaskQueue } from './task-queue.ts'

export interface WorkOptions {
  /** Tasks that run at once, none of them on the thread that tells the server that this worker lives. */
  readonly threads: number
  /** Seconds after which the jobs of a worker that gives no sign of life go to others. */
  readonly lock: number
  /** Ends the worker: jobs have two seconds to end, then they go back to the queue. */
  readonly signal: AbortSignal
  onTask(record: TaskRecord): void
  onPoll(counts: QueueCounts): Promise<void>
}

/** How the work of a worker ended. */
export type WorkEnd = 'done' | 'failures' | 'stopped'

const [pollTime, graceTime, nextStageTime] = [500, 2000, 300]
/** A job whose workers die one after the other is the cause of it. */
const mostStalls = 5

/**
 * @throws PoolError "BAD_PARAM" for another version or a changed source, or where the target holds another plan by now, and what a thread dies of
 */
export async function workQueue(queue: TaskQueue, options: WorkOptions): Promise<WorkEnd> {
  const source = await openPlanned(queue.plan)
  try {
    assertSource(queue.plan, source)
    await assertSamePlan(queue.plan, queue.store)
    const [done = 0] = (await readDone(queue.plan, queue.store)).counts
    const isRead = done < queue.plan.stages[0]!.tasks
    const prepared = isRead ? await preparedOf(source) : undefined
    const threads = withStamps(queue.plan, source, openWorkers(queue.plan, options.threads, prepared))
    try {
      return await workOn(queue, options, threads)
    } finally {
      await threads.close()
    }
  } finally {
    source.close?.()
  }
}

async function workOn(queue: TaskQueue, options: WorkOptions, threads: PlanThreads): Promise<WorkEnd> {
  const { Worker, connection } = queue.connection
  const stop = new AbortController()
  const run = new JobRun(queue, options, threads, AbortSignal.any([options.signal, stop.signal]))
  const worker = new Worker<TaskJob>(queue.name, (job, token) => run.job(job, token), {
    connection,
    concurrency: threads.size,
    lockDuration: 1000 * options.lock,
    stalledInterval: 1000 * options.lock,
    maxStalledCount: mostStalls,
  })
  // Lost locks and connections: other workers have the jobs then, or this one comes back.
  worker.on('error', () => undefined)
  try {
    return await untilDone(queue, options, run)
  } finally {
    stop.abort()
    await worker.pause(true).catch(() => undefined)
    await Promise.race([run.idle(), sleep(graceTime + 500)])
    await Promise.race([worker.close().catch(() => undefined), sleep(500)])
  }
}

async function untilDone(queue: TaskQueue, { signal, onPoll }: WorkOptions, run: JobRun): Promise<WorkEnd> {
  const ended = aborted(signal)
  for (let empty = 0; ; ) {
    await sleep(pollTime, undefined, { signal }).catch(() => undefined)
    if (run.fatal !== undefined) throw run.fatal
    if (signal.aborted) return 'stopped'
    const counts = await Promise.race([countsOf(queue), ended])
    if (signal.aborted) return 'stopped'
    if (counts === undefined) continue
    await onPoll(counts)
    if (counts.waiting + counts.active + counts.delayed > 0) {
      empty = 0
      continue
    }
    if (await isDone(queue.plan, queue.store)) return 'done'
    if (counts.failed > 0) return 'failures'
    // The server was emptied, or has lost its last second.
    if (++empty >= 2) await queue.fill()
  }
}

/** Undefined while the server is away: it is waited for. */
async function countsOf(queue: TaskQueue): Promise<QueueCounts | undefined> {
  try {
    return await queue.counts()
  } catch (error) {
    if (queue.connection.isAway(error)) return undefined
    throw error
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }))
}

/** The jobs of one worker. */
class JobRun {
  readonly #queue: TaskQueue
  readonly #options: WorkOptions
  readonly #threads: PlanThreads
  readonly #signal: AbortSignal
  readonly #late: Promise<false>
  readonly #running = new Set<Promise<unknown>>()
  /** What ends the worker, not a job. */
  fatal: unknown

  constructor(queue: TaskQueue, options: WorkOptions, threads: PlanThreads, signal: AbortSignal) {
    this.#queue = queue
    this.#options = options
    this.#threads = threads
    this.#signal = signal
    this.#late = aborted(signal).then(() => sleep(graceTime, false as const))
  }

  async idle(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  job(job: QueueJob<TaskJob>, token: string | undefined): Promise<void> {
    const running = this.#job(job, token)
    this.#running.add(running)
    return running.finally(() => this.#running.delete(running))
  }

  async #job(job: QueueJob<TaskJob>, token: string | undefined): Promise<void> {
    const work = job.name === 'finish' ? this.#finish(job, token) : this.#tasks(job)
    if (await Promise.race([work, this.#late])) return
    await job.moveToWait(token)
    throw new this.#queue.connection.bullmq.WaitingError()
  }

  /** @returns true when all tasks have run, false where the worker ends before */
  async #tasks(job: QueueJob<TaskJob>): Promise<boolean> {
    const { plan, store } = this.#queue
    const { stage, tasks } = job.data
    const manifest = new ManifestWriter(plan, store)
    const left: [number, number][] = []
    const faults: string[] = []
    try {
      await assertSamePlan(plan, store)
      for (const [from, to] of tasks) {
        for (let task = from; task < to; task++) {
          if (this.#signal.aborted) {
            left.push([task, to])
            break
          }
          const fault = await this.#task(stage, task, manifest)
          if (fault === undefined) continue
          faults.push(fault)
          addTask(left, task)
        }
      }
    } catch (error) {
      if (!isPoolError(error, 'BAD_PATH', 'LIMIT')) this.fatal ??= error
      throw error
    } finally {
      await manifest.flush()
    }
    if (left.length > 0) await job.updateData({ ...job.data, tasks: left })
    if (this.#signal.aborted && left.length > faults.length) return false
    if (faults.length > 0) throw new this.#queue.connection.bullmq.UnrecoverableError(reasonOf(faults))
    return true
  }

  /** @returns what is wrong with the task's input */
  async #task(stage: number, task: number, manifest: ManifestWriter): Promise<string | undefined> {
    try {
      const record = await this.#threads.run({ stage, task })
      await manifest.add(record)
      this.#options.onTask(record)
      return undefined
    } catch (error) {
      if (isInputFault(error)) return error.message
      throw error
    }
  }

  /** Comes back until all other jobs are done. Then it adds those of the next stage, or ends the pyramid. */
  async #finish(job: QueueJob<TaskJob>, token: string | undefined): Promise<boolean> {
    const { plan, store, connection } = this.#queue
    const { waiting, active, delayed, failed } = await this.#queue.counts()
    const isAlone = waiting + active + delayed <= 1
    if (isAlone && failed > 0) return true
    if (isAlone && (await this.#queue.fill()) === 0) {
      for await (const _ of finishPyramid(plan, { target: store }));
      return true
    }
    await job.moveToDelayed(Date.now() + nextStageTime, token)
    throw new connection.bullmq.DelayedError()
  }
}
