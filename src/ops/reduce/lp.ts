/**
 * @file Operations that take the Lp norm of each window: a geometry with a norm, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import { runJob } from '../../kernels/run.ts'
import { inPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { productOf } from '../../reducers/accumulation.ts'
import type { Norm } from '../../reducers/lp.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, outputTensor, withOutput } from '../buffers.ts'
import { bind, type Call, gradientOf, opInfo, type ResolvedCall, type Signature } from '../call.ts'
import type { CommonOptions, Geometry } from '../geometry/geometry.ts'
import { magnitude, timesSign } from './magnitude.ts'

/** The option of Lp pooling that chooses the norm. */
export interface NormOption {
  /** The p of the norm: above 0, or Infinity (the largest magnitude) or -Infinity (the smallest). */
  readonly normType: number
}

export type Lp<O extends CommonOptions> = <A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: O & NormOption,
) => Tensor<A>

export type LpBackward<O extends CommonOptions> = <A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: O & NormOption,
) => Tensor<A>

export function defineLp<O extends CommonOptions>(op: string, geometry: Geometry<O>) {
  const signature: Signature<O & NormOption, number> = {
    op,
    geometry,
    names: ['normType'],
    settings: (name, { normType }) => parseNormType(name, normType),
  }
  const call = bind(signature)
  const callBackward = bind({ ...signature, op: `${op}Backward` })
  const normOf = (called: Call<number>): Norm => {
    assertFloat(called.op, 'x', called.x, 'norms are of')
    return normAt(called, called.settings)
  }

  const forward = (x: TensorLike, options = {} as O & NormOption): Tensor => {
    const called = call(x, options)
    const norm = normOf(called)
    const y = outputTensor(op, called.x, called.shape, called.given.out, [called.x])
    runForward(called, called.plan(true), norm, y)
    return y
  }

  const backward = (dy: TensorLike, x: TensorLike, options = {} as O & NormOption): Tensor => {
    const called = callBackward(x, options)
    const norm = normOf(called)
    const gradient = gradientOf(called, dy)
    const dx = outputTensor(called.op, called.x, called.x.shape, called.given.out, [called.x, gradient])
    runBackward(called, called.plan(true), norm, gradient, dx)
    return dx
  }

  return {
    op,
    forward: forward as Lp<O>,
    backward: backward as LpBackward<O>,
    ...opInfo(signature, (placed, p) => {
      const plan = placed.plan(true)
      const reducer = selectionAtLimit(p)
      if (reducer !== null) return { reducer, pass: 'forward', plan, indices: null }
      return { reducer: 'lp', pass: 'forward', plan, norm: normAt(placed, p) }
    }),
  }
}

/** PyTorch multiplies the mean of a window by the full window's size, also where ceil mode cuts the window short. */
function normAt({ plan }: ResolvedCall, p: number): Norm {
  const windows = plan(true).axes.map(({ regular }) => regular?.window)
  const isSliding = windows.every((window) => window !== undefined)
  return { p, fullWindow: isSliding ? productOf(windows) : null }
}

/** At infinity the norm is the largest or the smallest magnitude. */
function selectionAtLimit(p: number): 'max' | 'min' | null {
  return Number.isFinite(p) ? null : p > 0 ? 'max' : 'min'
}

function runForward({ x }: Call, plan: PoolPlan, norm: Norm, y: Tensor): void {
  const { dtype } = x
  const reducer = selectionAtLimit(norm.p)
  if (reducer === null) runJob({ reducer: 'lp', pass: 'forward', norm, dtype, plan, x: x.data, y: y.data })
  else runJob({ reducer, pass: 'forward', dtype, plan, x: magnitude(x).data, y: y.data, indices: null })
}

function runBackward(call: Call, plan: PoolPlan, norm: Norm, dy: Tensor, dx: Tensor): void {
  const { op, x, shape } = call
  const { dtype } = x
  const reducer = selectionAtLimit(norm.p)
  if (reducer === null) {
    withOutput(op, x, shape, (y) => {
      runJob({ reducer: 'lp', pass: 'forward', norm, dtype, plan, x: x.data, y })
      runJob({ reducer: 'lp', pass: 'backward', norm, dtype, plan, x: x.data, y, dy: dy.data, dx: dx.data })
    })
    return
  }
  const y = outputTensor(op, x, shape, undefined, [])
  const { data: indices } = indexTensor(op, shape, inPlane(plan))
  runJob({ reducer, pass: 'forward', dtype, plan, x: magnitude(x).data, y: y.data, indices })
  runJob({ reducer, pass: 'backward', dtype, plan, dy: dy.data, dx: dx.data, indices })
  timesSign(dx, x)
}

function parseNormType(op: string, value: unknown): number {
  if (typeof value === 'number' && (value > 0 || value === Number.NEGATIVE_INFINITY)) return value
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'normType', value },
    'must be a number above 0, Infinity or -Infinity',
    'Pass e.g. 2 for the Euclidean norm.',
  )
}
