/**
 * @file Ends the process when a test hangs in synchronous code, where no timeout of the test runner can reach.
 */
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll } from 'vitest'

/** Limits the total seconds of the calling file's tests. */
export function watchdog(seconds: number): void {
  let guard: Worker | undefined
  beforeAll(() => {
    guard = new Worker(new URL('./watchdog-worker.js', import.meta.url), { workerData: seconds })
    guard.unref()
  })
  afterAll(async () => {
    await guard?.terminate()
  })
}
