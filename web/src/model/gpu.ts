/**
 * @file The worker's GPU: asked for once, and again after it was lost.
 */
import { type Gpu, webgpu } from '../../../src/adapters/webgpu/index.ts'

let opened: Promise<Gpu> | null = null

/** @throws PoolError "UNAVAILABLE" where there is no WebGPU or no adapter */
export function openGpu(): Promise<Gpu> {
  opened ??= webgpu().then((gpu) => {
    void gpu.lost.then(() => {
      opened = null
    })
    return gpu
  })
  return opened
}
