/**
 * @file One worker's part of the race: its channels of the same random image, pooled by a backend that is named.
 */

import type { Gpu, GpuTensor } from '../../../src/adapters/webgpu/index.ts'
import { invalid } from '../../../src/errors.ts'
import { type Backend, withBackend } from '../../../src/kernels/backend.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { operationIn } from '../../../src/render/operation-in.ts'
import { functionName, type Pooling } from '../../../src/render/pooling.ts'
import { pooledBy } from '../../../src/render/scene.ts'
import { rand } from '../../../src/tensor/create.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'
import { isRefusal, openGpu } from './gpu.ts'
import { optionsWithSamples } from './photo.ts'

export type RaceBackend = Exclude<Backend, 'scalar'> | 'webgpu'

export interface RaceTask {
  readonly pooling: Pooling
  readonly backend: RaceBackend
  readonly side: number
  /** The URL of worker/gpu-script.ts. */
  readonly gpuScript: string
  /** Channels [from, to) are this worker's. */
  readonly from: number
  readonly to: number
}

/** Why a backend does not run here. */
export type RaceReason = 'noKernel' | 'noGpu' | 'notOnGpu'

export interface RaceReady {
  /** null if it runs. */
  readonly reason: RaceReason | null
  /** Elements read and written in one run. */
  readonly elements: number
}

interface Prepared {
  /** Milliseconds of one pooling. */
  time(): number | Promise<number>
  result(): Tensor | Promise<Tensor>
}

let prepared: Prepared | null = null

/**
 * Draws the numbers and runs once, so that compiling is not timed.
 *
 * @throws PoolError for settings that every backend refuses
 */
export async function prepareRace(task: RaceTask): Promise<RaceReady> {
  const { backend } = task
  const x = drawn(task)
  try {
    const gpu = backend === 'webgpu' ? await openGpu(task.gpuScript).catch(() => null) : null
    if (backend === 'webgpu' && gpu === null) return { reason: 'noGpu', elements: x.size }
    prepared = gpu === null ? onProcessor(task, x, backend as Backend) : onGpu(task, x, gpu)
    await prepared.time()
    return { reason: null, elements: x.size + (await prepared.result()).size }
  } catch (error) {
    prepared = null
    if (!isRefusal(error) || (backend !== 'webgpu' && error.code !== 'UNAVAILABLE')) throw error
    return { reason: backend === 'webgpu' ? 'notOnGpu' : 'noKernel', elements: x.size }
  }
}

export function runRace(): number | Promise<number> {
  return prepared?.time() ?? Number.NaN
}

/** A number per channel that depends on every bit of its output. */
export async function hashRace(): Promise<readonly number[]> {
  if (prepared === null) return []
  const { data, shape } = await prepared.result()
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length)
  const plane = data.length / shape[1]!
  const hashes: number[] = []
  for (let start = 0; start < bits.length; start += plane) {
    let hash = 0x811c9dc5
    for (let i = start; i < start + plane; i++) hash = Math.imul(hash ^ bits[i]!, 0x01000193)
    hashes.push(hash >>> 0)
  }
  return hashes
}

function drawn({ side, from, to }: RaceTask): Tensor {
  const data = new Float32Array((to - from) * side * side)
  for (let channel = from; channel < to; channel++) {
    data.set(rand([side * side], { seed: channel }).data, (channel - from) * side * side)
  }
  return new Tensor(data, [1, to - from, side, side], 'float32')
}

/** What a pooling takes before its options: unpooling takes maxima and their indices. */
function inputsOf({ pooling }: RaceTask, x: Tensor): { given: readonly Tensor[]; options: object } {
  const options = optionsWithSamples(pooling, x.shape, 'NCHW')
  if (pooling.op !== 'unpool') return { given: [x], options }
  const { output, indices } = maxPool2d(x, { ...pooledBy(pooling, x.shape), returnIndices: true })
  return { given: [output, indices], options: { ...options, outputSize: x.shape.slice(2) } }
}

function onProcessor(task: RaceTask, x: Tensor, backend: Backend): Prepared {
  const { given, options } = inputsOf(task, x)
  const { forward } = operationIn(task.pooling) as unknown as { forward(...given: unknown[]): Tensor }
  let y: Tensor
  return {
    time() {
      const began = performance.now()
      y = withBackend(backend, () => forward(...given, options))
      return performance.now() - began
    },
    result: () => y,
  }
}

/** Poolings that are waited for together: waiting for a GPU takes longer than most of them. */
const together = 10

function onGpu(task: RaceTask, x: Tensor, gpu: Gpu): Prepared {
  const { given, options } = inputsOf(task, x)
  const { op } = task.pooling
  /** Without the blur there is no max and blur. */
  const name = op === 'max-blur' ? 'blurPool2d' : functionName(task.pooling)
  const pool = gpu[name as 'maxPool2d'] as unknown as (...given: unknown[]) => GpuTensor
  if (pool === undefined)
    throw invalid('UNAVAILABLE', { op: name, argument: 'op', value: op }, 'has no shader', 'Use the kernels.')
  const uploaded = given.map((tensor) => gpu.tensor(tensor))
  const y = pool(...uploaded, options)
  return {
    async time() {
      const began = performance.now()
      for (let i = 0; i < together; i++) pool(...uploaded, { ...options, out: y })
      await gpu.device.queue.onSubmittedWorkDone()
      return (performance.now() - began) / together
    },
    result: () => y.read(),
  }
}
