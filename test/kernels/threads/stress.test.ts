/**
 * @file Runs thousands of tiny jobs with changing numbers of threads, so that most of the work is starting and ending jobs.
 */
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { startThreads } from '../../../src/kernels/threads/start.ts'
import { watchdog } from '../../support/watchdog.ts'
import { workerScript } from '../../support/worker-script.ts'
import { planOf, randomOf, sliding } from '../jobs.ts'
import { differenceOf, threadedKernels } from './shared-jobs.ts'

const rounds = process.env.POOL2D_DEEP ? 100 : 20
const jobs = 100
watchdog(process.env.POOL2D_DEEP ? 300 : 60)
const script = workerScript()

const random = randomOf(7)
const upTo = (most: number): number => 1 + Math.floor(random() * most)
const kernels = threadedKernels.filter(({ dtype }) => ['float32', 'float64', 'uint8'].includes(dtype))

test(`${rounds * jobs} tiny jobs with random numbers of threads`, { timeout: 290_000 }, async () => {
  const wrong: string[] = []
  for (let round = 0; round < rounds; round++) {
    const count = upTo(4)
    const threads = await startThreads(count, {
      worker: () => new Worker(script()),
      leastBytes: 0,
      backsOff: false,
    })
    expect(threads.info()).toMatchObject({ threads: count, reason: null })
    for (let i = 0; i < jobs; i++) {
      const kernel = kernels[upTo(kernels.length) - 1]!
      const plan = planOf(upTo(6), [sliding(1 + upTo(9), 2), sliding(2 + upTo(9), 3, { stride: 1 })])
      const fault = differenceOf(kernel, threads, { plan, seed: upTo(3) })
      if (fault !== null) wrong.push(`round ${round}, job ${i}, ${kernel.id}, ${count} threads: ${fault}`)
    }
    expect(threads.info()).toMatchObject({ threads: count, reason: null, restarts: 0 })
    await threads.dispose()
  }
  expect(wrong).toEqual([])
})
