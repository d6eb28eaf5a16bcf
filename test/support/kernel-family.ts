/**
 * @file Lets a test run the library on one family of kernels (reference, scalar, simd) wherever that supports the job.
 */
import { type Job, type Kernel, kernels } from '../../src/kernels/kernel.ts'

/** The last part of a kernel's id. */
export const kernelFamilies: readonly string[] = [...new Set(kernels.map(({ id }) => id.split('.').at(-1)!))]

/** The first kernel of the family that supports the job, or why none does. */
export function kernelOf(family: string, job: Job): Kernel | string {
  const fitting = kernels.filter(
    ({ id, reducer, pass, dtype }) =>
      id.endsWith(`.${family}`) && reducer === job.reducer && pass === job.pass && dtype === job.dtype,
  )
  if (fitting.length === 0) return `no ${family} kernel for ${job.reducer}.${job.dtype}.${job.pass}`
  return fitting.find((kernel) => kernel.supports(job) === true) ?? String(fitting[0]!.supports(job))
}
