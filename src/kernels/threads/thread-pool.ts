/**
 * @file Runs a job on all threads: the caller opens it, works on tiles like the workers, waits for them, and redoes
 * unfinished tiles.
 */
import type { Job } from '../job.ts'
import type { Executor, RunIn, Share, WasmInstance } from '../wasm/wasm-instance.ts'
import { Backoff } from './backoff.ts'
import type { Control } from './control.ts'
import { arraysOf, isSendable, writeJob } from './message.ts'
import { place } from './place-bytes.ts'
import type { SharedMemory } from './shared-memory.ts'

export interface ThreadPoolOptions {
  /** Jobs whose operands have fewer bytes run on one thread. */
  readonly leastBytes: number
  /** Where bytes that workers need are copied to. */
  readonly memory: Pick<SharedMemory, 'alloc' | 'free'>
  /** True to run jobs on one thread for a while if threads turn out slower. */
  readonly backsOff: boolean
  /** Milliseconds without progress after which a worker is given up. */
  readonly stallTimeout: number
  /**
   * Called once if a worker is given up. It must keep all workers from touching the memory again; no further job
   * follows.
   */
  readonly lost: () => void
}

/** The caller waits for workers longer by this multiple of the time that its own tiles took. */
const slowestFactor = 4
/** Milliseconds to wait for workers that are being stopped. */
const stopTimeout = 50

export class ThreadPool implements Executor {
  readonly #instance: WasmInstance
  readonly #control: Control
  readonly #options: ThreadPoolOptions
  readonly #maySleep = maySleep()
  readonly #backoff = new Backoff()

  constructor(instance: WasmInstance, control: Control, options: ThreadPoolOptions) {
    this.#instance = instance
    this.#control = control
    this.#options = options
  }

  run(job: Job, run: RunIn): boolean {
    const { buffer } = this.#instance.memory
    if (bytesOf(job) < this.#options.leastBytes || !isSendable(job, buffer)) return false
    if (this.#options.backsOff && !this.#backoff.ask()) return false
    const placed = place(job, this.#options.memory, buffer)
    if (placed === null) return false
    try {
      return this.#share(job, placed.job, run)
    } finally {
      placed.free()
    }
  }

  /** @param sent  the job as workers can read it */
  #share(job: Job, sent: Job, run: RunIn): boolean {
    if (!writeJob(sent, this.#instance.memory.buffer, this.#control.messageAt)) return false
    const start = performance.now()
    const generation = this.#control.open()
    const { tiles, of, failure } = this.#work(generation, job, run)
    const worked = performance.now() - start
    this.#control.close()
    if (
      !this.#control.settle(generation, this.#options.stallTimeout + slowestFactor * worked, this.#maySleep)
    ) {
      this.#options.lost()
      pause(stopTimeout, this.#maySleep)
    }
    if (failure !== null) throw failure.error
    this.#redoUnfinished(generation, of, job, run)
    this.#backoff.learn(job.plan, { worked, tiles, of, took: performance.now() - start })
    return true
  }

  /** Runs the caller's part of a job. Returns how many `tiles` it ran, and `of` how many. */
  #work(generation: number, job: Job, run: RunIn) {
    let [tiles, of] = [0, 0]
    let failure: { readonly error: unknown } | null = null
    try {
      run(this.#instance, job, (all) =>
        this.#control.claim(generation, all, (done, count) => {
          tiles = done
          of = count
        }),
      )
    } catch (error) {
      failure = { error }
    }
    return { tiles, of, failure }
  }

  /** Runs tiles again that a worker claimed and did not finish. Their contents are overwritten. */
  #redoUnfinished(generation: number, count: number, job: Job, run: RunIn): void {
    const control = this.#control
    let undone = 0
    for (let tile = 0; tile < count; tile++) if (!control.isDone(generation, tile)) undone++
    if (undone === 0) return
    const unfinished: Share = function* (tiles) {
      let index = 0
      for (const tile of tiles) if (!control.isDone(generation, index++)) yield tile
    }
    run(this.#instance, job, unfinished)
  }
}

function bytesOf(job: Job): number {
  return arraysOf(job).reduce((bytes, { byteLength }) => bytes + byteLength, 0)
}

/** False on a browser's main thread, which may only spin. */
function maySleep(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}

function pause(milliseconds: number, sleeps: boolean): void {
  const end = performance.now() + milliseconds
  const word = sleeps ? new Int32Array(new SharedArrayBuffer(4)) : null
  while (performance.now() < end) if (word) Atomics.wait(word, 0, 0, milliseconds)
}
