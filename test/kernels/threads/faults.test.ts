/**
 * @file Workers that exit, throw, hang or never become ready: the call and the next one still give the right bits.
 */
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import type { Job } from '../../../src/kernels/job.ts'
import type { Threads } from '../../../src/kernels/threads/index.ts'
import { startThreads } from '../../../src/kernels/threads/start.ts'
import { watchdog } from '../../support/watchdog.ts'
import { workerScript } from '../../support/worker-script.ts'
import { firstDifference, jobOf, planOf, sliding, type Wanted, writtenBy } from '../jobs.ts'
import { freeAll, moveTo, threadedKernels } from './shared-jobs.ts'

watchdog(120)
const script = workerScript()
const faulty = new URL('../../support/faulty-worker.js', import.meta.url)
const fired = new Int32Array(new SharedArrayBuffer(4))
let threads: Threads

/** Only the first `count` workers have the fault. */
function workersWith(fault: string, count: number): () => Worker {
  let made = 0
  Atomics.store(fired, 0, 0)
  return () => {
    const worker = new Worker(faulty, {
      workerData: { script: script().href, fault: made++ < count ? fault : '', fired },
      stderr: true,
    })
    return worker
  }
}

const quick = { leastBytes: 0, backsOff: false, jobTimeout: 100, startTimeout: 5000 }
const start = (count: number, fault: string, broken: number, more = {}): Promise<Threads> =>
  startThreads(count, { ...quick, worker: workersWith(fault, broken), ...more })

afterEach(() => threads.dispose())

/** Eight tiles or so, of several planes each; a maximum's gradients are added up, which is not the same twice. */
const plan = planOf(90, [sliding(64, 2), sliding(64, 2)])
const overlapping = planOf(36, [sliding(60, 3, { stride: 1 }), sliding(60, 3, { stride: 1 })])
const jobs: readonly (readonly [name: string, wanted: Wanted])[] = [
  ['a forward pass', { reducer: 'max', pass: 'forward', dtype: 'float32', plan }],
  ['pairs of gradients', { reducer: 'max', pass: 'backward', dtype: 'float32', plan }],
  ['added gradients', { reducer: 'max', pass: 'backward', dtype: 'float64', plan: overlapping }],
]

function kernelOf({ reducer, pass, dtype }: Wanted) {
  return threadedKernels.find(
    (kernel) => kernel.reducer === reducer && kernel.pass === pass && kernel.dtype === dtype,
  )!
}

const answers = new Map<Wanted, { readonly job: Job; readonly bits: Job }>()

/** A job and its result on one thread. */
function known(wanted: Wanted) {
  const before = answers.get(wanted)
  if (before !== undefined) return before
  const { job } = jobOf(wanted)
  const answer = { job, bits: jobOf(wanted).job }
  kernelOf(wanted).run(answer.bits)
  answers.set(wanted, answer)
  return answer
}

function expectRight(wanted: Wanted): void {
  const { job, bits } = known(wanted)
  const moved = moveTo(threads, job)
  kernelOf(wanted).run(moved)
  expect(firstDifference(writtenBy(moved), writtenBy(bits))).toBe(-1)
  freeAll(threads, moved)
}

/** Repeats the call until a worker reaches its fault, since the system decides which thread takes a tile. */
function callUntilFired(wanted: Wanted): void {
  const end = performance.now() + 10_000
  while (Atomics.load(fired, 0) === 0 && performance.now() < end) expectRight(wanted)
  expect(Atomics.load(fired, 0)).toBeGreaterThan(0)
}

describe.each([
  ['exits as it joins', jobs.slice(0, 1)],
  ['exits in a kernel', jobs],
  ['throws in a kernel', jobs],
  ['hangs in a kernel', jobs],
  ['exits before it is done', jobs.slice(2)],
])('a worker %s', (fault, during) => {
  test.each(during)('%s', async (_, wanted) => {
    threads = await start(3, fault, 1)
    expect(threads.info()).toMatchObject({ threads: 3, reason: null })
    callUntilFired(wanted)
    expectRight(wanted)
    await expect.poll(() => threads.info().restarts).toBe(1)
    await threads.settled()
    expect(threads.info()).toMatchObject({ threads: 3, reason: null })
    expectRight(wanted)
  })
})

test('a worker exits while it waits', async () => {
  threads = await start(2, 'exits while it waits', 1)
  await expect.poll(() => threads.info().restarts).toBe(1)
  expectRight(jobs[0]![1])
  await threads.settled()
  expect(threads.info()).toMatchObject({ threads: 2, reason: null })
  expectRight(jobs[0]![1])
})

test.each([
  ['exits before it is ready', 'a worker ended with code 3'],
  ['throws before it is ready', 'a worker failed: a fault put in on purpose'],
])('a worker %s', async (fault, reason) => {
  threads = await start(3, fault, 1)
  expect(threads.info()).toMatchObject({ threads: 1, requested: 3, reason })
  expectRight(jobs[0]![1])
  threads = await start(3, fault, 0)
  expect(threads.info()).toMatchObject({ threads: 3, reason: null })
  expectRight(jobs[0]![1])
})

test('a worker is never ready', async () => {
  threads = await start(3, 'is never ready', 1, { startTimeout: 300 })
  expect(threads.info()).toMatchObject({ threads: 1, reason: 'workers were not ready within 300 ms' })
  expectRight(jobs[0]![1])
})

test('a worker that cannot be made', async () => {
  threads = await startThreads(2, {
    ...quick,
    worker: () => {
      throw new Error('the policy of this page allows no workers')
    },
  })
  expect(threads.info()).toMatchObject({ threads: 1, reason: 'the policy of this page allows no workers' })
  expectRight(jobs[0]![1])
})

test('a promise in place of a worker, which rejects', async () => {
  threads = await startThreads(2, {
    ...quick,
    worker: (async () => Promise.reject(new Error('no'))) as never,
  })
  expect(threads.info().reason).toContain('worker() returned Promise; must return a worker')
  await new Promise((resolve) => setTimeout(resolve, 1))
  expectRight(jobs[0]![1])
})

test('a worker that takes no memory is stopped again', async () => {
  const stopped: number[] = []
  threads = await startThreads(3, {
    ...quick,
    worker: () => ({
      postMessage: () => {
        throw new DOMException('the memory could not be cloned', 'DataCloneError')
      },
      terminate: () => stopped.push(1),
      on: () => {},
    }),
  })
  expect(threads.info()).toMatchObject({ threads: 1, reason: 'the memory could not be cloned' })
  expect(stopped).toHaveLength(1)
  expectRight(jobs[0]![1])
})

test('workers that fail again and again are given up', async () => {
  threads = await start(2, 'throws in a kernel', Number.POSITIVE_INFINITY)
  const end = performance.now() + 15_000
  while (!threads.info().reason?.includes('given up') && performance.now() < end) {
    expectRight(jobs[0]![1])
    await new Promise((resolve) => setTimeout(resolve, 1))
    await threads.settled()
  }
  expect(threads.info()).toMatchObject({
    threads: 1,
    restarts: 3,
    reason: 'a worker failed: a fault put in on purpose; given up after 3 restarts',
  })
  expectRight(jobs[0]![1])
})
