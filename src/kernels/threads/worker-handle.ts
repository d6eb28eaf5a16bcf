/**
 * @file One interface for workers of Node and of the web: start, readiness, failure and stop.
 */
import { formatValue } from '../../errors.ts'
import type { Post } from './worker.ts'

/** A `Worker` of the web, or one of node:worker_threads. */
export interface WorkerLike {
  postMessage(message: unknown): void
  terminate(): unknown
  unref?(): void
  on?(event: string, listener: (value: unknown) => void): unknown
  addEventListener?(event: string, listener: (event: unknown) => void): void
}

/** A worker that runs the script of this package. */
export type MakeWorker = () => WorkerLike

/** The reason why memory cannot be shared with workers here, or null. */
export function whyNotShared(): string | null {
  if (typeof SharedArrayBuffer !== 'function') {
    const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean }
    return crossOriginIsolated === false
      ? 'this page is not cross-origin isolated, so it has no SharedArrayBuffer'
      : 'this environment has no SharedArrayBuffer'
  }
  return null
}

/** @throws Error unless `made` has the methods of a worker */
function workerOf(made: unknown): WorkerLike {
  const { postMessage, terminate, on, addEventListener } = Object(made) as Partial<WorkerLike>
  const methods = [postMessage, terminate, on ?? addEventListener]
  if (methods.every((method) => typeof method === 'function')) return made as WorkerLike
  // A promise that rejects unheard would end the process.
  Promise.resolve(made).catch(() => {})
  throw new Error(
    `worker() returned ${formatValue(made)}; must return a worker, with postMessage, terminate, and on or addEventListener`,
  )
}

function attempt(stop: () => unknown): unknown {
  try {
    return stop()
  } catch {
    return undefined
  }
}

export class WorkerHandle {
  readonly #worker: WorkerLike
  readonly #exited: Promise<void>
  #fail!: (why: string) => void
  #stopped = false

  /** Resolves when the worker is ready; rejects with the reason if it fails first. */
  readonly ready: Promise<void>
  /** Resolves with the reason if the worker ends or may have lost messages without being stopped. */
  readonly failed: Promise<string>

  constructor(make: MakeWorker, post: Post) {
    this.failed = new Promise((resolve) => {
      this.#fail = (why) => {
        if (!this.#stopped) resolve(why)
      }
    })
    this.#worker = workerOf(make())
    let exit = (): void => {}
    this.#exited = new Promise((resolve) => {
      exit = resolve
    })
    this.ready = new Promise((resolve, reject) => {
      this.#hear('message', (message: unknown) => {
        if (message === 'ready' || (message as { data?: unknown } | null)?.data === 'ready') resolve()
      })
      this.#hear('error', (error: { message?: string } | null) =>
        this.#fail(`a worker failed: ${error?.message || 'its script cannot be loaded'}`),
      )
      this.#hear('messageerror', () => this.#fail('a worker could not read a message'))
      this.#hear('exit', (code: number) => {
        this.#fail(`a worker ended with code ${code}`)
        exit()
      })
      void this.failed.then((why) => reject(new Error(why)))
    })
    this.ready.catch(() => {})
    try {
      this.#worker.postMessage(post)
    } catch (error) {
      void this.stop()
      throw error
    }
  }

  /** Lets the process exit while the worker runs. */
  unref(): void {
    this.#worker.unref?.()
  }

  /** Resolves when the worker has ended. Web workers report no end, so for them it resolves after a short wait. */
  async stop(): Promise<void> {
    this.#stopped = true
    const stopping = attempt(() => this.#worker.terminate())
    if (stopping instanceof Promise) await stopping.catch(() => {})
    else await Promise.race([this.#exited, new Promise((resolve) => setTimeout(resolve, 100))])
  }

  #hear<T>(event: string, listener: (value: T) => void): void {
    const worker = this.#worker
    if (worker.on) worker.on(event, listener as (value: unknown) => void)
    else worker.addEventListener?.(event, listener as (value: unknown) => void)
  }
}
