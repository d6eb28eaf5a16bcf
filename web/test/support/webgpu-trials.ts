/**
 * @file What a page runs to try pooling on a GPU: the contract of test/webgpu, and the library as an app uses it.
 */
import { Context } from '../../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../../src/adapters/webgpu/device.ts'
import { webgpu } from '../../../src/adapters/webgpu/index.ts'
import type { Outcome } from '../../../test/kernels/outcome.ts'
import { trials, tryContract } from '../../../test/webgpu/contract.ts'
import { type Finding, findHazards } from '../../../test/webgpu/hazards/probes.ts'

export { differencesFrom, rowsOf } from '../../../test/webgpu/hazards/table.ts'
export { refusedShaders } from '../../../test/webgpu/shaders.ts'
export { findHazards }

export const groups = Object.keys(trials)

/** null where the browser finds no adapter. */
export async function adapterName(): Promise<string | null> {
  const adapter = await navigator.gpu?.requestAdapter()
  return adapter == null ? null : `${adapter.info.vendor} ${adapter.info.architecture}`
}

export async function tryGroup(group: string, count: number): Promise<Outcome> {
  const context = new Context(await requestDevice(), true)
  try {
    return await tryContract(context, group, count)
  } finally {
    context.dispose()
  }
}

export async function hazards(): Promise<readonly Finding[]> {
  const device = await requestDevice()
  try {
    return await findHazards(device)
  } finally {
    device.destroy()
  }
}

/** The README's example. */
export async function poolTwice(): Promise<readonly number[]> {
  const gpu = await webgpu()
  const image = gpu.tensor(new Float32Array(3 * 8 * 8).fill(1), [1, 3, 8, 8])
  const means = gpu.avgPool2d(gpu.maxPool2d(image, { kernelSize: 2 }), { kernelSize: 2 })
  const { shape } = await means.read()
  gpu.dispose()
  return shape
}
