/**
 * @file Threads that run tasks: the caller's own, and workers that each open the places of the work themselves.
 */
import { parentPort, type Worker } from 'node:worker_threads'
import { PoolError, type PoolErrorCode } from '../../errors.ts'

/** Runs a task: plain data in, plain data out. */
export type RunTask<Q, R> = (task: Q) => Promise<R>

export interface TaskThreads<Q, R> {
  /** The number of tasks that are begun before one of them has ended. */
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

/** Milliseconds of a task below which the next one is handed over before it ends. */
const shortTime = 500

/**
 * The caller's own thread beside others. While it runs a task it does not see that others have ended theirs: as long as tasks are short,
 * each of the others has one more at hand.
 */
export function besideOwn<Q, R>(own: RunTask<Q, R>, others: TaskThreads<Q, R>): TaskThreads<Q, R> {
  let [isBusy, isShort] = [false, false]
  return {
    get size() {
      return 1 + others.size * (isShort ? 2 : 1)
    },
    run: async (task) => {
      if (isBusy) return await others.run(task)
      isBusy = true
      const begun = performance.now()
      try {
        return await own(task)
      } finally {
        isBusy = false
        isShort = performance.now() - begun < shortTime
      }
    },
    close: () => others.close(),
  }
}

/** Threads that leave the caller's own free. @param workers  of a program that calls `serveTasks` @param setup  what it opens */
export function openThreads<Q, R>(workers: readonly Worker[], setup: object): TaskThreads<Q, R> {
  const all = workers.map((worker) => new TaskWorker<Q, R>(worker, setup))
  return {
    size: workers.length,
    run: (task) => all.reduce((a, b) => (b.tasks < a.tasks ? b : a)).run(task),
    close: async () => {
      await Promise.all(all.map((worker) => worker.close()))
    },
  }
}

/** A worker, and the tasks that it has not answered yet: it runs them one after the other. */
class TaskWorker<Q, R> {
  readonly #worker: Worker
  readonly #waiting: { resolve(record: R): void; reject(error: unknown): void }[] = []
  #ended: { readonly error: unknown } | undefined

  constructor(worker: Worker, setup: object) {
    this.#worker = worker
    worker.postMessage(setup)
    worker.on('message', (answer: TaskAnswer<R>) => {
      const { resolve, reject } = this.#waiting.shift()!
      if ('record' in answer) resolve(answer.record)
      else reject(errorOf(answer.error))
    })
    worker.on('error', (error) => {
      this.#ended = { error }
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    })
  }

  get tasks(): number {
    return this.#waiting.length
  }

  run(task: Q): Promise<R> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended.error)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage(task)
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

/**
 * Answers the thread that started this one, task by task.
 *
 * @param open  opens the places of the work, which the first message tells, for the first task
 */
export function serveTasks<S, Q, R>(open: (setup: S) => Promise<RunTask<Q, R>>): void {
  let opened: Promise<RunTask<Q, R>> | undefined
  const answer = async (setup: S, task: Q): Promise<TaskAnswer<R>> => {
    try {
      opened ??= open(setup)
      const run = await opened
      return { record: await run(task) }
    } catch (error) {
      return { error: wireOf(error) }
    }
  }
  parentPort?.once('message', (setup: S) => {
    let last = Promise.resolve()
    parentPort?.on('message', (task: Q) => {
      last = last.then(async () => parentPort?.postMessage(await answer(setup, task)))
    })
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

/** Results in order of completion. @param threads  that `run` uses @param signal  no task is begun after it */
export async function* runEach<Q, R>(
  tasks: Iterable<Q>,
  threads: { readonly size: number },
  run: RunTask<Q, R>,
  signal?: AbortSignal,
): AsyncGenerator<R> {
  const running = new Map<Q, Promise<readonly [task: Q, result: R]>>()
  const next = tasks[Symbol.iterator]()
  for (;;) {
    while (running.size < threads.size && !signal?.aborted) {
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
