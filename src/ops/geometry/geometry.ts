/**
 * @file A geometry: how options and a shape become axis plans. Every pooling is a geometry with a reduction.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import type { DType, TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Layout, TensorAxes } from './tensor-axes.ts'

/** What every operation takes. */
export interface CommonOptions {
  /** 'NCHW' (default): channels before the pooled axes; 'NHWC': after them. Also for 1-D and 3-D. */
  readonly layout?: Layout
  /** The caller's own array for the result, of x's class and exact length, or tensor, of the exact shape; not overlapping an input. */
  readonly out?: TypedArray | Tensor
}

export type GeometryKind = 'sliding' | 'adaptive' | 'global' | 'fractional' | 'unpooling'

export interface Geometry<O> {
  readonly kind: GeometryKind
  /** How many axes are pooled; 0 for all. */
  readonly rank: number
  /** Names of the options that a usual call gives. */
  readonly needs: readonly string[]
  /** Names of the options that may be left out. */
  readonly takes: readonly string[]
  /** Reads and checks the options, then what they make of a shape. */
  read(op: string, options: O): (axes: TensorAxes) => ResolvedGeometry
}

/** The windows of one call. */
export interface ResolvedGeometry {
  /** The output's pooled axes. */
  readonly sizes: readonly number[]
  /** Plans of the pooled axes; `countPadding` is what averages count. None where no window slides. */
  axes(countPadding: boolean): readonly AxisPlan[]
  /** The same for each plane, batch by batch, channel by channel, where windows differ from plane to plane; `axes` then has their sizes. */
  planes?(dtype: DType, randomSamples: TensorLike | undefined): readonly (readonly AxisPlan[])[]
}
