/**
 * @file Jobs in the memory that threads share, and the same jobs by one thread on plain arrays.
 */
import type { Job, Kernel } from '../../../src/kernels/job.ts'
import { kernels } from '../../../src/kernels/registry.ts'
import type { Threads } from '../../../src/kernels/threads/index.ts'
import type { ArrayClass, TypedArray } from '../../../src/tensor/dtype.ts'
import { firstDifference, jobOf, type Wanted, writtenBy } from '../jobs.ts'

const names = ['x', 'y', 'dy', 'dx', 'indices'] as const
type Arrays = Partial<Record<(typeof names)[number], TypedArray | null>>

/** The kernels that run on threads: those of the SIMD build. */
export const threadedKernels = kernels.filter(({ id }) => id.endsWith('.simd'))

/** Runs a job on plain arrays and in shared memory; says where the bits differ, or null. */
export function differenceOf(
  kernel: Kernel,
  threads: Threads,
  wanted: Omit<Wanted, 'reducer' | 'pass' | 'dtype'>,
) {
  const whole = { ...wanted, reducer: kernel.reducer, pass: kernel.pass, dtype: kernel.dtype }
  const { job } = jobOf(whole)
  if (kernel.supports(job) !== true) return null
  const moved = moveTo(threads, job)
  kernel.run(moved)
  kernel.run(job)
  const fault = compare(moved, job)
  freeAll(threads, moved)
  return fault
}

export function compare(got: Job, want: Job): string | null {
  const at = firstDifference(writtenBy(got), writtenBy(want))
  if (at >= 0) return `output[${at}] is ${writtenBy(got)[at]}, expected ${writtenBy(want)[at]}`
  const [indices, expected] = [(got as Arrays).indices, (want as Arrays).indices]
  const place = indices && expected ? firstDifference(indices, expected) : -1
  return place < 0 ? null : `indices[${place}] is ${indices![place]}, expected ${expected![place]}`
}

/** The same job over copies of its arrays. */
export function moveTo(threads: Threads, job: Job): Job {
  const moved: Arrays = {}
  for (const name of names) {
    const array = (job as Arrays)[name]
    if (!array) continue
    const copy = threads.allocate(array.constructor as ArrayClass, array.length)
    copy.set(array as never)
    moved[name] = copy
  }
  return { ...job, ...moved } as Job
}

export function freeAll(threads: Threads, job: Job): void {
  for (const name of names) {
    const array = (job as Arrays)[name]
    if (array) threads.free(array)
  }
}
