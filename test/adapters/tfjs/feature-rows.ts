/**
 * @file The rows of FEATURES.md about TensorFlow.js, from what the functions and layers do.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { poolLayers } from '../../../src/adapters/tfjs/index.ts'
import { isPoolError } from '../../../src/index.ts'
import { calls, labelCalls, type PoolCall, poolOf, pools } from './calls.ts'
import { scattered, tf, useBackend } from './tf.ts'

export const featureHead = ['function', 'layer', 'pooled axes', 'float32', 'int32', 'order of gradients']

export async function featureRows(): Promise<string[][]> {
  await useBackend('cpu')
  const layers = Object.keys(poolLayers(tf))
  const all = [...calls, ...labelCalls]
  const families = [...new Set(all.map(({ name }) => familyOf(name)))]
  return families.map((family) => {
    const own = all.filter(({ name }) => familyOf(name) === family)
    const layer = layers.find((name) => name.toLowerCase() === own[0]!.name.toLowerCase())!
    const ranks = Object.keys(pools)
      .filter((name) => familyOf(name) === family)
      .map((name) => (/\d/.test(name) ? `${name.match(/\d/)![0]}-D` : 'any'))
    const types = (['float32', 'int32'] as const).map((dtype) =>
      own.every((call) => runs(call, dtype)) ? '→' : '·',
    )
    return [`\`${family}\``, `\`${familyOf(layer)}\``, ranks.join(', '), ...types, ordersOf(own)]
  })
}

function familyOf(name: string): string {
  return name.replace(/\dd$/, 'Nd')
}

function runs(call: PoolCall, dtype: 'float32' | 'int32'): boolean {
  const x = tf.cast(tf.mul(scattered(call.shape), 100), dtype)
  try {
    return poolOf(call)(x).dtype === dtype
  } catch (error) {
    if (isPoolError(error, 'BAD_DTYPE')) return false
    throw error
  }
}

/** Gradients are asked for up to the third; what has that has all. */
function ordersOf(own: readonly PoolCall[]): string {
  if (own.some((call) => labelCalls.includes(call))) return '·'
  for (const call of own) {
    const f = (x: Tensor) => tf.sum(tf.pow(poolOf(call)(x), 4))
    tf.dispose(tf.grad(tf.grad(tf.grad(f)))(scattered(call.shape)))
  }
  return 'every'
}
