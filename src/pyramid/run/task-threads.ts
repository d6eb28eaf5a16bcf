/**
 * @file Threads that run tasks: the caller's own, or workers that each open the plan's places themselves.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { PoolError, type PoolErrorCode } from '../../errors.ts'
import type { PyramidPlan } from '../plan/pyramid-plan.ts'
import type { PreparedFile } from '../source/source.ts'
import type { TaskRecord, TaskRunner } from './run-task.ts'

export interface TaskThreads {
  /** The number of tasks that run at once. */
  readonly size: number
  run(stage: number, task: number): Promise<TaskRecord>
  close(): Promise<void>
}

/** A request to a worker. */
export interface TaskRequest {
  readonly stage: number
  readonly task: number
}

/** The answer of a worker. */
export type TaskAnswer = { readonly record: TaskRecord } | { readonly error: WireError }

export interface WireError {
  readonly code: PoolErrorCode | undefined
  readonly message: string
  readonly act?: unknown
  readonly errno?: unknown
}

/** The caller's own thread alone. */
export function ownThread(own: TaskRunner): TaskThreads {
  return { size: 1, run: (stage, task) => own.run(stage, task), close: async () => undefined }
}

/** The caller's own thread beside others. */
export function besideOwn(own: TaskRunner, others: TaskThreads): TaskThreads {
  let isBusy = false
  return {
    size: 1 + others.size,
    run: async (stage, task) => {
      if (isBusy) return await others.run(stage, task)
      isBusy = true
      try {
        return await own.run(stage, task)
      } finally {
        isBusy = false
      }
    },
    close: () => others.close(),
  }
}

/** What a worker is started with. */
export interface WorkerData {
  readonly plan: PyramidPlan
  readonly prepared?: PreparedFile
}

/**
 * Threads that leave the caller's own free.
 *
 * @param prepared  what the source has decoded for all of them
 * @throws PoolError "UNAVAILABLE" where the worker's file is not beside the program
 */
export function openWorkers(plan: PyramidPlan, threads: number, prepared?: PreparedFile): TaskThreads {
  const file = workerFile()
  const workerData: WorkerData = { plan, ...(prepared && { prepared }) }
  const idle = Array.from({ length: threads }, () => new Worker(file, { workerData }))
  const all = [...idle]
  const waiting: ((worker: Worker) => void)[] = []
  const release = (worker: Worker): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }
  return {
    size: threads,
    run: async (stage, task) => {
      const worker = idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)))
      try {
        return await ask(worker, { stage, task })
      } finally {
        release(worker)
      }
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}

function ask(worker: Worker, request: TaskRequest): Promise<TaskRecord> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      act()
    }
    const onError = (error: unknown): void => settle(() => reject(error))
    const onMessage = (answer: TaskAnswer): void =>
      settle(() => ('record' in answer ? resolve(answer.record) : reject(errorOf(answer.error))))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.postMessage(request)
  })
}

function errorOf({ code, message, ...details }: WireError): Error {
  return code === undefined ? new Error(message) : new PoolError(code, message, { op: 'pyramid', ...details })
}

export function wireOf(error: unknown): WireError {
  const { message } = error as Error
  if (!(error instanceof PoolError)) return { code: undefined, message }
  const { act, errno } = error.details
  return { code: error.code, message, act, errno }
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
