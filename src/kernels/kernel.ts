/**
 * @file The one interface of all kernels, and the one list of them. A kernel is handed a plan and buffers; it knows no framework.
 */
import { oncePer } from '../plan/once-per.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../plan/pool-plan.ts'
import type { Division } from '../reducers/average.ts'
import type { Norm } from '../reducers/lp.ts'
import type { Rounding } from '../reducers/rounding.ts'
import type { DType, TypedArray } from '../tensor/dtype.ts'
import { crossovers } from './crossovers.ts'
import { referenceKernels } from './reference/index.ts'
import { scalarKernels } from './scalar/index.ts'
import { wasmKernels } from './wasm/index.ts'

/** Flat positions in the plane of the pooled axes; -1 where a window touches no element. */
export type IndexArray = Int32Array | Float64Array

interface Task {
  readonly dtype: DType
  readonly plan: PoolPlan
}

export interface SelectForward extends Task {
  readonly reducer: 'max' | 'min'
  readonly pass: 'forward'
  readonly x: TypedArray
  readonly y: TypedArray
  readonly indices: IndexArray | null
}

/**
 * Adds each `dy` to the `dx` of its index, in row-major order of the outputs; what `dx` held before is gone. Indices are checked:
 * -1 or anywhere in the plane, not only in the output's window; of the plan only the sizes count.
 */
export interface SelectBackward extends Task {
  readonly reducer: 'max' | 'min'
  readonly pass: 'backward'
  readonly dy: TypedArray
  readonly dx: TypedArray
  readonly indices: IndexArray
}

export interface AverageForward extends Task {
  readonly reducer: 'average'
  readonly pass: 'forward'
  readonly division: Division
  /** Of integers; floating means have nothing to do with it. */
  readonly rounding: Rounding
  /** Forces the direct order of sums, which gives PyTorch's bits. */
  readonly exact: boolean
  readonly x: TypedArray
  readonly y: TypedArray
}

/** What `dx` held before is gone. */
export interface AverageBackward extends Task {
  readonly reducer: 'average'
  readonly pass: 'backward'
  readonly division: Division
  readonly exact: boolean
  readonly dy: TypedArray
  readonly dx: TypedArray
}

export interface LpForward extends Task {
  readonly reducer: 'lp'
  readonly pass: 'forward'
  readonly norm: Norm
  readonly x: TypedArray
  readonly y: TypedArray
}

/** What `dx` held before is gone. */
export interface LpBackward extends Task {
  readonly reducer: 'lp'
  readonly pass: 'backward'
  readonly norm: Norm
  readonly x: TypedArray
  readonly y: TypedArray
  readonly dy: TypedArray
  readonly dx: TypedArray
}

export type Job = SelectForward | SelectBackward | AverageForward | AverageBackward | LpForward | LpBackward

/** What a kernel is for; with the backend's name they make its id, `max.f32.forward.reference`. */
export interface Kernel<J extends Job = Job> {
  readonly id: string
  readonly reducer: J['reducer']
  readonly pass: J['pass']
  readonly dtype: DType
  /** True, or the reason why this job is not for this kernel. Reads no data. */
  supports(job: J): true | string
  /** Fills every element of the job's outputs. */
  run(job: J): void
}

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

const isTiny = oncePer((plan: PoolPlan): boolean => {
  const { outer, inner } = plan
  const elements = outer * inner * Math.max(inPlane(plan), outPlane(plan))
  return readsOf(plan) <= crossovers.tinyReads && elements <= crossovers.tinyElements
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
