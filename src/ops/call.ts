/**
 * @file What every pooling does before its kernel runs: read the input and the options, and know all shapes.
 */
import type { Job } from '../kernels/job.ts'
import type { PoolPlan } from '../plan/pool-plan.ts'
import { asTensor } from '../tensor/as-tensor.ts'
import type { DType, TypedArray } from '../tensor/dtype.ts'
import { readOptions } from '../tensor/read-options.ts'
import { parseShape } from '../tensor/shape.ts'
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

/** A geometry under a function's name, with the options that its reducer adds. */
export interface Signature<O, S> {
  readonly op: string
  readonly geometry: Geometry<O>
  /** Names of the added options. */
  readonly names: readonly string[]
  /** Reads and checks them. */
  settings(op: string, options: O): S
}

/** What layers and calculators need of an operation besides running it. */
export interface OpInfo<O> {
  readonly op: string
  /** Names of the options that a forward call takes. */
  readonly names: readonly string[]
  /** @throws PoolError "BAD_PARAM" for options that no input could make right */
  check(options: O): void
  outputShape(shape: readonly number[], options: O): readonly number[]
  /** The jobs of a forward call without their data: one, but none where no window is slid, and one a plane for fractional windows. */
  jobs(shape: readonly number[], options: O, dtype: DType): readonly JobOutline[]
}

type WithoutData<J> = J extends Job ? Omit<J, 'dtype' | 'x' | 'y'> : never

/** All of a forward job but its data. */
export type JobOutline = WithoutData<Extract<Job, { pass: 'forward' }>>

/** A checked call: nothing is allocated yet. */
export interface Call<S = unknown, A extends TypedArray = TypedArray> extends ResolvedCall {
  readonly op: string
  readonly x: Tensor<A>
  readonly settings: S
  /** Arrays of the caller's for results, and tensors among the options, as they were given. */
  readonly given: Given
}

export interface Given {
  readonly out?: unknown
  readonly indices?: TensorLike
  readonly indicesOut?: unknown
}

/** Options that were read, at a shape. */
export interface ResolvedCall {
  readonly axes: TensorAxes
  /** Shape of the output. */
  readonly shape: readonly number[]
  /** The same plan each time it is asked for. */
  plan(countPadding?: boolean): PoolPlan
}

interface Read<S> {
  readonly settings: S
  place(shape: readonly number[]): ResolvedCall
}

interface ReadNow<S> extends Read<S> {
  readonly given: Given
}

function namesOf({ geometry, names }: Signature<never, unknown>): readonly string[] {
  return [...geometry.names, ...names, 'layout', 'out']
}

/** Options whose values say nothing but where results go or come from. */
const buffers = ['out', 'indices', 'indicesOut']

/** Reads the options of an operation; what was read is remembered, and so is the plan at the last shape. */
function reader<O extends CommonOptions, S>(signature: Signature<O, S>): (options: O) => ReadNow<S> {
  const { op, geometry } = signature
  const known = namesOf(signature)
  const recall = memoizeByValue(
    known.filter((name) => !buffers.includes(name)),
    readFresh,
  )
  return (options) => {
    const own = readOptions(op, options, known)
    const { settings, place } = recall(own)
    return { settings, place, given: own }
  }

  function readFresh(options: O): Read<S> {
    const at = geometry.read(op, options)
    const layout = parseLayout(op, options.layout)
    let last: ResolvedCall | null = null
    const place = (shape: readonly number[]): ResolvedCall => {
      if (last === null || !sameShape(last.axes.shape, shape)) {
        const axes = tensorAxesOf(op, Object.freeze([...shape]), geometry.rank, layout)
        last = resolvedAt(op, axes, at(axes))
      }
      return last
    }
    return { settings: signature.settings(op, options), place }
  }
}

function resolvedAt(op: string, axes: TensorAxes, placement: ResolvedGeometry): ResolvedCall {
  const shape = axes.shapeOf(placement.sizes)
  assertNotEmpty(op, axes)
  assertCountable(op, shape)
  const plans = new Map<boolean, PoolPlan>()
  const plan = (countPadding = false): PoolPlan => {
    const known = plans.get(countPadding)
    if (known !== undefined) return known
    const fresh = { outer: axes.outer, axes: placement.axes(countPadding), inner: axes.inner }
    plans.set(countPadding, fresh)
    return fresh
  }
  return { axes, shape, plan }
}

/** An operation's way from arguments to a checked call. */
export function bind<O extends CommonOptions, S>(signature: Signature<O, S>) {
  const read = reader(signature)
  const { op } = signature
  return <A extends TypedArray>(x: TensorLike<A>, options: O): Call<S, A> => {
    const { settings, place, given } = read(options)
    const input = asTensor(op, 'x', x)
    const { axes, shape, plan } = place(input.shape)
    assertPixelsLast(op, x, axes)
    return { op, x: input, settings, given, axes, shape, plan }
  }
}

/** The checks of an operation, its output's shape and its job. */
export function opInfo<O extends CommonOptions, S>(
  signature: Signature<O, S>,
  outline: (placed: ResolvedCall, settings: S, options: O, dtype: DType) => JobOutline,
): Omit<OpInfo<O>, 'op'> {
  const read = reader(signature)
  return {
    names: namesOf(signature),
    check: read,
    outputShape: (shape, options = {} as O) =>
      read(options).place(parseShape(signature.op, 'shape', shape)).shape,
    jobs: (shape, options = {} as O, dtype) => {
      const { settings, place } = read(options)
      return [outline(place(parseShape(signature.op, 'shape', shape)), settings, options, dtype)]
    },
  }
}

/** The gradient of the output, of its shape and of the input's dtype. */
export function gradientOf<A extends TypedArray>(
  { op, x, shape }: Pick<Call<unknown, A>, 'op' | 'x' | 'shape'>,
  dy: TensorLike<A>,
): Tensor<A> {
  const gradient = asTensor(op, 'dy', dy, x.dtype)
  assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for this input")
  assertSameDType(op, 'dy', gradient, x)
  return gradient
}
