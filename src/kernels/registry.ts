/**
 * @file The list of all kernels, and the choice among them.
 */
import { memoizeWeak } from '../plan/memoize-weak.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../plan/pool-plan.ts'
import type { DType } from '../tensor/dtype.ts'
import type { Job, Kernel } from './job.ts'
import { referenceKernels } from './reference/index.ts'
import { scalarKernels } from './scalar/index.ts'
import { tuning } from './tuning.ts'
import { wasmKernels } from './wasm/index.ts'

/** All kernels, the preferred ones first. A line added here is tested and benched by that alone. */
export const kernels: readonly Kernel[] = [
  ...wasmKernels('simd'),
  ...wasmKernels('scalar'),
  ...scalarKernels,
  ...referenceKernels,
]

/** The kernels of a job's kind, the preferred ones first: plain loops for tiny jobs. The last one supports every job. */
export function kernelsFor(job: Job): readonly Kernel[] {
  const ranked = byPurpose[job.reducer][job.pass][job.dtype]
  return ranked === undefined ? [] : isTiny(job.plan) ? ranked.quick : ranked.usual
}

/** The first kernel that supports the job. */
export function chooseKernel(job: Job): Kernel {
  return kernelsFor(job).find((kernel) => kernel.supports(job) === true)!
}

const isTiny = memoizeWeak((plan: PoolPlan): boolean => {
  const { outer, inner } = plan
  const elements = outer * inner * Math.max(inPlane(plan), outPlane(plan))
  return readsOf(plan) <= tuning.tinyReads && elements <= tuning.tinyElements
})

interface Ranked {
  readonly quick: readonly Kernel[]
  readonly usual: readonly Kernel[]
}

const byPurpose = rank()

function rank(): Record<Job['reducer'], Record<Job['pass'], Partial<Record<DType, Ranked>>>> {
  const empty = (): Record<Job['pass'], Partial<Record<DType, Ranked>>> => ({ forward: {}, backward: {} })
  const ranked = { max: empty(), min: empty(), average: empty(), lp: empty() }
  for (const { reducer, pass, dtype } of referenceKernels) {
    const usual = kernels.filter(
      (kernel) => kernel.reducer === reducer && kernel.pass === pass && kernel.dtype === dtype,
    )
    const plain = usual.filter((kernel) => scalarKernels.includes(kernel))
    ranked[reducer][pass][dtype] = { quick: [...plain, ...usual], usual }
  }
  return ranked
}
