/**
 * @file The workers of one memory. They start together, are all stopped if one fails, and are restarted a few times.
 */
import { scratchBytes } from '../memory/wasm-memory.ts'
import { Control } from './control.ts'
import type { SharedMemory } from './shared-memory.ts'
import { ThreadPool } from './thread-pool.ts'
import { type MakeWorker, WorkerHandle } from './worker-handle.ts'

export interface WorkerGroupOptions {
  readonly make: MakeWorker
  /** Milliseconds in which workers must be ready. */
  readonly startTimeout: number
  /** Milliseconds without progress after which a worker is given up. */
  readonly jobTimeout: number
  /** Jobs whose operands have fewer bytes run on one thread. */
  readonly leastBytes: number
  /** True to run jobs on one thread for a while if threads turn out slower. */
  readonly backsOff: boolean
}

const mostRestarts = 3
/** Milliseconds. After a longer time without failure, restarts are counted from 0 again. */
const restartWindow = 60_000

interface RunningWorkers {
  readonly control: Control
  readonly handles: readonly WorkerHandle[]
  /** Their blocks of the shared memory. */
  readonly blocks: readonly number[]
}

export class WorkerGroup {
  readonly #memory: SharedMemory
  readonly #workers: number
  readonly #options: WorkerGroupOptions
  #running: RunningWorkers | null = null
  /** The restart in the background, if any. */
  #pending: Promise<void> = Promise.resolve()
  #disposed = false
  #restarts = 0
  #lastLoss = Number.NEGATIVE_INFINITY
  #reason: string | null = null

  constructor(memory: SharedMemory, workers: number, options: WorkerGroupOptions) {
    this.#memory = memory
    this.#workers = workers
    this.#options = options
  }

  /** Threads that run jobs now, the caller's included. */
  get threads(): number {
    return this.#running === null ? 1 : this.#workers + 1
  }

  /** The reason why there are no workers, or null. */
  get reason(): string | null {
    return this.#reason
  }

  /** The number of restarts in the current series of failures. */
  get restarts(): number {
    return this.#restarts
  }

  /** Resolves when the workers run, or when `reason` says why they do not. */
  async start(): Promise<void> {
    if (this.#workers > 0) await this.#start(false)
  }

  /** Resolves when no restart is under way. */
  settled(): Promise<void> {
    return this.#pending
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    const workers = this.#running
    this.#retire()
    if (workers !== null) {
      workers.control.stop()
      await this.#release(workers)
    }
    await this.#pending
  }

  async #start(inBackground: boolean): Promise<void> {
    let workers: RunningWorkers | null = null
    try {
      workers = this.#spawn(inBackground)
      await within(
        this.#options.startTimeout,
        Promise.all(workers.handles.map(({ ready }) => ready)),
        inBackground,
      )
    } catch (error) {
      this.#reason = (error as Error).message
      if (workers !== null) await this.#release(workers)
      return
    }
    if (this.#disposed) return this.#release(workers)
    this.#activate(workers)
  }

  #spawn(inBackground: boolean): RunningWorkers {
    const blocks: number[] = []
    const handles: WorkerHandle[] = []
    const alloc = (bytes: number): number => {
      const at = this.#memory.alloc(bytes)
      if (at === null) throw new Error(`the shared memory has no room for ${this.#workers} workers`)
      blocks.push(at)
      return at
    }
    try {
      const { memory, modules } = this.#memory
      const at = alloc(Control.bytes(this.#workers))
      new Uint8Array(memory.buffer, at, Control.bytes(this.#workers)).fill(0)
      const control = new Control(memory.buffer, at, this.#workers)
      for (let worker = 0; worker < this.#workers; worker++) {
        const from = alloc(scratchBytes + 64)
        const post = {
          ...modules,
          memory,
          from,
          to: from + scratchBytes,
          control: at,
          workers: this.#workers,
          worker,
        }
        handles.push(new WorkerHandle(this.#options.make, post))
        if (inBackground) handles[worker]!.unref()
      }
      return { control, handles, blocks }
    } catch (error) {
      for (const worker of handles) void worker.stop()
      for (const block of blocks) this.#memory.free(block)
      throw error
    }
  }

  #activate(workers: RunningWorkers): void {
    this.#running = workers
    this.#reason = null
    const { jobTimeout, leastBytes, backsOff } = this.#options
    this.#memory.instance.executor = new ThreadPool(this.#memory.instance, workers.control, {
      leastBytes,
      backsOff,
      memory: this.#memory,
      stallTimeout: jobTimeout,
      lost: () => this.#lose(workers, `a worker made no progress for ${jobTimeout} ms`),
    })
    for (const worker of workers.handles) {
      worker.unref()
      void worker.failed.then((why) => this.#lose(workers, why))
    }
  }

  /** If one worker fails, all are restarted: the shared state may be corrupt. */
  #lose(workers: RunningWorkers, why: string): void {
    if (this.#running !== workers) return
    this.#retire()
    this.#reason = why
    const now = performance.now()
    if (now - this.#lastLoss > restartWindow) this.#restarts = 0
    this.#lastLoss = now
    const gone = this.#release(workers)
    this.#pending = gone.then(() => this.#restart(why))
  }

  async #restart(why: string): Promise<void> {
    if (this.#disposed) return
    if (this.#restarts >= mostRestarts) {
      this.#reason = `${why}; given up after ${mostRestarts} restarts`
      return
    }
    this.#restarts++
    await this.#start(true)
  }

  /** From here on the caller's thread runs all jobs alone. */
  #retire(): void {
    if (this.#running !== null) this.#memory.instance.executor = null
    this.#running = null
  }

  /** Stops workers at once and frees their memory when they have ended. */
  async #release({ handles, blocks }: RunningWorkers): Promise<void> {
    await Promise.all(handles.map((worker) => worker.stop()))
    for (const block of blocks) this.#memory.free(block)
  }
}

async function within(milliseconds: number, task: Promise<unknown>, inBackground: boolean): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`workers were not ready within ${milliseconds} ms`)),
      milliseconds,
    )
    if (inBackground) (timer as { unref?(): void }).unref?.()
  })
  try {
    await Promise.race([task, timeout])
  } finally {
    clearTimeout(timer)
  }
}
