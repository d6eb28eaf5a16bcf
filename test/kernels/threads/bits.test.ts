/**
 * @file Any number of threads gives the bits of one, for every kind of job.
 */
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { avgPool2d, globalMaxPool, lpPool2d, maxPool2d, minPool2d, rand } from '../../../src/index.ts'
import { countMarks } from '../../../src/kernels/count.ts'
import { countedFrom } from '../../../src/kernels/counted.ts'
import type { Counted, Job, Kernel } from '../../../src/kernels/job.ts'
import { ownerOf } from '../../../src/kernels/memory/wasm-memory.ts'
import type { Threads } from '../../../src/kernels/threads/index.ts'
import { startThreads } from '../../../src/kernels/threads/start.ts'
import { rows } from '../../../src/kernels/wasm/rows.ts'
import { inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { dtypes } from '../../../src/tensor/dtype.ts'
import type { TensorLike } from '../../../src/tensor/tensor.ts'
import { watchdog } from '../../support/watchdog.ts'
import { workerScript } from '../../support/worker-script.ts'
import { firstDifference, jobOf, type Wanted } from '../jobs.ts'
import { large, layouts } from '../plans.ts'
import { compare, differenceOf, moveTo, threadedKernels } from './shared-jobs.ts'

watchdog(120)
const script = workerScript()
const start = (count: number): Promise<Threads> =>
  startThreads(count, { worker: () => new Worker(script()), leastBytes: 0, backsOff: false })

describe.each([1, 2, 3, 4])('%i threads', (count) => {
  let threads: Threads
  beforeAll(async () => {
    threads = await start(count)
    expect(threads.info()).toMatchObject({ threads: count, reason: null })
  })
  afterAll(() => threads.dispose())

  test.each(kindsFor(count))('%s', (_, kernel) => {
    const wrong = plansFor(count, kernel).flatMap(([name, plan]) =>
      waysOf(kernel).flatMap((way) => {
        const fault = differenceOf(kernel, threads, { ...way, plan })
        return fault === null ? [] : [`${name}, ${JSON.stringify(way)}: ${fault}`]
      }),
    )
    expect(wrong).toEqual([])
    expect(threads.info()).toMatchObject({ threads: count, restarts: 0 })
  })
})

/** All kinds with two threads; the others with those of four bytes an element. */
function kindsFor(count: number): [string, Kernel][] {
  return threadedKernels
    .filter(({ dtype }) => count === 2 || dtypes[dtype].storage.BYTES_PER_ELEMENT === 4)
    .map((kernel) => [kernel.id, kernel])
}

/** All plans larger than a tile for float32 by two threads, some of them for others. */
function plansFor(count: number, { dtype }: Kernel): typeof large {
  if (count !== 2) return large.slice(2, 5)
  const step = dtype === 'float32' ? 1 : 3
  return [...large.filter((_, i) => i % step === 0), ...layouts.filter((_, i) => i % (9 * step) === 0)]
}

function waysOf({ reducer, pass, dtype }: Kernel): Partial<Wanted>[] {
  const values = dtypes[dtype].float ? 'special' : 'plain'
  if (reducer === 'lp') return [{ norm: { p: 2, fullWindow: 12 } }]
  if (reducer === 'average') {
    const last = dtypes[dtype].float ? { exact: true } : { rounding: 'half-even' as const }
    return [{ division: 'product' }, { division: 'each', ...last }]
  }
  return pass === 'forward' ? [{ values }, { values, withIndices: true }] : [{ values: 'ties' }]
}

const masked = { NCHW: [4, 3, 224, 224], NHWC: [4, 224, 224, 3] }
const maskShapes = {
  NCHW: [
    [4, 3, 224, 224],
    [4, 1, 224, 224],
    [224, 224],
  ],
  NHWC: [
    [4, 224, 224, 3],
    [4, 224, 224, 1],
    [224, 224],
  ],
}

test.each(['NCHW', 'NHWC'] as const)(
  'calls that leave elements out give the bits of one thread, %s',
  async (layout) => {
    const threads = await start(2)
    const shape = masked[layout]
    const values = rand(shape, { seed: 1 })
    const x = { data: threads.allocate(Float32Array, values.size), shape }
    x.data.set(values.data)
    for (const own of maskShapes[layout]) {
      const length = own.reduce((size, dim) => size * dim)
      const mask = { data: Uint8Array.from({ length }, (_, i) => Number((i * i) % 7 > 2)), shape: own }
      const options = { kernelSize: 3, mask, minCount: 4, layout }
      const calls = [
        (input: TensorLike, out?: Float32Array) => maxPool2d(input, { ...options, out }),
        (input: TensorLike, out?: Float32Array) => avgPool2d(input, { ...options, out }),
        (input: TensorLike, out?: Float32Array) =>
          avgPool2d(input, { ...options, countIncludePad: true, padding: 1, out }),
        (input: TensorLike, out?: Float32Array) => lpPool2d(input, { ...options, normType: 2, out }),
      ]
      for (const call of calls) {
        const expected = call(values)
        const out = threads.allocate(Float32Array, expected.size)
        call(x, out)
        expect(firstDifference(out, expected.data)).toBe(-1)
        threads.free(out)
      }
    }
    await threads.dispose()
  },
)

const extremes: [string, number, (x: TensorLike, out: Float32Array) => unknown][] = [
  ['maximum', 7, (x, out) => globalMaxPool(x, { out })],
  ['minimum', -7, (x, out) => minPool2d(x, { kernelSize: side, out })],
]
const side = 2100

test.each(extremes)('the %s of a plane of more than 16 MiB', async (_, value, pool) => {
  const threads = await start(2)
  const x = threads.allocate(Float32Array, side * side)
  const out = threads.allocate(Float32Array, 1)
  const tensor = { data: x, shape: [1, 1, side, side] }
  for (const place of [0, 1_000_003, x.length - 1]) {
    x.fill(0)
    x[place] = value
    pool(tensor, out)
    expect(out[0]).toBe(value)
  }
  for (const array of [x, out]) threads.free(array)
  await threads.dispose()
})

test.each(['max', 'average'] as const)('workers do the work if the caller comes late: %s', async (kind) => {
  const threads = await start(3)
  const [, plan] = large.find(([name]) => name === 'many planes, 2 s2')!
  const wanted = { reducer: kind, pass: 'forward', dtype: 'float32', plan } as const
  const { job: whole } = jobOf(wanted)
  const job = { ...whole, ...(kind === 'average' && { counted: halfOf(plan) }) } as Job
  const { run } = rows.find(({ reducer, pass }) => reducer === kind && pass === 'forward')!
  const moved = moveTo(threads, job)
  const machine = ownerOf([(moved as { x: Float32Array }).x])!
  let mine = 0
  const late = machine.executor!.run(moved, (_, given, share) => {
    run(machine, given, function* (tiles) {
      const end = performance.now() + 500
      while (performance.now() < end);
      for (const tile of share!(tiles)) {
        mine++
        yield tile
      }
    })
  })
  expect(late).toBe(true)
  expect(mine).toBe(0)
  run(ownerOf([(moved as { x: Float32Array }).x])!, job)
  expect(compare(moved, job)).toBeNull()
  await threads.dispose()
})

/** Leaves out every other element of a plane, that all planes share. */
function halfOf(plan: PoolPlan): Counted {
  const marks = Uint8Array.from({ length: inPlane(plan) }, (_, i) => i % 2)
  const counts = new Uint8Array(outPlane(plan))
  countMarks({ ...plan, outer: 1 }, marks, counts)
  const planesOf = (data: Uint8Array, size: number) => ({
    data,
    batch: 1,
    channels: 1,
    of: { isLast: false, channels: plan.outer, size },
  })
  const shared = planesOf(counts, counts.length)
  return countedFrom({ marks: planesOf(marks, marks.length), counts: shared, divisors: shared }, 1, plan)
}
