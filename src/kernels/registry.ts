/**
 * @file The list of the kernels of every operation, and the choice of one for a job.
 */
import { inPlane, outPlane, type PoolPlan, readsOf } from '../plan/pool-plan.ts'
import type { DType } from '../tensor/dtype.ts'
import { memoizeWeak } from '../tensor/memoize-weak.ts'
import type { Job, Kernel } from './job.ts'
import { referenceKernels } from './reference/index.ts'
import { scalarKernels } from './scalar/index.ts'
import { tuning } from './tuning.ts'
import { wasmKernels } from './wasm/index.ts'

/** The kernels of every operation, in order of preference; all-kernels.ts adds those of some operations alone. */
export const kernels: readonly Kernel[] = [
  ...wasmKernels('simd'),
  ...wasmKernels('scalar'),
  ...scalarKernels,
  ...referenceKernels,
]

/**
 * The kernels for a job, in order of preference; plain loops come first for tiny jobs. At least one supports the job.
 *
 * @param optional  kernels that only some operations import, preferred to those of the list
 */
export function kernelsFor(job: Job, optional: readonly Kernel[] = []): readonly Kernel[] {
  const { reducer, pass, dtype, plan } = job
  const entry = rankedFor(job)
  const listed = isTiny(plan) ? entry.quick : entry.usual
  const fitting = optional.filter(
    (kernel) => kernel.reducer === reducer && kernel.pass === pass && kernel.dtype === dtype,
  )
  const loops = isTiny(plan) ? fitting.filter(({ backend }) => backend === 'scalar') : []
  const candidates = fitting.length === 0 ? listed : [...loops, ...fitting, ...listed]
  return candidatesOf === null ? candidates : candidatesOf(job, candidates)
}

/** The first kernel that supports the job. */
export function chooseKernel(job: Job, optional?: readonly Kernel[]): Kernel {
  return kernelsFor(job, optional).find((kernel) => supports(kernel, job) === true)!
}

/** True, or the reason why a kernel does not support a job. */
export function supports(kernel: Kernel, job: Job): true | string {
  if (job.counted !== undefined && kernel.leavesOut !== true)
    return 'it reads every element, and some are left out'
  return kernel.supports(job)
}

/** Selects and orders the kernels that may run a job. It leaves one that supports the job, or throws. */
type Candidates = (job: Job, ranked: readonly Kernel[]) => readonly Kernel[]

let candidatesOf: Candidates | null = null

/** Calls `run` with the choice of kernels restricted or reordered. */
export function withCandidates<T>(candidates: Candidates, run: () => T): T {
  const before = candidatesOf
  candidatesOf = candidates
  try {
    return run()
  } finally {
    candidatesOf = before
  }
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

/** By pass, reducer and dtype: texts joined into one key would take longer to make than to find. */
const ranked = { forward: new Map<string, ByDType>(), backward: new Map<string, ByDType>() }

type ByDType = Partial<Record<DType, Ranked>>

/** Ranked on first use. */
function rankedFor({ reducer, pass, dtype }: Job): Ranked {
  let byDType = ranked[pass].get(reducer)
  if (byDType === undefined) {
    byDType = {}
    ranked[pass].set(reducer, byDType)
  }
  byDType[dtype] ??= rank(
    kernels.filter((kernel) => kernel.reducer === reducer && kernel.pass === pass && kernel.dtype === dtype),
  )
  return byDType[dtype]
}

function rank(usual: readonly Kernel[]): Ranked {
  return { quick: [...usual.filter((kernel) => scalarKernels.includes(kernel)), ...usual], usual }
}
