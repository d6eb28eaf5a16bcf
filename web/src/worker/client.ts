/**
 * @file The page's side of the worker: tasks as functions that promise. The worker's code is inlined, so one file can be embedded anywhere.
 */

import type { Reply, TaskName, Tasks } from './tasks.ts'
import InlineWorker from './worker.ts?worker&inline'

type Result<N extends TaskName> = Awaited<ReturnType<Tasks[N]>>

export class LibraryWorker {
  readonly #worker = new InlineWorker()
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #next = 0

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      const waiting = this.#waiting.get(data.id)
      this.#waiting.delete(data.id)
      if ('error' in data) waiting?.reject(new Error(data.error))
      else waiting?.resolve(data.result)
    }
    this.#worker.onerror = ({ message }) => {
      const reason =
        message || 'The worker could not be started: does a Content-Security-Policy forbid blob: workers?'
      for (const { reject } of this.#waiting.values()) reject(new Error(reason))
      this.#waiting.clear()
    }
  }

  run<N extends TaskName>(name: N, ...args: Parameters<Tasks[N]>): Promise<Result<N>> {
    const id = this.#next++
    return new Promise<Result<N>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.#worker.postMessage({ id, name, args })
    })
  }

  close(): void {
    this.#worker.terminate()
  }
}
