/**
 * @file TensorFlow.js from its parts, on the backends that need no GPU.
 */
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import * as core from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'

export const tf = { ...core, ...layers }

export const backends = ['cpu', 'wasm'] as const

export async function useBackend(name: (typeof backends)[number]): Promise<void> {
  await tf.setBackend(name)
  await tf.ready()
}

/** A float32 tensor of the whole numbers from `first`, row by row. */
export function counting(shape: number[], first = 0): core.Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1)
  return tf.tensor(
    Array.from({ length: size }, (_, i) => first + i),
    shape,
  )
}

/** Values in (-1, 1), each magnitude at least 1 / 601 from every other one. At most 600. */
export function scattered(shape: number[], seed = 1): core.Tensor {
  const size = shape.reduce((product, dim) => product * dim, 1)
  const place = (i: number) => ((i + 1) * (100 + 37 * seed)) % 601
  return tf.tensor(
    Array.from({ length: size }, (_, i) => (2 * (place(i) + 0.25)) / 601 - 1),
    shape,
  )
}

export function values(x: core.Tensor): number[] {
  return Array.from(x.dataSync())
}
