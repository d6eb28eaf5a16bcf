/**
 * @file What a page runs to try pooling on a GPU: the contract of test/webgpu, and what its stack does to floats.
 */
import { Context } from '../../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../../src/adapters/webgpu/device.ts'
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
