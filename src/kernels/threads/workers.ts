/**
 * @file The workers of one memory: started together, given up together when one of them fails, and started again a few times.
 */

import { scratchBytes } from '../memory/wasm-memory.ts'
import { Control } from './control.ts'
import type { SharedMemory } from './shared-memory.ts'
import { SharedThreadPool } from './thread-pool.ts'
import { type MakeWorker, WorkerHandle } from './worker-handle.ts'

export interface GroupOptions {
  readonly make: MakeWorker
  /** Milliseconds in which workers must be ready. */
  readonly startTimeout: number
  /** Milliseconds without progress after which a call gives a worker up. */
  readonly jobTimeout: number
  /** Bytes of all operands below which one thread is quicker. */
  readonly leastBytes: number
  /** Whether to leave jobs to one thread for a while when threads turn out slower. */
  readonly backsOff: boolean
}

const mostRestarts = 3
/** Failures further apart than this, in milliseconds, have nothing to do with each other. */
const restartWindow = 60_000

/** Workers that are at work. */
interface Workers {
  readonly control: Control
  readonly hired: readonly WorkerHandle[]
  /** What they hold of the memory. */
  readonly blocks: readonly number[]
}

export class Group {
  readonly #memory: SharedMemory
  readonly #workers: number
  readonly #options: GroupOptions
  #staff: Workers | null = null
  /** What is under way in the background. */
  #pending: Promise<void> = Promise.resolve()
  #disposed = false
  #restarts = 0
  #lastLoss = Number.NEGATIVE_INFINITY
  #reason: string | null = null

  constructor(memory: SharedMemory, workers: number, options: GroupOptions) {
    this.#memory = memory
    this.#workers = workers
    this.#options = options
  }

  /** Threads that run jobs now, the caller's among them. */
  get threads(): number {
    return this.#staff === null ? 1 : this.#workers + 1
  }

  /** Why there are no workers, or null. */
  get reason(): string | null {
    return this.#reason
  }

  /** How often workers had to be replaced. */
  get restarts(): number {
    return this.#restarts
  }

  /** Resolves once workers run or there is a reason why not. */
  async start(): Promise<void> {
    if (this.#workers > 0) await this.#start(false)
  }

  /** Resolves when a restart that is under way has come to its end. */
  settled(): Promise<void> {
    return this.#pending
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    const staff = this.#staff
    this.#dismiss()
    if (staff !== null) {
      staff.control.stop()
      await this.#release(staff)
    }
    await this.#pending
  }

  async #start(inBackground: boolean): Promise<void> {
    let staff: Workers | null = null
    try {
      staff = this.#hire(inBackground)
      await within(
        this.#options.startTimeout,
        Promise.all(staff.hired.map(({ ready }) => ready)),
        inBackground,
      )
    } catch (error) {
      this.#reason = (error as Error).message
      if (staff !== null) await this.#release(staff)
      return
    }
    if (this.#disposed) return this.#release(staff)
    this.#employ(staff)
  }

  #hire(inBackground: boolean): Workers {
    const blocks: number[] = []
    const hired: WorkerHandle[] = []
    const take = (bytes: number): number => {
      const at = this.#memory.take(bytes)
      if (at === null) throw new Error(`the shared memory has no room for ${this.#workers} workers`)
      blocks.push(at)
      return at
    }
    try {
      const { memory, module } = this.#memory
      const at = take(Control.bytes(this.#workers))
      new Uint8Array(memory.buffer, at, Control.bytes(this.#workers)).fill(0)
      const control = new Control(memory.buffer, at, this.#workers)
      for (let worker = 0; worker < this.#workers; worker++) {
        const from = take(scratchBytes + 64)
        const post = {
          module,
          memory,
          from,
          to: from + scratchBytes,
          control: at,
          workers: this.#workers,
          worker,
        }
        hired.push(new WorkerHandle(this.#options.make, post))
        if (inBackground) hired[worker]!.unref()
      }
      return { control, hired, blocks }
    } catch (error) {
      for (const worker of hired) void worker.stop()
      for (const block of blocks) this.#memory.give(block)
      throw error
    }
  }

  #employ(staff: Workers): void {
    this.#staff = staff
    this.#reason = null
    const { jobTimeout, leastBytes, backsOff } = this.#options
    this.#memory.instance.threadPool = new SharedThreadPool(this.#memory.instance, staff.control, {
      leastBytes,
      backsOff,
      stallTimeout: jobTimeout,
      lost: () => this.#lose(staff, `a worker made no progress for ${jobTimeout} ms`),
    })
    for (const worker of staff.hired) {
      worker.unref()
      void worker.resigned.then((why) => this.#lose(staff, why))
    }
  }

  /** One worker's failure is all workers' end: who knows what it left behind. */
  #lose(staff: Workers, why: string): void {
    if (this.#staff !== staff) return
    this.#dismiss()
    this.#reason = why
    const now = performance.now()
    if (now - this.#lastLoss > restartWindow) this.#restarts = 0
    this.#lastLoss = now
    const gone = this.#release(staff)
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

  /** From now on jobs are the caller's alone. */
  #dismiss(): void {
    if (this.#staff !== null) this.#memory.instance.threadPool = null
    this.#staff = null
  }

  /** Stops workers at once; their memory is free when they are gone. */
  async #release({ hired, blocks }: Workers): Promise<void> {
    await Promise.all(hired.map((worker) => worker.stop()))
    for (const block of blocks) this.#memory.give(block)
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
