/**
 * @file TensorFlow.js: its wasm backend (one thread, SIMD, the input already on its heap, the output left there) and its cpu backend.
 */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type * as Core from '@tensorflow/tfjs-core'
import { type Data, type Problem, toChannelsFirst, toChannelsLast } from '../problem.ts'
import type { Shape, Workload } from '../workloads.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'

type Backend = 'wasm' | 'cpu'

const require = createRequire(import.meta.url)

export const tfjsWasm: Candidate = { id: 'tfjs-wasm', prepare: (problem) => prepare('wasm', problem) }
export const tfjsCpu: Candidate = { id: 'tfjs-cpu', prepare: (problem) => prepare('cpu', problem) }

async function prepare(backend: Backend, problem: Problem): Promise<PreparedCandidate | string> {
  const { workload, outShape } = problem
  const id = `tfjs-${backend}`
  if (workload.dtype !== 'float32') return 'has no uint8'
  const tf = await loadCore(backend)
  const kernel = kernelOf(workload)
  if (!tf.getKernel(kernel, backend)) return `has no kernel ${kernel}`
  const inputs = inputsOf(tf, problem)
  let results: Core.Tensor[] = []
  const run = (): void => {
    for (const result of results) result.dispose()
    results = [
      tf.engine().runKernel<Core.Tensor | Core.Tensor[]>(kernel, inputs, attributesOf(workload)),
    ].flat()
  }
  const timed = measureCalls(run)
  const shape = workload.pass === 'forward' ? outShape : workload.shape
  const planar = async (tensor: Core.Tensor): Promise<Data> =>
    toChannelsFirst((await tensor.data()) as Data, shape)
  return {
    id,
    kind: 'peer',
    measure: async (calls) => {
      await tf.setBackend(backend)
      return timed(calls)
    },
    answer: async () => {
      const y = await planar(results[0]!)
      if (!workload.indices) return { y }
      const indices = await planar(results[1]!)
      return { y, indices: indices.map((position) => Math.floor(position / shape[1])) }
    },
  }
}

export async function loadCore(backend: Backend): Promise<typeof Core> {
  const tf = require('@tensorflow/tfjs-core') as typeof Core
  tf.env().set('PROD', true)
  if (backend === 'wasm') {
    const path = require.resolve('@tensorflow/tfjs-backend-wasm')
    const wasm = require(path)
    wasm.setWasmPaths(`${dirname(path)}/`)
    wasm.setThreadsCount(1)
  } else {
    require('@tensorflow/tfjs-backend-cpu')
  }
  await tf.setBackend(backend)
  return tf
}

export function kernelOf({ reducer, pass, indices }: Workload): string {
  if (indices) return 'MaxPoolWithArgmax'
  return `${reducer === 'max' ? 'MaxPool' : 'AvgPool'}${pass === 'backward' ? 'Grad' : ''}`
}

export function attributesOf({ window, stride, padding, indices }: Workload): Core.NamedAttrMap {
  const windows = { filterSize: [window, window], strides: [stride, stride] }
  if (indices) return { ...windows, pad: 'valid', includeBatchInIndex: false }
  return { ...windows, pad: padding, dimRoundingMode: 'floor' }
}

function inputsOf(tf: typeof Core, { workload, outShape, x, dy }: Problem): Core.NamedTensorMap {
  const input = toTensor(tf, x, workload.shape)
  if (workload.pass === 'forward') return { x: input }
  const gradient = toTensor(tf, dy, outShape)
  if (workload.reducer === 'average') return { dy: gradient, input }
  const { window, stride, padding } = workload
  return { dy: gradient, input, output: tf.maxPool(input, window, stride, padding, 'floor') }
}

function toTensor(tf: typeof Core, data: Data, shape: Shape): Core.Tensor4D {
  const [batch, channels, height, width] = shape
  return tf.tensor4d(toChannelsLast(data, shape) as Float32Array, [batch, height, width, channels])
}
