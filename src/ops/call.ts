/**
 * @file What every pooling does before its kernel runs: read the input and the options, and know all shapes.
 */
import type { PoolPlan } from '../plan/pool-plan.ts'
import { asTensor } from '../tensor/as-tensor.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import { parseShape } from '../tensor/shape.ts'
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { assertSameDType } from './buffers.ts'
import {
  assertCountable,
  assertNotEmpty,
  assertSameShape,
  type Frame,
  frameOf,
  parseLayout,
} from './frame.ts'
import type { CommonOptions, Geometry, Placement } from './geometry.ts'
import { assertNames } from './parse.ts'

/** A geometry under a function's name, with the names of the options that its reducer adds. */
export interface Signature<O> {
  readonly op: string
  readonly geometry: Geometry<O>
  readonly names: readonly string[]
}

/** What layers and calculators need of an operation besides running it. */
export interface Calculator<O> {
  readonly op: string
  /** @throws PoolError "BAD_PARAM" for options that no input could make right */
  check(options: O): void
  outputShape(shape: readonly number[], options: O): readonly number[]
}

/** A checked call: nothing is allocated yet. */
export interface Call<A extends TypedArray = TypedArray> {
  readonly op: string
  readonly x: Tensor<A>
  readonly frame: Frame
  /** Shape of the output. */
  readonly shape: readonly number[]
  plan(countPadding?: boolean): PoolPlan
}

/** Checks the options; then, for a tensor's shape, what they make of it. */
export function readOptions<O extends CommonOptions>(
  { op, geometry, names }: Signature<O>,
  options: O,
): (shape: readonly number[]) => { frame: Frame; shape: readonly number[]; placement: Placement } {
  assertNames(op, options, [...geometry.names, ...names, 'layout', 'out'])
  const place = geometry.read(op, options)
  const layout = parseLayout(op, options.layout)
  return (inputShape) => {
    const frame = frameOf(op, inputShape, geometry.rank, layout)
    const placement = place(frame)
    const shape = frame.shapeOf(placement.sizes)
    assertNotEmpty(op, frame)
    assertCountable(op, shape)
    return { frame, shape, placement }
  }
}

export function callOf<O extends CommonOptions, A extends TypedArray>(
  signature: Signature<O>,
  x: TensorLike<A>,
  options: O,
): Call<A> {
  const place = readOptions(signature, options)
  const input = asTensor(signature.op, 'x', x)
  const { frame, shape, placement } = place(input.shape)
  const plan = (countPadding = false): PoolPlan => ({
    outer: frame.outer,
    axes: placement.axes(countPadding),
    inner: frame.inner,
  })
  return { op: signature.op, x: input, frame, shape, plan }
}

/** The gradient of the output, of its shape and of the input's dtype. */
export function gradientOf<A extends TypedArray>(
  { op, x, shape }: Pick<Call<A>, 'op' | 'x' | 'shape'>,
  dy: TensorLike<A>,
): Tensor<A> {
  const gradient = asTensor(op, 'dy', dy)
  assertSameShape(
    op,
    'dy',
    gradient.shape,
    shape,
    `the output's shape for an input of [${x.shape.join(', ')}]`,
  )
  assertSameDType(op, 'dy', gradient, x)
  return gradient
}

/** The calculator of an operation whose reducer reads options of its own with `readOwn`. */
export function calculator<O extends CommonOptions, P extends O>(
  signature: Signature<O>,
  readOwn: (options: P) => unknown,
): Omit<Calculator<P>, 'op'> {
  const read = (options: P) => {
    const place = readOptions(signature, options)
    readOwn(options)
    return place
  }
  return {
    check: read,
    outputShape: (shape, options = {} as P) => read(options)(parseShape(signature.op, 'shape', shape)).shape,
  }
}
