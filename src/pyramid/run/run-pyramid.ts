/**
 * @file Runs a plan: all of it, or the share of one of many machines.
 */
import { isPoolError, type PoolError } from '../../errors.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { refuse } from '../plan/plan-options.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { boxOfTask } from '../plan/task-box.ts'
import type { PreparedFile, Source } from '../source/source.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/store.ts'
import { cellsOf } from '../zarr/block.ts'
import { DoneTasks, ManifestWriter, readDone, type TaskRange } from './manifest.ts'
import { assertSamePlan, claimTarget, readPlan, writeLevelMetadata } from './output.ts'
import { openWorkers, type PlanTask, type PlanThreads, withStamps } from './plan-workers.ts'
import { openPlanned } from './planned-source.ts'
import { type TaskRecord, TaskRunner } from './run-task.ts'
import { besideOwn, ownThread, runEach } from './task-threads.ts'

/** One of `count` equal shares of the first stage, from 0. */
export interface Shard {
  readonly index: number
  readonly count: number
}

/** Stores of plans whose places are not files: their locations say nothing to this process. */
export interface PlanStores {
  readonly source?: Store | undefined
  readonly target?: Store | undefined
}

/** Options of `runPyramid`. */
export interface RunOptions extends PlanStores {
  /** Threads that compute and compress. Default: 1, the caller's own. */
  readonly threads?: number | undefined
  /** The share of this machine. Stages after the first are left to `finishPyramid`. */
  readonly shard?: Shard | undefined
  /** Ends the run after the tasks at hand; what is done stays done. */
  readonly signal?: AbortSignal | undefined
  /** Goes on with a run that was begun. Shares always do. */
  readonly resume?: boolean | undefined
}

/** An event of a run. */
export type PyramidProgress = {
  /** Tasks that are done, and those of this run, with what was done before. */
  readonly done: number
  readonly total: number
} & (
  | { readonly event: 'begin' }
  | {
      readonly event: 'task'
      readonly stage: number
      readonly task: number
      readonly bytes: number
      readonly missing: number
    }
  | {
      readonly event: 'failed'
      readonly stage: number
      readonly task: number
      readonly error: PoolError | null
    }
)

const names = ['threads', 'shard', 'signal', 'resume', 'source', 'target']

/**
 * Runs the tasks of a plan that are not done yet. Each value is that of `downsample`, whatever the chunks, threads and shares; objects
 * appear whole. A torn or damaged input fails its task ("failed", with the error), and those that read what it would have written
 * ("failed", with null); all others are run.
 *
 * @returns      an iterator of what happens, in order of completion
 * @throws PoolError "BAD_PATH" where the target is taken or cannot be written, "BAD_PARAM" for another plan, a changed source, or options
 *
 * @example for await (const { done, total } of runPyramid(plan, { threads: 4 })) console.log(done, total)
 */
export function runPyramid(plan: PyramidPlan, options: RunOptions = {}): AsyncGenerator<PyramidProgress> {
  return runTasks(plan, options)
}

/** As `runPyramid`. @param check  may refuse what is done already */
export async function* runTasks(
  plan: PyramidPlan,
  options: RunOptions,
  check?: (done: DoneTasks) => void,
): AsyncGenerator<PyramidProgress> {
  const { threads = 1, shard, signal, resume = false, ...stores } = readRunOptions(options)
  const store = stores.target ?? openStore(plan.target.location, signal)
  const source = await openPlanned(plan, stores.source, undefined, signal)
  try {
    assertSource(plan, source)
    const range = shard && rangeOf(plan, shard)
    const done = await begin(plan, { store, source }, resume, range)
    check?.(done)
    const queue = tasksOf(plan, range, done)
    const left = queue.reduce((sum, { tasks }) => sum + tasks.length, 0)
    const total = done.counts.reduce((sum, count) => sum + count, 0) + left
    const progress = () => ({ done: done.counts.reduce((sum, count) => sum + count, 0), total })
    yield { event: 'begin', ...progress() }
    if (left === 0) return
    const runner = new TaskRunner(plan, source, store)
    const own = ({ stage, task }: PlanTask) => runner.run(stage, task)
    const isRead = queue.some(({ stage, tasks }) => stage === 0 && tasks.length > 0)
    const opened =
      threads === 1
        ? ownThread(own)
        : besideOwn(own, openWorkers(plan, threads - 1, isRead ? await preparedOf(source) : undefined))
    const workers = withStamps(plan, source, opened)
    const manifest = new ManifestWriter(plan, store)
    try {
      for (const { stage, tasks } of queue) {
        for await (const outcome of runStage(plan, stage, tasks, { done, workers, signal })) {
          if ('objects' in outcome) {
            await manifest.add(outcome)
            done.add(stage, outcome.task)
            const bytes = outcome.objects.reduce((sum, [, , size]) => sum + size, 0)
            yield { event: 'task', stage, task: outcome.task, bytes, missing: outcome.missing, ...progress() }
          } else yield { event: 'failed', stage, ...outcome, ...progress() }
        }
        await manifest.flush()
        if (signal?.aborted) return
      }
    } finally {
      await manifest.flush().finally(() => workers.close())
    }
  } finally {
    source.close?.()
  }
}

function readRunOptions(options: RunOptions): RunOptions {
  const given = readOptions('runPyramid', options, names)
  const { threads, shard } = given
  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads >= 1 && threads <= 256))
    throw refuse('threads', threads, 'must be a whole number from 1 to 256', 'Leave it out for 1.')
  if (shard !== undefined) {
    const { index, count } = shard
    const isRight =
      Number.isSafeInteger(count) && count >= 1 && Number.isSafeInteger(index) && index >= 0 && index < count
    if (!isRight)
      throw refuse(
        'shard',
        `${index}/${count}`,
        'must be one of the shares 0 to count - 1',
        'Give e.g. { index: 0, count: 8 }.',
      )
  }
  if (threads !== undefined && threads > 1 && (given.source !== undefined || given.target !== undefined))
    throw refuse(
      'threads',
      threads,
      'stores that are given live in this thread alone',
      'Leave threads out, or name places that other threads can open.',
    )
  return given
}

/** @throws PoolError "BAD_PARAM" unless the source is as it was planned */
export function assertSource(plan: PyramidPlan, { info }: Source): void {
  if (info.fingerprint === plan.source.fingerprint) return
  throw refuse(
    'source',
    plan.source.location,
    'has changed since it was planned',
    'Plan it again, for another target.',
  )
}

/** Another share may have been first. */
function unlessTaken(error: unknown): void {
  if (!(isPoolError(error, 'BAD_PATH') && error.details.exists === true)) throw error
}

/** Claims the target, or reads what is done in it. Of shares, the first that comes claims it. */
async function begin(
  plan: PyramidPlan,
  { store, source }: { store: Store; source: Source },
  resume: boolean,
  share: TaskRange | undefined,
): Promise<DoneTasks> {
  if (!resume && share === undefined) {
    await claimTarget(plan, store)
    return new DoneTasks(plan)
  }
  if (share !== undefined && (await readPlan(store, plan.target.path)) === undefined)
    await claimTarget(plan, store).catch(unlessTaken)
  await assertSamePlan(plan, store)
  await writeLevelMetadata(plan, store)
  return await readDone(plan, store, source, share)
}

interface StageTasks {
  readonly stage: number
  readonly tasks: OpenTasks
}

/** Tasks that are not done, from one number to another, never listed. */
interface OpenTasks extends Iterable<number> {
  readonly length: number
}

function rangeOf({ stages }: PyramidPlan, { index, count }: Shard): TaskRange {
  const { tasks } = stages[0]!
  return { from: Math.floor((index * tasks) / count), to: Math.floor(((index + 1) * tasks) / count) }
}

function tasksOf(plan: PyramidPlan, share: TaskRange | undefined, done: DoneTasks): StageTasks[] {
  const stages = share === undefined ? plan.stages.keys() : [0]
  return Array.from(stages, (stage) => {
    const { from, to } = share ?? { from: 0, to: plan.stages[stage]!.tasks }
    let length = 0
    for (let task = from; task < to; task++) if (!done.has(stage, task)) length++
    return {
      stage,
      tasks: {
        length,
        *[Symbol.iterator]() {
          for (let task = from; task < to; task++) if (!done.has(stage, task)) yield task
        },
      },
    }
  })
}

/** Damage is found again, and named, by the tasks that read the source. */
export async function preparedOf(source: Source): Promise<PreparedFile | undefined> {
  return await source.prepare?.().catch((error: unknown) => {
    if (isInputFault(error)) return undefined
    throw error
  })
}

type Outcome = TaskRecord | { readonly task: number; readonly error: PoolError | null }

interface Running {
  readonly done: DoneTasks
  readonly workers: PlanThreads
  readonly signal: AbortSignal | undefined
}

/** As many tasks at once as there are threads, in order of completion. */
function runStage(
  plan: PyramidPlan,
  stage: number,
  tasks: OpenTasks,
  { done, workers, signal }: Running,
): AsyncGenerator<Outcome> {
  const run = async (task: number): Promise<Outcome> =>
    isReady(plan, stage, task, done)
      ? await outcomeOf(task, workers.run({ stage, task }))
      : { task, error: null }
  return runEach(tasks, workers, run, signal)
}

/** A fault of the input fails its task alone; what cannot be written ends the run. */
async function outcomeOf(task: number, record: Promise<TaskRecord>): Promise<Outcome> {
  try {
    return await record
  } catch (error) {
    if (isInputFault(error)) return { task, error }
    throw error
  }
}

export function isInputFault(error: unknown): error is PoolError {
  return isPoolError(error, 'BAD_FORMAT', 'BAD_PATH') && error.details.act !== 'written'
}

/** True if all tasks of the previous stage that write this task's input are done. */
function isReady(plan: PyramidPlan, stage: number, task: number, done: DoneTasks): boolean {
  if (stage === 0) return true
  const { block, counts, from } = plan.stages[stage - 1]!
  const into = plan.levels[plan.stages[stage]!.from]!.factors
  const written = block.map((length, axis) => length / (into[axis]! / plan.levels[from]!.factors[axis]!))
  for (const place of cellsOf(boxOfTask(plan, stage, task), written)) {
    const index = place.reduce((sum, at, axis) => sum * counts[axis]! + at, 0)
    if (!done.has(stage - 1, index)) return false
  }
  return true
}
