/**
 * @file `threads(n)`, the public function. It loads the rest on demand.
 */
import type { Threads, ThreadsOptions } from './types.ts'

export type { Threads, ThreadsInfo, ThreadsOptions } from './types.ts'
export type { MakeWorker, WorkerLike } from './worker-handle.ts'

/**
 * Starts workers, so that `count` threads pool tensors in shared memory: `zeros(shape, { shared: true })`, with outputs
 * given as `out`. Calls stay synchronous. Threads run a call if all its arrays lie in shared memory and are large
 * enough (1 MiB in all). The results have the same bits for any number of threads. If threads are not available, the
 * promise still resolves, with one thread, and `info()` gives the reason. A second call replaces the first one's
 * workers and keeps the memory.
 *
 * Workers come from node:worker_threads, or from the web if the page is cross-origin isolated. They do not keep a
 * process alive.
 *
 * @param count  the number of threads, the caller's included; 1 stops the workers
 * @throws PoolError "BAD_PARAM" unless `count` is a whole number from 1 to 64 and the options are valid
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
