/**
 * @file The worker's GPU: asked for once, and again after it was lost.
 */
import type { Gpu, webgpu } from '../../../src/adapters/webgpu/index.ts'
import type { PoolError } from '../../../src/errors.ts'

/** A worker's own scope, which the types of pages do not know. */
const scope = self as unknown as { webgpu?: typeof webgpu; importScripts(url: string): void }

let opened: Promise<Gpu> | null = null

/**
 * @param script  the URL of worker/gpu-script.ts, which is loaded once
 * @throws PoolError "UNAVAILABLE" where there is no WebGPU or no adapter, and a NetworkError where the script is not
 */
export function openGpu(script: string): Promise<Gpu> {
  opened ??= open(script)
  return opened
}

async function open(script: string): Promise<Gpu> {
  if (scope.webgpu === undefined) scope.importScripts(script)
  const gpu = await scope.webgpu!()
  void gpu.lost.then(() => {
    opened = null
  })
  return gpu
}

/** True for errors of the library. The script has a copy of its own, whose errors `isPoolError` does not know. */
export function isRefusal(error: unknown): error is PoolError {
  return error instanceof Error && error.name === 'PoolError'
}
