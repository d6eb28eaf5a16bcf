/**
 * @file A reduction turns the elements of a window into a result; it has a forward and a backward function.
 */
import type { Job, Kernel } from '../../kernels/job.ts'
import type { DType, Scalar, TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { Call } from '../call.ts'
import type { CountsOption, WithCounts } from '../counted/options.ts'
import type { CommonOptions } from '../geometry/geometry.ts'
import type { ExtremumBackwardOptions, IndicesOutOption, Pooled } from '../options/with-indices.ts'

/**
 * The functions of an operation by its action: `picks` an element of each window, `folds` each window to a number, `unpools`, or
 * `votes` for a label of each window, which has no gradient.
 */
export interface FunctionsOf<O> {
  readonly picks: {
    forward<C extends boolean = false>(
      x: TensorLike,
      options?: O & IndicesOutOption & CountsOption<C>,
    ): WithCounts<Pooled, C>
    backward<A extends TypedArray>(
      dy: TensorLike<A>,
      x: TensorLike<A>,
      options?: ExtremumBackwardOptions<O>,
    ): Tensor<A>
  }
  readonly folds: {
    forward<A extends TypedArray, C extends boolean = false>(
      x: TensorLike<A>,
      options?: O & CountsOption<C>,
    ): WithCounts<Tensor<A>, C>
    backward<A extends TypedArray>(dy: TensorLike<A>, x: TensorLike<A>, options?: O & CountsOption): Tensor<A>
  }
  readonly unpools: {
    forward<A extends TypedArray>(x: TensorLike<A>, indices: TensorLike, options?: O): Tensor<A>
    backward<A extends TypedArray>(
      dy: TensorLike<A>,
      x: TensorLike<A>,
      indices: TensorLike,
      options?: O,
    ): Tensor<A>
  }
  readonly votes: Pick<FunctionsOf<O>['picks'], 'forward'>
}

export type Action = keyof FunctionsOf<CommonOptions>

/** The names of the reductions; sums run as means, root mean squares as norms, standard deviations as variances. */
export type ReducerName =
  | Exclude<Job['reducer'], 'variance'>
  | 'sum'
  | 'rms'
  | 'var'
  | 'std'
  | 'blur'
  | 'area'
  | 'stochastic'

export interface Reduction<O, S, K extends Action> {
  readonly action: K
  readonly reducer: ReducerName
  /** Names of the options that it adds: those that a call normally gives (`needs`) and the optional ones (`takes`). */
  readonly needs: readonly string[]
  readonly takes: readonly string[]
  /** The optional options of the gradient, if they differ. */
  readonly gradientTakes?: readonly string[]
  /** Reads and checks them. */
  settings(op: string, options: O): S
  /** True if averages divide by padded positions too. */
  countsPadding(settings: S): boolean
  /** False if elements cannot be left out of its windows. */
  readonly leavesOut?: false
  /** True if its reducer divides by the plan's divisors even if elements are left out. */
  readonly keepsDivisors?: true
  /** True if results are sums, or sums divided by what counts. */
  readonly divides?: true
  /** The result of a window without elements, if no other result depends on how many count. */
  readonly resultOfNone?: (dtype: DType) => Scalar
  /** True if results are elements of x: truth values stay truth values. */
  readonly keepsBooleans?: true
  /** Kernels that only this reduction uses. */
  readonly kernels?: readonly Kernel[]
  /** `indices` are for unpooling. */
  forward(call: Call<S>, indices?: TensorLike): unknown
  backward(call: Call<S>, dy: TensorLike, indices?: TensorLike): Tensor
  /** A forward job without data; null for unpooling. */
  outline(call: Outlined<S>, dtype: DType): JobOutline | null
  /** The job of the gradient without data; null for unpooling. @throws PoolError if x or the options have no gradient */
  gradientOutline(call: Outlined<S>, dtype: DType): GradientOutline | null
}

/** The input of `outline`. */
export type Outlined<S> = Pick<Call<S>, 'op' | 'settings' | 'shape' | 'axes' | 'plan'>

type WithoutData<J> = J extends Job ? Omit<J, 'dtype' | 'plan' | 'x' | 'y'> : never

/** A forward job without plan and data. */
export type JobOutline = WithoutData<Extract<Job, { pass: 'forward' }>>

type WithoutGradients<J> = J extends Job
  ? Omit<J, 'dtype' | 'plan' | 'x' | 'y' | 'dy' | 'dx' | 'indices'>
  : never

/** A backward job without plan and data. */
export type GradientOutline = WithoutGradients<Extract<Job, { pass: 'backward' }>>
