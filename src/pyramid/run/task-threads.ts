/**
 * @file Threads that run tasks: the caller's own, and workers that each open the places of the work themselves.
 */
import { parentPort, Worker } from 'node:worker_threads'
import { PoolError, type PoolErrorCode } from '../../errors.ts'

/** Runs a task: plain data in, plain data out. */
export type RunTask<Q, R> = (task: Q) => Promise<R>

export interface TaskThreads<Q, R> {
  /** The number of tasks that run at once. */
  readonly size: number
  run: RunTask<Q, R>
  close(): Promise<void>
}

type TaskAnswer<R> = { readonly record: R } | { readonly error: WireError }

interface WireError {
  readonly code: PoolErrorCode | undefined
  readonly message: string
  readonly op?: string
  readonly act?: unknown
  readonly errno?: unknown
}

/** The caller's own thread alone. */
export function ownThread<Q, R>(run: RunTask<Q, R>): TaskThreads<Q, R> {
  return { size: 1, run, close: async () => undefined }
}

/** The caller's own thread beside others. */
export function besideOwn<Q, R>(own: RunTask<Q, R>, others: TaskThreads<Q, R>): TaskThreads<Q, R> {
  let isBusy = false
  return {
    size: 1 + others.size,
    run: async (task) => {
      if (isBusy) return await others.run(task)
      isBusy = true
      try {
        return await own(task)
      } finally {
        isBusy = false
      }
    },
    close: () => others.close(),
  }
}

/** Threads that leave the caller's own free. @param file  a program that calls `serveTasks` */
export function openThreads<Q, R>(file: URL, threads: number, workerData: object): TaskThreads<Q, R> {
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
    run: async (task) => {
      const worker = idle.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)))
      try {
        return await ask<Q, R>(worker, task)
      } finally {
        release(worker)
      }
    },
    close: async () => {
      await Promise.all(all.map((worker) => worker.terminate()))
    },
  }
}

/** Answers the thread that started this one. @param open  opens the places of the work, for the first task */
export function serveTasks<Q, R>(open: () => Promise<RunTask<Q, R>>): void {
  let opened: Promise<RunTask<Q, R>> | undefined
  const answer = async (task: Q): Promise<TaskAnswer<R>> => {
    try {
      opened ??= open()
      const run = await opened
      return { record: await run(task) }
    } catch (error) {
      return { error: wireOf(error) }
    }
  }
  parentPort?.on('message', async (task: Q) => parentPort?.postMessage(await answer(task)))
}

function ask<Q, R>(worker: Worker, task: Q): Promise<R> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      worker.off('message', onMessage)
      worker.off('error', onError)
      act()
    }
    const onError = (error: unknown): void => settle(() => reject(error))
    const onMessage = (answer: TaskAnswer<R>): void =>
      settle(() => ('record' in answer ? resolve(answer.record) : reject(errorOf(answer.error))))
    worker.on('message', onMessage)
    worker.on('error', onError)
    worker.postMessage(task)
  })
}

function errorOf({ code, message, op = '', ...details }: WireError): Error {
  return code === undefined ? new Error(message) : new PoolError(code, message, { op, ...details })
}

function wireOf(error: unknown): WireError {
  const { message } = error as Error
  if (!(error instanceof PoolError)) return { code: undefined, message }
  const { op, act, errno } = error.details
  return { code: error.code, message, op: op as string, act, errno }
}

/** Results in order of completion. @param signal  no task is begun after it */
export async function* runEach<Q, R>(
  tasks: Iterable<Q>,
  atOnce: number,
  run: RunTask<Q, R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const running = new Map<Q, Promise<readonly [task: Q, result: R]>>()
  const next = tasks[Symbol.iterator]()
  for (;;) {
    while (running.size < atOnce && !signal?.aborted) {
      const { value: task, done } = next.next()
      if (done) break
      running.set(
        task,
        run(task).then((result) => [task, result] as const),
      )
    }
    if (running.size === 0) return
    const [task, result] = await Promise.race(running.values())
    running.delete(task)
    yield result
  }
}
