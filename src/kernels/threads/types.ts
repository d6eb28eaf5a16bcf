/**
 * @file What a caller of `threads` gives and gets.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { ArrayMemory } from '../../tensor/memory.ts'
import type { MakeWorker } from './worker-handle.ts'

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
