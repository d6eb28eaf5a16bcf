/**
 * @file The device: the caller's, or one of an adapter that is looked for here. Finding one and losing one.
 */
import { invalid, PoolError } from '../../errors.ts'

/** Why a device was lost. */
export interface GpuLoss {
  readonly reason: string
  readonly message: string
}

/** WebGPU's numbers, which not every runtime has as globals. */
export const usages = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 }

/** Dawn ends the process if the object that found the adapter is collected while its devices live. */
let kept: unknown

/** @throws PoolError "UNAVAILABLE" where no adapter is found */
export async function requestDevice(): Promise<GPUDevice> {
  const gpu = await findGpu()
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw unavailable('no adapter is found here')
  const { maxStorageBufferBindingSize, maxBufferSize } = adapter.limits
  try {
    return await adapter.requestDevice({ requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } })
  } catch (cause) {
    throw unavailable('the adapter gives no device', cause)
  }
}

async function findGpu(): Promise<GPU> {
  const found = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu
  if (found !== undefined) return found
  if (typeof process !== 'object' || process.versions?.node === undefined)
    throw unavailable('this runtime has no navigator.gpu')
  const name = 'webgpu'
  const dawn = await import(/* webpackIgnore: true */ /* @vite-ignore */ name).catch((cause: unknown) => {
    throw unavailable('this runtime has no navigator.gpu, and the package webgpu does not load', cause)
  })
  kept ??= (dawn as { create(flags: string[]): GPU }).create([])
  return kept as GPU
}

function unavailable(state: string, cause?: unknown): PoolError {
  return new PoolError(
    'UNAVAILABLE',
    `webgpu: device = undefined; ${state}. Pass a GPUDevice; in Node install the package webgpu; or use the functions of pool2d.`,
    { op: 'webgpu', argument: 'device', cause },
  )
}

/** @throws PoolError "BAD_PARAM" unless it looks like a GPUDevice */
export function assertDevice(device: unknown): asserts device is GPUDevice {
  const { queue, limits, createBuffer } = (device ?? {}) as Partial<GPUDevice>
  if (queue !== undefined && limits !== undefined && typeof createBuffer === 'function') return
  throw invalid(
    'BAD_PARAM',
    { op: 'webgpu', argument: 'device', value: device },
    'must be a GPUDevice',
    'Pass what adapter.requestDevice() resolves to, or leave it out.',
  )
}
