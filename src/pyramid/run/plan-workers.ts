/**
 * @file Worker threads that run the tasks of a plan.
 */
import { PoolError } from '../../errors.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import { boxOfTask } from '../plan/task-box.ts'
import type { PreparedFile, Source } from '../source/source.ts'
import { findWorker, takeWorkers } from './early-workers.ts'
import type { TaskRecord } from './run-task.ts'
import { openThreads, type TaskThreads } from './task-threads.ts'

/** A task of a plan. */
export interface PlanTask {
  readonly stage: number
  readonly task: number
}

export type PlanThreads = TaskThreads<PlanTask, TaskRecord>

/** What a worker is told first. */
export interface WorkerSetup {
  readonly plan: PyramidPlan
  readonly prepared?: PreparedFile
}

/**
 * @param prepared  what the source has decoded for all of them
 * @throws PoolError "UNAVAILABLE" where the worker's file is not beside the program
 */
export function openWorkers(plan: PyramidPlan, threads: number, prepared?: PreparedFile): PlanThreads {
  const setup: WorkerSetup = { plan, ...(prepared && { prepared }) }
  return openThreads(takeWorkers(workerFile(), threads), setup)
}

/** Records of tasks that read the source say what it was. The caller's thread alone lists it, before the first task, for all threads. */
export function withStamps(plan: PyramidPlan, source: Source, threads: PlanThreads): PlanThreads {
  return {
    get size() {
      return threads.size
    },
    run: async ({ stage, task }) => {
      if (plan.stages[stage]!.from > 0) return await threads.run({ stage, task })
      const stamp = await source.stampOf(boxOfTask(plan, stage, task))
      return { ...(await threads.run({ stage, task })), source: stamp }
    },
    close: () => threads.close(),
  }
}

/** True if more than one thread is available. */
export function hasWorkerFile(): boolean {
  return findWorker() !== undefined
}

function workerFile(): URL {
  const found = findWorker()
  if (found !== undefined) return found
  throw new PoolError(
    'UNAVAILABLE',
    'runPyramid: threads = not here; the file pyramid-worker.js is not beside the program. Use threads: 1, or leave pool2d out of the bundle.',
    { op: 'runPyramid', argument: 'threads' },
  )
}
