/**
 * @file The reduction to the Lp norm of each window, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import { inPlane } from '../../plan/pool-plan.ts'
import type { Norm } from '../../reducers/lp.ts'
import { productOf } from '../../reducers/reducer.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, outputTensor, withOutput } from '../buffers.ts'
import { type Call, gradientOf, planesOf, type ResolvedCall } from '../call.ts'
import { runPlanes } from '../planes.ts'
import { magnitude, timesSign } from './magnitude.ts'
import type { Reduction } from './reduction.ts'

/** The option of Lp pooling that chooses the norm. */
export interface NormOption {
  /** The p of the norm: a number above 0, Infinity (the largest magnitude) or -Infinity (the smallest). */
  readonly normType: number
}

export interface NormSettings {
  readonly p: number
  /** True to scale up a window that ceil mode cuts short to the full window, as PyTorch does. */
  readonly isScaled: boolean
}

export const lp: Reduction<NormOption, NormSettings, 'folds'> = {
  action: 'folds',
  reducer: 'lp',
  needs: ['normType'],
  takes: [],
  settings: (op, { normType }) => ({ p: parseNormType(op, normType), isScaled: true }),
  countsPadding: () => true,
  keepsDivisors: true,
  forward: normOfWindows,
  backward,
  outline: (call) => {
    const reducer = extremumAtLimit(call.settings)
    return reducer === null
      ? { reducer: 'lp', pass: 'forward', norm: normOf(call) }
      : { reducer, pass: 'forward', indices: null }
  },
  gradientOutline: (call, dtype) => {
    assertFloat(call.op, 'x', dtype, 'norms are of')
    const reducer = extremumAtLimit(call.settings)
    return reducer === null
      ? { reducer: 'lp', pass: 'backward', norm: normOf(call) }
      : { reducer, pass: 'backward' }
  },
}

/** For sliding windows PyTorch multiplies the mean of the powers by the full window's size. */
function normOf({
  plan,
  settings: { p, isScaled },
}: Pick<ResolvedCall, 'plan'> & { settings: NormSettings }): Norm {
  const windows = plan().axes.map(({ regular }) => regular?.window)
  const isSliding = windows.every((window) => window !== undefined)
  return { p, fullWindow: isScaled && isSliding ? productOf(windows) : null }
}

/** For p = ±Infinity the norm is the largest or smallest magnitude; null for finite p. */
function extremumAtLimit({ p }: NormSettings): 'max' | 'min' | null {
  return Number.isFinite(p) ? null : p > 0 ? 'max' : 'min'
}

export function normOfWindows(call: Call<NormSettings>): Tensor {
  const { op, x, shape, given, settings } = call
  assertFloat(op, 'x', x.dtype, 'norms are of')
  const y = outputTensor(op, x, shape, given.out, [x])
  const reducer = extremumAtLimit(settings)
  const [plan, planes, { dtype }] = [call.plan(), planesOf(call), x]
  if (reducer === null) {
    const norm = normOf(call)
    runPlanes(call, planes, { reducer: 'lp', pass: 'forward', norm, dtype, plan, x: x.data, y: y.data })
  } else {
    const { data } = magnitude(x)
    runPlanes(call, planes, { reducer, pass: 'forward', dtype, plan, x: data, y: y.data, indices: null })
  }
  return y
}

function backward(call: Call<NormSettings>, dy: TensorLike): Tensor {
  const { op, x, shape, given, settings } = call
  assertFloat(op, 'x', x.dtype, 'norms are of')
  const gradient = gradientOf(call, dy)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient])
  const reducer = extremumAtLimit(settings)
  const [plan, planes, { dtype }] = [call.plan(), planesOf(call), x]
  const sent = { dy: gradient.data, dx: dx.data }
  if (reducer === null) {
    const norm = normOf(call)
    withOutput(op, x, shape, (y) => {
      const task = { reducer: 'lp', norm, dtype, plan, x: x.data, y } as const
      runPlanes(call, planes, { ...task, pass: 'forward' })
      runPlanes(call, planes, { ...task, pass: 'backward', ...sent })
    })
    return dx
  }
  const y = outputTensor(op, x, shape, undefined, [])
  const { data: indices } = indexTensor(op, shape, inPlane(plan))
  const task = { reducer, dtype, plan, indices } as const
  runPlanes(call, planes, { ...task, pass: 'forward', x: magnitude(x).data, y: y.data })
  runPlanes(call, planes, { ...task, pass: 'backward', ...sent })
  timesSign(dx, x)
  return dx
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
