/**
 * @file `threads(n)`: what a caller sees of them. The rest is loaded when it is called.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { ArrayMemory } from '../../tensor/memory.ts'
import type { MakeWorker } from './hire.ts'

export type { MakeWorker, WorkerLike } from './hire.ts'

/** Options of `threads`. */
export interface ThreadsOptions {
  /** Bytes of the shared memory that tensors lie in. Default: 1 GiB of address space, of which only what is used takes memory. */
  readonly bytes?: number
  /** Makes a worker that runs `pool2d/worker.js`, where a policy does not let the package start its own. */
  readonly worker?: MakeWorker
  /** Milliseconds in which all workers must be ready. Default: 10,000. */
  readonly startTimeout?: number
  /** Milliseconds without progress after which a call does a worker's part itself. Default: 2,000. */
  readonly jobTimeout?: number
}

/** How many threads pool, and in how much memory. */
export interface ThreadsInfo {
  /** Threads that share the work now, the caller's among them. */
  readonly threads: number
  readonly requested: number
  /** Why there are fewer than requested, or null. */
  readonly reason: string | null
  /** Bytes of the shared memory; 0 if there is none. */
  readonly bytes: number
  /** How often workers had to be replaced. */
  readonly restarts: number
}

/** Threads at work, and the memory that they share. */
export interface Threads extends ArrayMemory {
  info(): ThreadsInfo
  /** Gives back the bytes of an array that `allocate` gave; it must not be used after. */
  free(array: TypedArray): void
  /** Resolves when the replacement of a failed worker, if one is under way, has come to its end. */
  settled(): Promise<void>
  /** Stops the workers; a second call does nothing. Arrays in the memory stay good, pooled by one thread. */
  dispose(): Promise<void>
}

/**
 * Starts workers, so that `count` threads in all pool what lies in shared memory: `zeros(shape, { shared: true })`, outputs given
 * with `out`. Calls stay synchronous; all their arrays must lie there, and they must be large enough (1 MiB) for threads to
 * be worth their while. Results are the same bits for any number of threads. Where threads cannot be had, it resolves all the same,
 * with one thread, and `info()` says why. A second call replaces the first one's workers and keeps the memory.
 *
 * Workers are those of node:worker_threads, or the web's where the page is cross-origin isolated; they do not keep a process alive.
 *
 * @param count  threads in all, the caller's own included; 1 stops the workers
 * @throws PoolError "BAD_PARAM" for a count that is not a whole number from 1 to 64, or such an option
 *
 * @example
 * await threads(2)
 * const x = zeros([32, 64, 112, 112], { shared: true })
 * const out = zeros([32, 64, 56, 56], { shared: true }).data
 * maxPool2d(x, { kernelSize: 2, out })
 */
export async function threads(count: number, options: ThreadsOptions = {}): Promise<Threads> {
  const { startChecked } = await import('./start.ts')
  return startChecked(count, options)
}
