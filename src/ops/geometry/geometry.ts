/**
 * @file A geometry turns options and a shape into axis plans. Every pooling is a geometry with a reduction.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import type { DType, TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Layout, TensorAxes } from './tensor-axes.ts'

/** The options of every operation. */
export interface CommonOptions {
  /** 'NCHW' (default): channels before the pooled axes; 'NHWC': after them. The same names serve 1-D and 3-D. */
  readonly layout?: Layout | undefined
  /** The caller's array for the result: of the class of x.data and the output's length, or a tensor of the output's shape; must not overlap an input. */
  readonly out?: TypedArray | Tensor | undefined
}

export type GeometryKind =
  | 'sliding'
  | 'adaptive'
  | 'global'
  | 'fractional'
  | 'unpooling'
  | 'blurring'
  | 'boxes'

export interface Geometry<O> {
  readonly kind: GeometryKind
  /** The number of pooled axes; 0 pools all axes after batch and channels. */
  readonly rank: number
  /** Names of the options that a call normally gives. */
  readonly needs: readonly string[]
  /** Names of the optional options. */
  readonly takes: readonly string[]
  /** Reads and checks the options; returns a function from the axes of a tensor to the windows on them. */
  read(op: string, options: O): (axes: TensorAxes) => ResolvedGeometry
}

/** The windows of one call. */
export interface ResolvedGeometry {
  /** The output's pooled axes. */
  readonly sizes: readonly number[]
  /** True if the output has no pooled axes: [N, C]. */
  readonly dropsAxes?: boolean
  /** Plans of the pooled axes; with `countPadding`, divisors count padded positions. Empty for unpooling. */
  axes(countPadding: boolean): readonly AxisPlan[]
  /** Fractional only: the axis plans of each plane, ordered by batch, then channel. `axes` then gives only their sizes. */
  planes?(dtype: DType, randomSamples: TensorLike | undefined): readonly (readonly AxisPlan[])[]
}
