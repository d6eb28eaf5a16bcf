/**
 * @file This library through its public functions, as a caller uses it: `out` given, and a fresh output each time.
 */
import {
  avgPool2d,
  avgPool2dBackward,
  globalAvgPool,
  maxPool2d,
  maxPool2dBackward,
  Tensor,
  type TypedArray,
} from '../../src/index.ts'
import { type Answer, maxima } from '../expected.ts'
import { type Problem, sizeOf } from '../problem.ts'
import type { Workload } from '../workloads.ts'
import { type Contender, type Entrant, measureCalls } from './contender.ts'

/** A plain typed array in, its result into the caller's own `out`. */
export const ours: Entrant = {
  id: 'pool2d',
  enter: (problem) => contenderOf('pool2d', problem, tensorsOf(problem), true),
}

/** The same, with a fresh output from each call. */
export const oursFresh: Entrant = {
  id: 'pool2d.fresh',
  enter: (problem) => contenderOf('pool2d.fresh', problem, tensorsOf(problem), false),
}

interface Tensors {
  readonly x: Tensor
  readonly dy: Tensor
  readonly out: TypedArray
}

interface Options {
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number
  readonly out?: TypedArray
}

function tensorsOf({ workload, outShape, x, dy }: Problem): Tensors {
  const size = sizeOf(workload.pass === 'forward' ? outShape : workload.shape)
  return {
    x: new Tensor(x, workload.shape, workload.dtype),
    dy: new Tensor(dy, dy.length ? outShape : [0], 'float32'),
    out: workload.dtype === 'float32' ? new Float32Array(size) : new Uint8Array(size),
  }
}

function contenderOf(id: string, problem: Problem, tensors: Tensors, intoOut: boolean): Contender {
  const { window, stride, padding } = problem.workload
  const options: Options = { kernelSize: window, stride, padding, ...(intoOut ? { out: tensors.out } : {}) }
  const call = callOf(problem, tensors, options)
  let last: { y: Tensor; indices?: Tensor } | undefined
  const run = (): void => {
    last = call()
  }
  const answer = (): Answer => {
    const { y, indices } = last!
    const numbers = (tensor: Tensor) => tensor.data as unknown as ArrayLike<number>
    return indices ? { y: numbers(y), indices: numbers(indices) } : { y: numbers(y) }
  }
  return { id, kind: 'ours', measure: measureCalls(run), answer }
}

/** The one call that the workload is, made as if it stood in a caller's code. */
function callOf(
  problem: Problem,
  { x, dy }: Tensors,
  options: Options,
): () => { y: Tensor; indices?: Tensor } {
  const { workload, outShape } = problem
  const uncounted = { ...options, countIncludePad: false }
  if (workload.pass === 'backward') return backwardOf(problem, { x, dy }, options)
  if (workload.indices) {
    return () => {
      const { output, indices } = maxPool2d(x, { ...options, returnIndices: true })
      return { y: output, indices }
    }
  }
  if (workload.global) {
    const { out } = options
    const globalOptions = out ? { out } : {}
    return () => ({ y: new Tensor(globalAvgPool(x, globalOptions).data, outShape, workload.dtype) })
  }
  return workload.reducer === 'max'
    ? () => ({ y: maxPool2d(x, options) })
    : () => ({ y: avgPool2d(x, uncounted) })
}

function backwardOf(
  problem: Problem,
  { x, dy }: Pick<Tensors, 'x' | 'dy'>,
  options: Options,
): () => { y: Tensor } {
  const { workload, outShape } = problem
  if (workload.reducer === 'average') {
    const uncounted: Options & { countIncludePad: boolean } = { ...options, countIncludePad: false }
    return () => ({ y: avgPool2dBackward(dy, x, uncounted) })
  }
  const indices = new Tensor(maxima(problem).indices, outShape, 'int32')
  return () => ({ y: maxPool2dBackward(dy, x, { ...options, indices }) })
}

export type { Workload }
