/**
 * @file Turns arguments into a checked call: reads the input and the options, then resolves shapes and plans.
 */
import type { Counted } from '../kernels/job.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'
import { asTensor } from '../tensor/as-tensor.ts'
import type { DType } from '../tensor/dtype.ts'
import { readOptions, tensorOptions } from '../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { assertTruths } from './booleans.ts'
import { assertSameDType } from './buffers.ts'
import { type CountedSettings, parseCounted } from './counted/options.ts'
import type { CommonOptions, Geometry, ResolvedGeometry } from './geometry/geometry.ts'
import {
  assertCountable,
  assertNotEmpty,
  assertPixelsLast,
  assertSameShape,
  parseLayout,
  type TensorAxes,
  tensorAxesOf,
} from './geometry/tensor-axes.ts'
import { memoizeByValue } from './options/memoize-by-value.ts'

/** The options of a function: those of its geometry and those of its reduction. */
export interface Signature<O, S> {
  readonly op: string
  readonly geometry: Geometry<O>
  /** Names of all options. */
  readonly names: readonly string[]
  /** Reads and checks the options that the reduction adds. */
  settings(op: string, options: O): S
  /** True if averages divide by padded positions too. */
  countsPadding(settings: S): boolean
  /** True if elements can be left out: the options of counted/options.ts are then among `names`. */
  readonly leavesOut: boolean
}

/** Checked options applied to an input shape. */
export interface ResolvedCall {
  readonly op: string
  readonly axes: TensorAxes
  /** The output's pooled axes. */
  readonly sizes: readonly number[]
  /** Shape of the output. */
  readonly shape: readonly number[]
  /** Built once, then the same object. If windows differ from plane to plane (fractional), use only its sizes. */
  plan(): PoolPlan
  /** One plan per plane if windows differ from plane to plane (fractional); else null. */
  readonly planes: ((dtype: DType, randomSamples: TensorLike | undefined) => readonly PoolPlan[]) | null
}

/** A checked call. No output is allocated yet. */
export interface Call<S = unknown> extends ResolvedCall {
  readonly x: Tensor
  readonly settings: S
  /** The options that leave elements out, except for the mask; undefined if the operation does not have them. */
  readonly counting?: CountedSettings | undefined
  /** The elements that count; left out if all do. */
  readonly counted?: Counted
  /** The caller's output arrays and the tensors among the options, not yet checked. */
  readonly given: Given
}

export interface Given {
  readonly out?: unknown
  readonly indices?: TensorLike
  readonly indicesOut?: unknown
  readonly randomSamples?: TensorLike
  readonly samples?: TensorLike
  readonly mask?: TensorLike
}

interface Read<S> {
  readonly settings: S
  readonly counting: CountedSettings | undefined
  at(shape: readonly number[]): ResolvedCall
}

/** A function that reads an operation's options. It remembers the last options, and with each of them the plans of the last shapes. */
export function reader<O extends CommonOptions, S>(
  signature: Signature<O, S>,
): (options: O) => Read<S> & { readonly given: Given } {
  const { op, geometry, names } = signature
  const recall = memoizeByValue(
    names.filter((name) => !tensorOptions.includes(name)),
    readFresh,
  )
  return (options) => {
    const own = readOptions(op, options, names)
    const { settings, counting, at } = recall(own)
    return { settings, counting, at, given: own }
  }

  function readFresh(options: O): Read<S> {
    const windows = geometry.read(op, options)
    const layout = parseLayout(op, options.layout)
    const settings = signature.settings(op, options)
    const counting = signature.leavesOut ? parseCounted(op, options) : undefined
    const resolved = memoizeByValue(['shape'], ({ shape }: { readonly shape: readonly number[] }) => {
      const axes = tensorAxesOf(op, Object.freeze([...shape]), geometry.rank, layout)
      return resolveCall(op, axes, windows, signature.countsPadding(settings))
    })
    return { settings, counting, at: (shape) => resolved({ shape }) }
  }
}

/**
 * @param windows  from `Geometry.read`
 * @throws PoolError "BAD_SHAPE" for an empty axis or windows that do not fit, "LIMIT" for a shape too large to index
 */
export function resolveCall(
  op: string,
  axes: TensorAxes,
  windows: (axes: TensorAxes) => ResolvedGeometry,
  countPadding: boolean,
): ResolvedCall {
  assertNotEmpty(op, axes)
  const resolved = windows(axes)
  const shape = resolved.dropsAxes ? Object.freeze([axes.batch, axes.channels]) : axes.shapeOf(resolved.sizes)
  assertCountable(op, shape)
  const { outer, inner } = axes
  let known: PoolPlan | null = null
  const plan = (): PoolPlan => {
    known ??= { outer, axes: resolved.axes(countPadding), inner }
    return known
  }
  const planes: ResolvedCall['planes'] =
    resolved.planes === undefined
      ? null
      : (dtype, randomSamples) =>
          resolved.planes!(dtype, randomSamples).map((own) => ({ outer: 1, axes: own, inner: 1 }))
  return { op, axes, sizes: resolved.sizes, shape, plan, planes }
}

/** A function from an operation's arguments to a checked call. */
export function bind<O, S>(
  op: string,
  read: (options: O) => Read<S> & { readonly given: Given },
  keepsBooleans: boolean,
) {
  return (x: TensorLike, options: O): Call<S> => {
    const { settings, counting, at, given } = read(options)
    const input = asTensor(op, 'x', x)
    const resolved = at(input.shape)
    assertPixelsLast(op, x, resolved.axes)
    if (input.isBoolean) assertTruths(op, input, keepsBooleans, counting)
    const { axes, sizes, shape, plan, planes } = resolved
    /** Listed one by one, because spreading an object is slow and this runs at every call. */
    return { op, axes, sizes, shape, plan, planes, x: input, settings, counting, given }
  }
}

/** One plan per plane if windows differ from plane to plane (fractional); else null. */
export function planesOf({ planes, x, given }: Call): readonly PoolPlan[] | null {
  return planes === null ? null : planes(x.dtype, given.randomSamples)
}

/** `dy` as a tensor, checked to have the output's shape and the dtype of x. */
export function gradientOf({ op, x, shape }: Call, dy: TensorLike): Tensor {
  const gradient = asTensor(op, 'dy', dy, x.dtype)
  assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for this input")
  assertSameDType(op, 'dy', gradient, x)
  return gradient
}
