/**
 * @file Lets a test run the library on one backend wherever that supports the job.
 */
import { backends, type Backend as KernelFamily } from '../../src/kernels/backend.ts'
import type { Job, Kernel } from '../../src/kernels/job.ts'
import { withCandidates } from '../../src/kernels/registry.ts'

export const kernelFamilies = backends
export type { KernelFamily }

const record = { forced: 0, fallen: new Set<string>() }

/** Runs on the kernels of a backend. Jobs that they do not support run on the usual kernel. */
export function onKernels<T>(family: KernelFamily, run: () => T): T {
  return withCandidates((job, ranked) => {
    const kernel = kernelOf(ranked, family, job)
    if (typeof kernel !== 'string') {
      record.forced++
      return [kernel]
    }
    record.fallen.add(kernel)
    return ranked
  }, run)
}

/** The first kernel of the backend that supports the job, or the reasons why none does. */
function kernelOf(kernels: readonly Kernel[], family: KernelFamily, job: Job): Kernel | string {
  const own = kernels.filter(({ backend }) => backend === family)
  if (own.length === 0) return `no ${family} kernel for ${job.reducer}.${job.dtype}.${job.pass}`
  return own.find((kernel) => kernel.supports(job) === true) ?? String(own[0]!.supports(job))
}

/** The number of jobs that ran on a chosen backend since the last call, and the reasons why others did not. */
export function takeRecord(): { forced: number; fallen: readonly string[] } {
  const taken = { forced: record.forced, fallen: [...record.fallen] }
  record.forced = 0
  record.fallen.clear()
  return taken
}
