/**
 * @file What every pooling does before its kernel runs: read the input and the options, and know all shapes and windows.
 */
import type { PoolPlan } from '../plan/pool-plan.ts'
import { asTensor } from '../tensor/as-tensor.ts'
import type { DType } from '../tensor/dtype.ts'
import { readOptions, tensorOptions } from '../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { assertSameDType } from './buffers.ts'
import type { CommonOptions, Geometry, ResolvedGeometry } from './geometry/geometry.ts'
import {
  assertCountable,
  assertNotEmpty,
  assertPixelsLast,
  assertSameShape,
  parseLayout,
  sameShape,
  type TensorAxes,
  tensorAxesOf,
} from './geometry/tensor-axes.ts'
import { memoizeByValue } from './options/memoize-by-value.ts'

/** A geometry under a function's name, with the options that its reduction adds. */
export interface Signature<O, S> {
  readonly op: string
  readonly geometry: Geometry<O>
  /** Names of all options. */
  readonly names: readonly string[]
  /** Reads and checks the options that the reduction adds. */
  settings(op: string, options: O): S
  /** Whether padded places count. */
  countsPadding(settings: S): boolean
}

/** Options that were read, at a shape. */
export interface ResolvedCall {
  readonly op: string
  readonly axes: TensorAxes
  /** The output's pooled axes. */
  readonly sizes: readonly number[]
  /** Shape of the output. */
  readonly shape: readonly number[]
  /** The same each time it is asked for. Where windows differ from plane to plane, only its sizes are those of the call. */
  plan(): PoolPlan
  /** One plan a plane where windows differ from plane to plane, else null. */
  readonly planes: ((dtype: DType, randomSamples: TensorLike | undefined) => readonly PoolPlan[]) | null
}

/** A checked call: nothing is allocated yet. */
export interface Call<S = unknown> extends ResolvedCall {
  readonly x: Tensor
  readonly settings: S
  /** Arrays of the caller's for results, and tensors among the options, as they were given. */
  readonly given: Given
}

export interface Given {
  readonly out?: unknown
  readonly indices?: TensorLike
  readonly indicesOut?: unknown
  readonly randomSamples?: TensorLike
}

interface Read<S> {
  readonly settings: S
  at(shape: readonly number[]): ResolvedCall
}

/** Reads the options of an operation; what was read is remembered, and so is the plan at the last shape. */
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
    const { settings, at } = recall(own)
    return { settings, at, given: own }
  }

  function readFresh(options: O): Read<S> {
    const windows = geometry.read(op, options)
    const layout = parseLayout(op, options.layout)
    const settings = signature.settings(op, options)
    let last: ResolvedCall | null = null
    const at = (shape: readonly number[]): ResolvedCall => {
      if (last === null || !sameShape(last.axes.shape, shape)) {
        const axes = tensorAxesOf(op, Object.freeze([...shape]), geometry.rank, layout)
        last = resolveCall(op, axes, windows, signature.countsPadding(settings))
      }
      return last
    }
    return { settings, at }
  }
}

/**
 * @param windows  what a geometry made of the options
 * @throws PoolError "BAD_SHAPE" for an empty axis or windows that do not fit, "LIMIT" for a shape that cannot be counted
 */
export function resolveCall(
  op: string,
  axes: TensorAxes,
  windows: (axes: TensorAxes) => ResolvedGeometry,
  countPadding: boolean,
): ResolvedCall {
  assertNotEmpty(op, axes)
  const resolved = windows(axes)
  const shape = axes.shapeOf(resolved.sizes)
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

/** An operation's way from arguments to a checked call. */
export function bind<O, S>(op: string, read: (options: O) => Read<S> & { readonly given: Given }) {
  return (x: TensorLike, options: O): Call<S> => {
    const { settings, at, given } = read(options)
    const input = asTensor(op, 'x', x)
    const resolved = at(input.shape)
    assertPixelsLast(op, x, resolved.axes)
    const { axes, sizes, shape, plan, planes } = resolved
    /** Named one by one: engines spread objects slowly, and this runs at every call. */
    return { op, axes, sizes, shape, plan, planes, x: input, settings, given }
  }
}

/** One plan a plane where windows differ from plane to plane, else null. */
export function planesOf({ planes, x, given }: Call): readonly PoolPlan[] | null {
  return planes === null ? null : planes(x.dtype, given.randomSamples)
}

/** The gradient of the output, of its shape and of the input's dtype. */
export function gradientOf({ op, x, shape }: Call, dy: TensorLike): Tensor {
  const gradient = asTensor(op, 'dy', dy, x.dtype)
  assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for this input")
  assertSameDType(op, 'dy', gradient, x)
  return gradient
}
