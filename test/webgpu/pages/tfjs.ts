/**
 * @file What a page runs to try pool2d/tfjs on the GPU backends of TensorFlow.js: values and gradients beside the cpu backend's, and the
 * reads from the GPU, for which a program waits.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { calls, type PoolCall, poolOf, pools, titleOf } from '../../adapters/tfjs/calls.ts'
import { scattered, tf } from '../../adapters/tfjs/tf.ts'

import { counted, type GpuBackend, useBackend } from './tfjs-backend.ts'

export { trainBoth } from './tfjs-training.ts'

/** The largest difference from the cpu backend's value and gradient, and the reads that both took. */
export interface Compared {
  readonly title: string
  readonly name: string
  readonly value: number
  readonly gradient: number
  readonly reads: number
}

/** The families that a backend computes where its tensors lie. Norms at infinity have no gradient there. */
function isOnDevice({ name, options }: PoolCall, backend: GpuBackend): boolean {
  if (/^(adaptive|global)?(max|min|avg|sum)Pool/i.test(name)) return true
  if (name.startsWith('fractional')) return backend === 'webgpu'
  return /^(global)?lpPool/i.test(name) && Number.isFinite((options as { normType?: number }).normType)
}

function valueAndGradient(call: PoolCall): [Tensor, Tensor] {
  const f = (x: Tensor) => poolOf(call)(x)
  const x = scattered(call.shape)
  const y = f(x)
  return [y, tf.grad(f)(x, scattered(y.shape, 2))]
}

export async function compareCalls(backend: GpuBackend): Promise<readonly Compared[]> {
  const chosen = calls.filter((call) => isOnDevice(call, backend))
  await useBackend('cpu')
  const wanted = chosen.map((call) => valueAndGradient(call).map((tensor) => tensor.dataSync()))
  await useBackend(backend)
  const compared: Compared[] = []
  for (const [i, call] of chosen.entries()) {
    const { result, reads } = counted(() => valueAndGradient(call))
    const differences = await Promise.all(
      result.map(async (tensor, which) => {
        const got: readonly number[] = Array.from(await tensor.data())
        return got.reduce((most, each, at) => Math.max(most, Math.abs(each - wanted[i]![which]![at]!)), 0)
      }),
    )
    compared.push({
      title: titleOf(call),
      name: call.name,
      value: differences[0]!,
      gradient: differences[1]!,
      reads,
    })
  }
  return compared
}

/** The programs of webgl that run for the value of a large window and its gradient. */
export async function programsOfLargeWindow(name: 'maxPool2d' | 'avgPool2d'): Promise<number> {
  await useBackend('webgl')
  const backend = tf.backend() as unknown as { compileAndRun(program: { userCode: string }): unknown }
  const { compileAndRun } = backend
  let count = 0
  backend.compileAndRun = function (...given) {
    if (given[0].userCode.includes('getTables')) count++
    return compileAndRun.apply(this, given)
  }
  try {
    const call = { name, shape: [1, 64, 64, 1], options: { kernelSize: 31, stride: 1 } } as PoolCall
    tf.grad(poolOf(call))(scattered(call.shape), scattered([1, 34, 34, 1], 2))
  } finally {
    backend.compileAndRun = compileAndRun
  }
  return count
}

/** NaN, infinities, zeros of both signs, ties. */
const specials = [0, -0, 1, 1, Number.NaN, 2, -Infinity, -Infinity, Infinity, 3, -1e30, -1e30, 5, 5, 5, 4]

/** Values and indices of special elements, here and on the cpu backend, as text, which tells -0 from 0. */
export async function specialValues(
  backend: GpuBackend,
): Promise<readonly { readonly got: string; readonly want: string }[]> {
  const options = { kernelSize: 2, stride: 1, padding: 1, returnIndices: true } as const
  const run = async (): Promise<string[]> => {
    const x = tf.tensor(specials, [1, 4, 4, 1])
    const dy = tf.ones([1, 5, 5, 1])
    const { output, indices } = pools.maxPool2d(x, options)
    const low = pools.minPool2d(x, options)
    const gradient = tf.grad((at: Tensor) => pools.maxPool2d(at, { ...options, returnIndices: false }))(x, dy)
    const means = pools.avgPool2d(x, { kernelSize: 2, ceilMode: true })
    const all = [output, indices, low.output, low.indices, gradient, means]
    const shown = (value: number) => (Object.is(value, -0) ? '-0' : String(value))
    return Promise.all(all.map(async (tensor) => Array.from(await tensor.data(), shown).join()))
  }
  await useBackend('cpu')
  const want = await run()
  await useBackend(backend)
  return (await run()).map((got, i) => ({ got, want: want[i]! }))
}

/** The largest difference from the cpu backend's medians and gradients, which no GPU backend has: `count` of them, each read twice. */
export async function differenceOfDownloads(backend: GpuBackend, count: number): Promise<number> {
  const run = (size: number): readonly [Tensor, Tensor] =>
    valueAndGradient({
      name: 'medianPool2d',
      shape: [1, size, size, 3],
      options: { kernelSize: 3 },
    } as PoolCall)
  const sizes = Array.from({ length: count }, (_, i) => 4 + (i % 9))
  await useBackend('cpu')
  const wanted = sizes.map((size) => run(size).map((tensor) => tensor.dataSync()))
  await useBackend(backend)
  let most = 0
  for (const [i, size] of sizes.entries())
    for (const [which, tensor] of run(size).entries())
      (await tensor.data()).forEach((value, at) => {
        most = Math.max(most, Math.abs(value - wanted[i]![which]![at]!))
      })
  return most
}

/** Tensors, buffers and bytes that remain of `count` forward calls and gradients, after the first of them. */
export async function leakOf(
  backend: GpuBackend,
  count: number,
): Promise<{ readonly tensors: number; readonly buffers: number; readonly bytes: number }> {
  await useBackend(backend)
  const x = scattered([2, 8, 8, 3])
  const step = () =>
    tf.tidy(() => {
      const f = (at: Tensor): Tensor => {
        const { output } = pools.maxPool2d(at, { kernelSize: 3, stride: 2, padding: 1, returnIndices: true })
        return pools.lpPool2d(pools.avgPool2d(output, { kernelSize: 2 }), { kernelSize: 2, normType: 3 })
      }
      tf.grad(f)(x)
    })
  step()
  await x.data()
  const bytesOf = () => (tf.memory() as { numBytesInGPU?: number }).numBytesInGPU ?? 0
  const [before, bytes] = [tf.memory(), bytesOf()]
  for (let i = 0; i < count; i++) step()
  /** Forces the backend to submit, and so to release what it kept for that. */
  const sum = tf.add(x, 1)
  await sum.data()
  sum.dispose()
  const after = tf.memory()
  return {
    tensors: after.numTensors - before.numTensors,
    buffers: after.numDataBuffers - before.numDataBuffers,
    bytes: bytesOf() - bytes,
  }
}
