/**
 * @file ONNX Runtime for Node: native code, one thread, outputs allocated beforehand.
 */
import ort from 'onnxruntime-node'
import type { Answer } from '../expected.ts'
import { type Problem, sizeOf } from '../problem.ts'
import { type Candidate, measureAwaited, type PreparedCandidate } from './candidate.ts'
import { onnxModel } from './onnx-model.ts'

const id = 'onnxruntime'

export const onnxruntime: Candidate = { id, prepare }

async function prepare(problem: Problem): Promise<PreparedCandidate | string> {
  const { workload, outShape, x } = problem
  if (workload.pass === 'backward') return 'ONNX has no gradients'
  const session = await ort.InferenceSession.create(onnxModel(problem), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  })
  const y =
    workload.dtype === 'float32' ? new Float32Array(sizeOf(outShape)) : new Uint8Array(sizeOf(outShape))
  const feeds = { x: tensorOf(x as Float32Array, workload.shape) }
  const fetches: Record<string, ort.Tensor> = { y: tensorOf(y, outShape) }
  const positions = new BigInt64Array(workload.indices ? sizeOf(outShape) : 0)
  if (workload.indices) fetches.indices = new ort.Tensor('int64', positions, outShape)
  return {
    id,
    kind: 'peer',
    measure: measureAwaited(() => session.run(feeds, fetches)),
    answer: () => (workload.indices ? { y, indices: inPlane(positions, workload.shape) } : { y }),
    close: () => void session.release(),
  } satisfies PreparedCandidate
}

function tensorOf(data: Float32Array | Uint8Array, shape: readonly number[]): ort.Tensor {
  return data instanceof Uint8Array
    ? new ort.Tensor('uint8', data, shape)
    : new ort.Tensor('float32', data, shape)
}

/** ONNX counts positions through the whole tensor. */
function inPlane(positions: BigInt64Array, shape: readonly number[]): Answer['indices'] {
  const plane = shape[2]! * shape[3]!
  return Int32Array.from(positions, (position) => Number(position) % plane)
}
