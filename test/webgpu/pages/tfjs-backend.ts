/**
 * @file The backends of TensorFlow.js that have a GPU, and what is read from them.
 */
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import { tf } from '../../adapters/tfjs/tf.ts'

export type GpuBackend = 'webgl' | 'webgpu'

export async function useBackend(name: GpuBackend | 'cpu'): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`no backend ${name} here`)
  await tf.ready()
}

/** Runs `work` on the current backend and counts what it reads from it. */
export function counted<T>(work: () => T): { readonly result: T; readonly reads: number } {
  const backend = tf.backend() as unknown as { readSync(id: object): unknown }
  const { readSync } = backend
  let reads = 0
  backend.readSync = function (id) {
    reads++
    return readSync.call(this, id)
  }
  try {
    return { result: work(), reads }
  } finally {
    backend.readSync = readSync
  }
}
