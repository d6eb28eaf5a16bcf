/**
 * @file The page's side of the worker: tasks as functions that promise. The worker's code is inlined, so one file can be embedded anywhere.
 */
import type { Reply, TaskName, Tasks } from './tasks.ts'
import InlineWorker from './worker.ts?worker&inline'

type Result<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>

/** A newer call took this one's place, or the worker was closed. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

interface Call {
  readonly id: number
  readonly lane: string | null
  readonly name: TaskName
  readonly args: readonly unknown[]
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** One call at a time is with the worker, which starts with the first; the others wait here, where they can still be dropped. */
export class LibraryWorker {
  #worker: Worker | null = null
  #isClosed = false
  #running: Call | null = null
  #waiting: Call[] = []
  #next = 0

  #begin(): Worker {
    const worker = new InlineWorker()
    worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const call = this.#running
      if (call === null || call.id !== data.id) return
      this.#running = null
      if ('error' in data) call.reject(new Error(data.error))
      else call.resolve(data.result)
      this.#start()
    }
    worker.onerror = ({ message }) => {
      const unstarted =
        'The worker could not be started: does a Content-Security-Policy forbid blob: workers?'
      this.#fail(new Error(message || unstarted))
    }
    return worker
  }

  run<N extends TaskName>(name: N, ...args: Parameters<Tasks[N]>): Promise<Result<N>> {
    return this.#enter(null, name, args) as Promise<Result<N>>
  }

  /** As `run`; an older call of the same lane that still waits is dropped, and rejected as `Superseded`. */
  latest<N extends TaskName>(lane: string, name: N, ...args: Parameters<Tasks[N]>): Promise<Result<N>> {
    for (const call of this.#waiting.filter((each) => each.lane === lane)) call.reject(new Superseded())
    this.#waiting = this.#waiting.filter((each) => each.lane !== lane)
    return this.#enter(lane, name, args) as Promise<Result<N>>
  }

  /** Ends the worker, whatever it is at. */
  close(): void {
    this.#isClosed = true
    this.#worker?.terminate()
    this.#fail(new Superseded())
  }

  #enter(lane: string | null, name: TaskName, args: readonly unknown[]): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new Superseded())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id: this.#next++, lane, name, args, resolve, reject })
      this.#start()
    })
  }

  #start(): void {
    if (this.#running !== null) return
    this.#running = this.#waiting.shift() ?? null
    if (this.#running === null) return
    const { id, name, args } = this.#running
    this.#worker ??= this.#begin()
    const pictures = args.filter((each) => each instanceof ImageBitmap)
    this.#worker.postMessage({ id, name, args }, pictures)
  }

  #fail(reason: Error): void {
    const calls = [...(this.#running === null ? [] : [this.#running]), ...this.#waiting]
    this.#running = null
    this.#waiting = []
    for (const { reject } of calls) reject(reason)
  }
}
