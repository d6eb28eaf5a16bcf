/**
 * @file This library through its public functions, as a caller uses it: `out` given, and a fresh output each time.
 */
import {
  type ArrayMemory,
  avgPool2d,
  avgPool2dBackward,
  globalAvgPool,
  maxPool2d,
  maxPool2dBackward,
  Tensor,
  type TypedArray,
  WasmMemory,
} from '../../src/index.ts'
import { tuning } from '../../src/kernels/tuning.ts'
import type { ArrayClass } from '../../src/tensor/dtype.ts'
import { type Answer, maxima } from '../expected.ts'
import { makeProblem, type Problem, sizeOf } from '../problem.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'

/** A plain typed array in, its result into the caller's own `out`. */
export const ours: Candidate = {
  id: 'pool2d',
  prepare: (problem) => prepareOurs('pool2d', problem, tensorsOf(problem), true),
}

/** The same, with a fresh output from each call. */
export const oursFresh: Candidate = {
  id: 'pool2d.fresh',
  prepare: (problem) => prepareOurs('pool2d.fresh', problem, tensorsOf(problem), false),
}

/** Input and output lie in the memory of the WebAssembly kernels. */
export const oursInMemory: Candidate = {
  id: 'pool2d.wasm',
  prepare: (problem) => prepareOurs('pool2d.wasm', problem, tensorsInMemory(problem), true),
}

/** The same, in a given memory. */
export function oursIn(memory: ArrayMemory): Candidate {
  const id = 'pool2d.shared'
  return { id, prepare: (problem) => prepareOurs(id, problem, tensorsInMemory(problem, memory), true) }
}

/** The time without memory traffic: the planes of one tile, repeated until the same number of planes is done. */
export const oursCached: Candidate = { id: 'in cache', prepare: enterCached }

function enterCached({ workload, bytesRead, bytesWritten }: Problem): PreparedCandidate | string {
  const [batch, channels, height, width] = workload.shape
  const planes = batch * channels
  const fitting = Math.floor((tuning.tileBytes * planes) / (bytesRead + bytesWritten))
  if (fitting < 1) return 'a plane is larger than a tile'
  if (fitting >= planes) return 'all of it is in the cache anyhow'
  const part = makeProblem({ ...workload, shape: [1, fitting, height, width] })
  const { measure } = prepareOurs('in cache', part, tensorsInMemory(part), true)
  const times = planes / fitting
  return {
    id: 'in cache',
    kind: 'limit',
    measure: async (calls) => (await measure(Math.ceil(calls * times))) * times,
  }
}

interface Tensors {
  readonly x: Tensor
  readonly dy: Tensor
  /** Of a maximum's backward pass. */
  readonly indices: Tensor | null
  readonly out: TypedArray
  /** Of a forward pass that returns them. */
  readonly indicesOut: Int32Array | null
}

interface Options {
  readonly kernelSize: number
  readonly stride: number
  readonly padding: number
  readonly out?: TypedArray
}

function tensorsOf(problem: Problem): Tensors {
  const { workload, outShape, x, dy } = problem
  const { pass, reducer, dtype, shape } = workload
  const size = sizeOf(pass === 'forward' ? outShape : shape)
  const needsIndices = pass === 'backward' && reducer === 'max'
  return {
    x: new Tensor(x, shape, dtype),
    dy: new Tensor(dy, dy.length ? outShape : [0], 'float32'),
    indices: needsIndices ? new Tensor(maxima(problem).indices, outShape, 'int32') : null,
    out: dtype === 'float32' ? new Float32Array(size) : new Uint8Array(size),
    indicesOut: workload.indices ? new Int32Array(size) : null,
  }
}

function tensorsInMemory(problem: Problem, given?: ArrayMemory): Tensors {
  const { x, dy, indices, out, indicesOut } = tensorsOf(problem)
  const arrays = [
    x.data,
    dy.data,
    out,
    ...(indices ? [indices.data] : []),
    ...(indicesOut ? [indicesOut] : []),
  ]
  const alignment = 64
  const bytes = arrays.reduce((sum, { byteLength }) => sum + byteLength + alignment, 0)
  const memory = given ?? new WasmMemory({ bytes })
  const move = <A extends TypedArray>(data: A): A => {
    const moved = memory.allocate(data.constructor as ArrayClass<A>, data.length)
    moved.set(data as never)
    return moved
  }
  const moveTensor = ({ data, shape, dtype }: Tensor): Tensor => new Tensor(move(data), shape, dtype)
  return {
    x: moveTensor(x),
    dy: moveTensor(dy),
    indices: indices && moveTensor(indices),
    out: move(out),
    indicesOut: indicesOut && move(indicesOut),
  }
}

function prepareOurs(id: string, problem: Problem, tensors: Tensors, intoOut: boolean): PreparedCandidate {
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
function callOf(problem: Problem, tensors: Tensors, options: Options): () => { y: Tensor; indices?: Tensor } {
  const { workload, outShape } = problem
  const { x } = tensors
  const uncounted = { ...options, countIncludePad: false }
  if (workload.pass === 'backward') return backwardOf(tensors, options)
  if (workload.indices) {
    const given = options.out && tensors.indicesOut ? { indicesOut: tensors.indicesOut } : {}
    return () => {
      const { output, indices } = maxPool2d(x, { ...options, ...given, returnIndices: true })
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

function backwardOf({ x, dy, indices }: Tensors, options: Options): () => { y: Tensor } {
  const uncounted = { ...options, countIncludePad: false }
  return indices
    ? () => ({ y: maxPool2dBackward(dy, x, { ...options, indices }) })
    : () => ({ y: avgPool2dBackward(dy, x, uncounted) })
}
