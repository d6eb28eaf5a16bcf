/**
 * @file Lets a test run the library on one family of kernels wherever that supports the job. A test file that wants it says
 * `vi.mock(<src/kernels/registry.ts>, async (real) => (await import(<this file>)).forcing(await real()))`.
 */

import type { Job, Kernel } from '../../src/kernels/job.ts'
import type * as Kernels from '../../src/kernels/registry.ts'

/** The last parts of kernel ids. `forcing` refuses a registry of others. */
export const kernelFamilies = ['simd', 'wasm', 'scalar', 'reference'] as const
export type KernelFamily = (typeof kernelFamilies)[number]

const state = { family: null as KernelFamily | null, forced: 0, fallen: new Set<string>() }

/** The module of the registry, choosing kernels of the family that `onKernels` names. */
export function forcing(real: typeof Kernels): typeof Kernels {
  const found = [...new Set(real.kernels.map(({ id }) => id.split('.').at(-1)!))]
  if (`${found}` !== `${kernelFamilies}`) throw new Error(`the registry has the families ${found}`)
  const chooseKernel = (job: Job): Kernel => {
    const kernel = state.family === null ? 'no family is forced' : kernelOf(real.kernels, state.family, job)
    if (typeof kernel !== 'string') {
      state.forced++
      return kernel
    }
    state.fallen.add(kernel)
    return real.chooseKernel(job)
  }
  return { ...real, chooseKernel }
}

/** The first kernel of the family that supports the job, or why none does. */
function kernelOf(kernels: readonly Kernel[], family: KernelFamily, job: Job): Kernel | string {
  const fitting = kernels.filter(
    ({ id, reducer, pass, dtype }) =>
      id.endsWith(`.${family}`) && reducer === job.reducer && pass === job.pass && dtype === job.dtype,
  )
  if (fitting.length === 0) return `no ${family} kernel for ${job.reducer}.${job.dtype}.${job.pass}`
  return fitting.find((kernel) => kernel.supports(job) === true) ?? String(fitting[0]!.supports(job))
}

/** Runs on the kernels of a family; jobs that none of them takes are left to the usual choice. */
export function onKernels<T>(family: KernelFamily, run: () => T): T {
  const before = state.family
  state.family = family
  try {
    return run()
  } finally {
    state.family = before
  }
}

/** How many jobs ran on a forced kernel since the last call, and why others did not. */
export function takeRecord(): { forced: number; fallen: readonly string[] } {
  const record = { forced: state.forced, fallen: [...state.fallen] }
  state.forced = 0
  state.fallen.clear()
  return record
}
