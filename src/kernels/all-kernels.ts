/**
 * @file Every kernel: those of the registry, and those that only some operations import. The tests and the bench read this
 * list.
 */
import type { Kernel } from './job.ts'
import { selectKernels, voteKernels, windowKernels } from './optional-kernels.ts'
import { kernels } from './registry.ts'

/** Kernels that only some operations import. */
export const optionalKernels: readonly Kernel[] = [...selectKernels, ...voteKernels, ...windowKernels]

export const allKernels: readonly Kernel[] = [...optionalKernels, ...kernels]
