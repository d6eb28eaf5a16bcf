/**
 * @file A geometry: how options and a shape become axis plans. Every pooling is a geometry with a reducer.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Layout, TensorAxes } from './tensor-axes.ts'

/** What every operation takes. */
export interface CommonOptions {
  /** 'NCHW' (default): channels before the pooled axes; 'NHWC': after them. Also for 1-D and 3-D. */
  readonly layout?: Layout
  /** The caller's own array for the result, of x's class and exact length, or tensor, of the exact shape; not overlapping an input. */
  readonly out?: TypedArray | Tensor
}

export interface Geometry<O> {
  /** How many axes are pooled; 0 for all. */
  readonly rank: number
  /** Names of the options it reads. */
  readonly names: readonly string[]
  /** Reads and checks the options, then what they make of a shape. */
  read(op: string, options: O): (axes: TensorAxes) => ResolvedGeometry
}

/** The windows of one call. */
export interface ResolvedGeometry {
  /** The output's pooled axes. */
  readonly sizes: readonly number[]
  /** Plans of the pooled axes; `countPadding` is what averages count. */
  axes(countPadding: boolean): readonly AxisPlan[]
}

/** The options argument of a function, which may be left out where no option is needed. */
export type OptionsArgument<O> = object extends O ? [options?: O] : [options: O]
