/**
 * @file Reductions of floating tensors whose gradient folds each window of x again, forward beside backward.
 */
import { windowKernels } from '../../kernels/optional-kernels.ts'
import type { WindowSpec } from '../../reducers/table.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, outputTensor } from '../buffers.ts'
import { type Call, gradientOf } from '../call.ts'
import { runPlanes } from '../planes.ts'
import type { ReducerName, Reduction } from './reduction.ts'

interface WindowFold<O> {
  readonly reducer: ReducerName
  /** Names of the options. */
  readonly takes: readonly string[]
  /** The results as messages name them: 'variances are of'. */
  readonly what: string
  /** Reads and checks the options. */
  specOf(op: string, options: O): WindowSpec
}

/** Padding never counts. */
export function windowFold<O>({
  reducer,
  takes,
  what,
  specOf,
}: WindowFold<O>): Reduction<O, WindowSpec, 'folds'> {
  return {
    action: 'folds',
    reducer,
    needs: [],
    takes,
    settings: specOf,
    countsPadding: () => false,
    kernels: windowKernels,
    forward: (call) => foldWindows(call, what),
    backward: (call, dy) => sendBack(call, dy, what),
    outline: ({ settings }) => ({ ...settings, pass: 'forward' }),
    gradientOutline: ({ op, settings }, dtype) => {
      assertFloat(op, 'x', dtype, what)
      return { ...settings, pass: 'backward' }
    },
  }
}

function foldWindows(call: Call<WindowSpec>, what: string): Tensor {
  const { op, x, shape, given, settings, plan } = call
  assertFloat(op, 'x', x.dtype, what)
  const y = outputTensor(op, x, shape, given.out, [x])
  const { dtype } = x
  const job = { pass: 'forward', dtype, plan: plan(), x: x.data, y: y.data, ...settings } as const
  runPlanes(call, null, job, windowKernels)
  return y
}

function sendBack(call: Call<WindowSpec>, dy: TensorLike, what: string): Tensor {
  const { op, x, given, settings, plan } = call
  assertFloat(op, 'x', x.dtype, what)
  const gradient = gradientOf(call, dy)
  const dx = outputTensor(op, x, x.shape, given.out, [x, gradient])
  const { dtype } = x
  const sent = { x: x.data, dy: gradient.data, dx: dx.data }
  runPlanes(call, null, { pass: 'backward', dtype, plan: plan(), ...sent, ...settings }, windowKernels)
  return dx
}
