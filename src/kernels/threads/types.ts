/**
 * @file The options and results of `threads`.
 */
import type { TypedArray } from '../../tensor/dtype.ts'
import type { ArrayMemory } from '../../tensor/memory.ts'
import type { MakeWorker } from './worker-handle.ts'

/** Options of `threads`. */
export interface ThreadsOptions {
  /**
   * Bytes of the shared memory for tensors. Default: 1 GiB of address space, of which only the used part takes memory.
   */
  readonly bytes?: number | undefined
  /** Makes a worker that runs `pool2d/worker.js`, if a policy keeps the package from starting its own. */
  readonly worker?: MakeWorker | undefined
  /** Milliseconds in which all workers must be ready. Default: 10,000. */
  readonly startTimeout?: number | undefined
  /** Milliseconds without progress after which a call does a worker's part itself. Default: 2,000. */
  readonly jobTimeout?: number | undefined
}

/** The number of threads and the size of their memory. */
export interface ThreadsInfo {
  /** Threads that share the work now, the caller's included. */
  readonly threads: number
  readonly requested: number
  /** The reason for fewer threads than requested, or null. */
  readonly reason: string | null
  /** Bytes of the shared memory; 0 if there is none. */
  readonly bytes: number
  /** The number of times workers were replaced. */
  readonly restarts: number
}

/** Running threads and their shared memory. */
export interface Threads extends ArrayMemory {
  info(): ThreadsInfo
  /** Frees an array that `allocate` gave. It must not be used afterwards. */
  free(array: TypedArray): void
  /** Resolves when no replacement of a failed worker is under way. */
  settled(): Promise<void>
  /** Stops the workers; a second call does nothing. Arrays in the memory stay valid and are pooled by one thread. */
  dispose(): Promise<void>
}
