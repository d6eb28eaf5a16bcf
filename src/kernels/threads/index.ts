/**
 * @file `threads(n)`: what a caller sees of them. The rest is loaded when it is called.
 */
import type { Threads, ThreadsOptions } from './types.ts'

export type { Threads, ThreadsInfo, ThreadsOptions } from './types.ts'
export type { MakeWorker, WorkerLike } from './worker-handle.ts'

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
