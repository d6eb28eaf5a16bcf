/**
 * @file The reduction to the Lp norm of each window, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import { sharesNorms, sumsNormsAlone } from '../../kernels/sum-order.ts'
import { inPlane } from '../../plan/pool-plan.ts'
import type { Norm } from '../../reducers/lp.ts'
import { productOf } from '../../reducers/reducer.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { hasNaN } from '../../tensor/has-nan.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, outputTensor, withOutput } from '../buffers.ts'
import { type Call, gradientOf, planesOf, type ResolvedCall } from '../call.ts'
import { parseName } from '../options/parse.ts'
import { runPlanes } from '../planes.ts'
import { magnitude, timesSign } from './magnitude.ts'
import type { Reduction } from './reduction.ts'

/** The option of Lp pooling that chooses the norm. */
export interface NormOption {
  /** The p of the norm: a number above 0, Infinity (the largest magnitude) or -Infinity (the smallest). */
  readonly normType: number
}

/** The option of Lp pooling for windows that ceil mode cuts short. */
export interface PartialNormOption {
  /**
   * A window that ceil mode cuts short: 'scaled' (the default) scales its sum of powers up to the full window, as PyTorch does;
   * 'norm' takes the norm of the elements present, as ONNX and WebNN do.
   */
  readonly partialNorm?: 'scaled' | 'norm' | undefined
}

export interface NormSettings {
  readonly p: number
  /**
   * `scaled` scales up a window that ceil mode cuts short to the full window, as PyTorch does; `norm` takes the norm of
   * the elements present; `mean` divides the sum of powers by their number.
   */
  readonly windows: 'scaled' | 'norm' | 'mean'
}

export const lp = /* @__PURE__ */ norm<NormOption & PartialNormOption>(
  'lp',
  ['normType'],
  ['partialNorm'],
  (op, { normType, partialNorm }) => ({
    p: parseNormType(op, normType),
    windows: parseName(op, 'partialNorm', partialNorm, ['scaled', 'norm'] as const),
  }),
)

export const globalLp = /* @__PURE__ */ norm<NormOption>('lp', ['normType'], [], (op, { normType }) => ({
  p: parseNormType(op, normType),
  windows: 'norm',
}))

export function norm<O>(
  reducer: 'lp' | 'rms',
  needs: readonly string[],
  takes: readonly string[],
  settings: (op: string, options: O) => NormSettings,
): Reduction<O, NormSettings, 'folds'> {
  return {
    ...(reducer === 'lp' && { keepsDivisors: true }),
    action: 'folds',
    reducer,
    needs,
    takes,
    settings,
    countsPadding: ({ windows }) => windows !== 'mean',
    forward: normOfWindows,
    backward,
    outline: (call) => {
      const limit = extremumAtLimit(call.settings)
      return limit === null
        ? { reducer: 'lp', pass: 'forward', norm: normOf(call) }
        : { reducer: limit, pass: 'forward', indices: null }
    },
    gradientOutline: (call, dtype) => {
      assertFloat(call.op, 'x', dtype, 'norms are of')
      const limit = extremumAtLimit(call.settings)
      return limit === null
        ? { reducer: 'lp', pass: 'backward', norm: normOf(call) }
        : { reducer: limit, pass: 'backward' }
    },
  }
}

/** For sliding windows PyTorch multiplies the mean of the powers by the full window's size. */
function normOf({
  plan,
  settings: { p, windows },
}: Pick<ResolvedCall, 'plan'> & { settings: NormSettings }): Norm {
  if (windows === 'mean') return { p, fullWindow: 1 }
  const sizes = plan().axes.map(({ regular }) => regular?.window)
  const isSliding = sizes.every((size) => size !== undefined)
  return { p, fullWindow: windows === 'scaled' && isSliding ? productOf(sizes) : null }
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
    const send = (y: TypedArray | null): void =>
      runPlanes(call, planes, { reducer: 'lp', pass: 'backward', norm, dtype, plan, x: x.data, y, ...sent })
    // Of p = 1, a norm counts only where it is 0, as all its inputs are, or NaN: those of numbers may be any.
    if (norm.p === 1 && call.counted === undefined && !hasNaN(x)) send(gradient.data)
    else if (call.counted === undefined && (sumsNormsAlone(plan) || sharesNorms(plan))) send(null)
    else
      withOutput(op, x, shape, (y) => {
        runPlanes(call, planes, { reducer: 'lp', pass: 'forward', norm, dtype, plan, x: x.data, y })
        send(y)
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
