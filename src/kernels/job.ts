/**
 * @file The interface of all kernels: a job is a plan with buffers, and a kernel runs it.
 */
import type { PoolPlan } from '../plan/pool-plan.ts'
import type { Division } from '../reducers/average.ts'
import type { Norm } from '../reducers/lp.ts'
import type { Rounding } from '../reducers/rounding.ts'
import type { DType, TypedArray } from '../tensor/dtype.ts'

/** Flat positions in the plane of the pooled axes; -1 where a window touches no element. */
export type IndexArray = Int32Array | Float64Array

interface Task {
  readonly dtype: DType
  readonly plan: PoolPlan
}

export interface ExtremumForward extends Task {
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
export interface ExtremumBackward extends Task {
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

export type Job =
  | ExtremumForward
  | ExtremumBackward
  | AverageForward
  | AverageBackward
  | LpForward
  | LpBackward

/** What a kernel is for; with the backend's name they make its id, `max.f32.forward.reference`. */
export interface Kernel<J extends Job = Job> {
  readonly id: string
  readonly backend: 'simd' | 'wasm' | 'scalar' | 'reference'
  readonly reducer: J['reducer']
  readonly pass: J['pass']
  readonly dtype: DType
  /** True, or the reason why this job is not for this kernel. Reads no data. */
  supports(job: J): true | string
  /** Which of the kernel's strategies would run a job that it supports. Reads no data. */
  strategy?(job: J): string | null
  /** Fills every element of the job's outputs. */
  run(job: J): void
}
