/**
 * @file Worker threads that run the tasks of a plan.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PoolError } from '../../errors.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import type { PreparedFile } from '../source/source.ts'
import type { TaskRecord } from './run-task.ts'
import { openThreads, type TaskThreads } from './task-threads.ts'

/** A task of a plan. */
export interface PlanTask {
  readonly stage: number
  readonly task: number
}

export type PlanThreads = TaskThreads<PlanTask, TaskRecord>

/** What a worker is started with. */
export interface WorkerData {
  readonly plan: PyramidPlan
  readonly prepared?: PreparedFile
}

/**
 * @param prepared  what the source has decoded for all of them
 * @throws PoolError "UNAVAILABLE" where the worker's file is not beside the program
 */
export function openWorkers(plan: PyramidPlan, threads: number, prepared?: PreparedFile): PlanThreads {
  const workerData: WorkerData = { plan, ...(prepared && { prepared }) }
  return openThreads(workerFile(), threads, workerData)
}

/** True if more than one thread is available. */
export function hasWorkerFile(): boolean {
  return findWorker() !== undefined
}

/** Beside the library, or beside the folder of the command line. */
function findWorker(): URL | undefined {
  const places = ['./pyramid-worker.js', '../pyramid-worker.js'].map((path) => new URL(path, import.meta.url))
  return places.find((url) => existsSync(fileURLToPath(url)))
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
