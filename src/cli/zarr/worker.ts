/**
 * @file A thread of `pool2d zarr`: the program itself, started as a worker.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { PoolError } from '../../errors.ts'
import type { PooledObject } from '../../pyramid/pool-array.ts'
import { openThreads, serveTasks, type TaskThreads } from '../../pyramid/run/task-threads.ts'
import { type ArrayRequest, openArrayPooling } from './array-pooling.ts'

/** Runs in the worker. */
export function serveArrayPooling(): void {
  serveTasks(async (request: ArrayRequest) => {
    const { pooler } = await openArrayPooling(request)
    return (task: number) => pooler.run(task, request.missing)
  })
}

/** @throws PoolError "UNAVAILABLE" where main.js is not beside this file */
export function openArrayThreads(request: ArrayRequest, threads: number): TaskThreads<number, PooledObject> {
  const file = new URL('./main.js', import.meta.url)
  if (existsSync(fileURLToPath(file)))
    return openThreads(
      Array.from({ length: threads }, () => new Worker(file)),
      request,
    )
  throw new PoolError(
    'UNAVAILABLE',
    '--threads is not here: the program main.js is not found. Use --threads 1.',
    {
      op: 'zarr',
      argument: 'threads',
    },
  )
}
