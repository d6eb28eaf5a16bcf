/**
 * @file The interface of all kernels: a job is a plan with buffers, and a kernel runs it.
 */
import type { PoolPlan } from '../plan/pool-plan.ts'
import type { AverageSpec } from '../reducers/average.ts'
import type { ExtremumSpec } from '../reducers/extremum.ts'
import type { LpSpec } from '../reducers/lp.ts'
import type { ModeSpec } from '../reducers/mode.ts'
import type { OrderSpec } from '../reducers/order.ts'
import type { Rounding } from '../reducers/rounding.ts'
import type { WindowSpec } from '../reducers/table.ts'
import type { DType, Scalar, TypedArray } from '../tensor/dtype.ts'
import type { HalfType } from '../tensor/half.ts'
import type { SharedPlanes } from './shared-planes.ts'

/** Positions in the plane; -1 for a window without taps. */
export type IndexArray = Int32Array | Float64Array

/** Numbers of elements. */
export type CountArray = Uint8Array | IndexArray

/** Leaves elements out of the windows of a job. */
export interface Counted {
  /** 1 for each element that counts, else 0; in the layout of x. */
  readonly map: Uint8Array
  /** Neighbouring elements that share a mark, and outputs that share a divisor: the channels if they lie last and share a mask, else 1. */
  readonly group: number
  /** Copies the marks from element `at` on that fit `into`: one for each `unit` elements, which is 1 or `group`. */
  copyMap(at: number, into: Uint8Array, unit: number): void
  /** For each window the number of its elements that count; in the layout of y. */
  readonly counts: CountArray
  /** A window in which fewer count has index -1 and no gradient. */
  readonly least: number
  /** Divisors that replace those of the plan, in the layout of y, at least 1; null to keep the plan's. */
  readonly divisors: CountArray | null
  /** As `copyMap`, for counts; null if they are not bytes. */
  readonly copyCounts: Counted['copyMap'] | null
  /** The same for divisors, where 0 stands for 1. The same function if they are the counts. */
  readonly copyDivisors: Counted['copyMap'] | null
  /** The one value that is left out, if kernels compare with it instead of reading marks: those of extrema without indices. */
  readonly nodata?: Scalar | undefined
  /** Given if kernels may count the elements of each tile themselves: they then read neither `counts` nor `divisors`. */
  readonly tiles?: CountedTiles | undefined
  /** Beside `tiles`: copies the marks of a mask, if not as they lie. */
  readonly copyMarks?: Counted['copyMap'] | undefined
  /** The bytes behind all of these, which other threads can read; null or left out if there are others than bytes. */
  readonly planes?: CountedPlanes | null
}

/** For kernels that count the elements of each tile: those that the marks of `planes`, if there are any, and `nodata` leave. */
export interface CountedTiles {
  readonly nodata: Scalar | undefined
  /** The result of windows in which fewer than `least` count. */
  readonly fill: Scalar
  /** Bytes that hold every count. */
  readonly countBytes: 1 | 4
}

export interface CountedPlanes {
  readonly marks: SharedPlanes<Uint8Array>
  /** Null if nothing asks for them. */
  readonly counts: SharedPlanes<Uint8Array> | null
  /** The object of the counts if they are the divisors; null to keep the plan's. */
  readonly divisors: SharedPlanes<Uint8Array> | null
}

interface Task {
  readonly dtype: DType
  /** The type of the arrays if they hold half precision; `dtype` is then float32, in which the kernel computes. */
  readonly half?: HalfType | undefined
  readonly plan: PoolPlan
  /** Left out if every element counts. */
  readonly counted?: Counted | undefined
}

interface Forward extends Task {
  readonly pass: 'forward'
  readonly x: TypedArray
  readonly y: TypedArray
}

/** `dx` is overwritten. */
interface Backward extends Task {
  readonly pass: 'backward'
  readonly dy: TypedArray
  readonly dx: TypedArray
}

export interface ExtremumForward extends ExtremumSpec, Forward {
  readonly indices: IndexArray | null
}

/**
 * Adds each `dy` to the `dx` at its index, in row-major order of the outputs. Indices are already checked to be -1 or in
 * the plane, but they may lie outside the window of their output. Only the sizes of the plan are used.
 */
export interface ExtremumBackward extends ExtremumSpec, Backward {
  readonly indices: IndexArray
}

/** The same for elements that were not located: they are found again in x. */
export interface ExtremumAgain extends ExtremumSpec, Backward {
  readonly x: TypedArray
  readonly indices: null
}

export interface AverageForward extends AverageSpec, Forward {
  readonly rounding: Rounding
}

export interface AverageBackward extends AverageSpec, Backward {}

export interface LpForward extends LpSpec, Forward {}

export interface LpBackward extends LpSpec, Backward {
  readonly x: TypedArray
  /** null if the norms are found again in x, as exact as the kernel computes them. */
  readonly y: TypedArray | null
}

export type WindowForward = WindowSpec & Forward

/** The gradient folds each window of x again. */
export type WindowBackward = WindowSpec & Backward & { readonly x: TypedArray }

/** `indices` are -1 where a value lies between two elements. */
export type OrderForward = OrderSpec & Forward & { readonly indices: IndexArray | null }

/** Elements with an index of 0 or more need not be found again. */
export type OrderBackward = OrderSpec &
  Backward & { readonly x: TypedArray; readonly indices: IndexArray | null }

export interface ModeForward extends ModeSpec, Forward {
  readonly indices: IndexArray | null
}

/** The jobs whose results may be elements of the input, with their positions. */
export type PickingForward = ExtremumForward | OrderForward | ModeForward

export type ForwardJob = PickingForward | AverageForward | LpForward | WindowForward

export type BackwardJob =
  | ExtremumBackward
  | ExtremumAgain
  | AverageBackward
  | LpBackward
  | WindowBackward
  | OrderBackward

/** A reducer's spec, a pass, a plan, and the buffers. */
export type Job = ForwardJob | BackwardJob

/** Runs one kind of job on one backend. */
export interface Kernel<J extends Job = Job> {
  readonly id: string
  readonly backend: 'simd' | 'wasm' | 'scalar' | 'reference'
  readonly reducer: J['reducer']
  readonly pass: J['pass']
  readonly dtype: DType
  /** True if it runs jobs with `counted`. */
  readonly leavesOut?: true
  /** True, or the reason why the kernel does not support this job. Reads no data. */
  supports(job: J): true | string
  /** The name of the strategy that would run a supported job. Reads no data. */
  strategy?(job: J): string | null
  /** Fills every element of the job's outputs. */
  run(job: J): void
}
