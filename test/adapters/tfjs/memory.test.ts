/**
 * @file No call leaves a tensor behind but its result: not a forward, not a gradient of any order, not a refusal.
 */
import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { calls, type PoolCall, poolOf, pools, titleOf } from './calls.ts'
import { backends, scattered, tf, useBackend } from './tf.ts'

/** How many more tensors and buffers there are after `run` than before, once its results are disposed. */
function leakOf(run: () => Tensor | Tensor[]): { tensors: number; buffers: number } {
  const before = tf.memory()
  tf.dispose(run())
  const after = tf.memory()
  return {
    tensors: after.numTensors - before.numTensors,
    buffers: after.numDataBuffers - before.numDataBuffers,
  }
}

const none = { tensors: 0, buffers: 0 }

describe.each(backends)('memory on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  describe.each(calls.map((call) => [titleOf(call), call] as const))('%s', (_, call: PoolCall) => {
    const f = (x: Tensor) => tf.sum(tf.square(poolOf(call)(x)))
    const prepared = () => {
      const x = scattered(call.shape)
      tf.dispose(tf.tidy(() => poolOf(call)(x)))
      return x
    }

    test('is only the result', () => {
      const x = prepared()
      const pool = poolOf(call)
      expect(leakOf(() => pool(x))).toEqual(none)
      const pooled = tf.memory().numTensors
      const y = pool(x)
      expect(tf.memory().numTensors - pooled).toBe(1)
      y.dispose()
    })

    test('of gradients is only their results', () => {
      const x = prepared()
      const before = tf.memory().numTensors
      tf.tidy(() => {
        tf.grad(f)(x)
        tf.grad((at) => tf.sum(tf.grad(f)(at)))(x)
      })
      expect(tf.memory().numTensors - before).toBe(0)
    })
  })

  test('of two outputs is those two', () => {
    const x = scattered([1, 4, 4, 1])
    const before = tf.memory().numTensors
    const result = pools.maxPool2d(x, { kernelSize: 2, returnIndices: true })
    expect(tf.memory().numTensors - before).toBe(2)
    result.output.dispose()
    result.indices.dispose()
    expect(tf.memory().numTensors - before).toBe(0)
  })

  test('of nested arrays and of refusals is nothing', () => {
    expect(leakOf(() => pools.maxPool2d([[[[1], [2]]]], { kernelSize: 1 }))).toEqual(none)
    const x = scattered([1, 4, 4, 1])
    const refused = () => {
      expect(() => pools.maxPool2d(x, { kernelSize: 9 })).toThrow(/maxPool2d/)
      expect(() => pools.lpPool2d(x, { kernelSize: 2, normType: 0 })).toThrow(/normType/)
      expect(() => tf.grad((at: Tensor) => pools.avgPool2d(at, { kernelSize: 0 }))(x)).toThrow(/kernelSize/)
      return []
    }
    expect(leakOf(refused)).toEqual(none)
    expect(leakOf(() => tf.grad((at: Tensor) => pools.avgPool2d(at, { kernelSize: 2 }))(x))).toEqual(none)
  })

  test('an input may be disposed before its gradient is asked for', () => {
    const gradient = tf.tidy(() =>
      tf.grad((x: Tensor) => {
        const inner = tf.mul(x, 2)
        const y = pools.maxPool2d(inner, { kernelSize: 2 })
        inner.dispose()
        return y
      })(scattered([1, 4, 4, 1])),
    )
    expect(Math.max(...gradient.dataSync())).toBe(2)
    gradient.dispose()
  })
})
