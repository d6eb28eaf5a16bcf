/**
 * @file Gradients of every function: against finite differences, and those of second order.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { isCurved, type Options } from '../../support/gradient-cases.ts'
import { calls, poolOf, pools, titleOf } from './calls.ts'
import { backends, scattered, tf, useBackend, values } from './tf.ts'

type Map = (x: Tensor) => Tensor

/** (f(x + h v) - f(x - h v)) / 2 h */
function slope(f: Map, x: Tensor, v: Tensor, step: number): Tensor {
  const moved = (by: number) => f(tf.add(x, tf.mul(v, by)))
  return tf.div(tf.sub(moved(step), moved(-step)), 2 * step)
}

function dot(a: Tensor, b: Tensor): Scalar {
  return tf.sum(tf.mul(a, b))
}

function expectSame(got: Tensor, want: Tensor, tolerance: number): void {
  expect(got.shape).toEqual(want.shape)
  const largest = Math.max(1, ...values(tf.abs(want)))
  const distance = values(tf.max(tf.abs(tf.sub(got, want))))[0]!
  expect(distance / largest).toBeLessThan(tolerance)
}

/** Steps that no other element of a window overtakes. */
const step = 2 ** -11
const tolerance = 4e-3

describe.each(backends)('gradients on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  describe.each(calls.map((call) => [titleOf(call), call] as const))('%s', (_, call) => {
    const f = (x: Tensor) => poolOf(call)(x)
    const x = () => scattered(call.shape)
    const v = () => scattered(call.shape, 3)

    test('is the transpose of the derivative', () => {
      tf.tidy(() => {
        const dy = scattered(f(x()).shape, 2)
        const dx = tf.grad(f)(x(), dy)
        const along = values(dot(dy, slope(f, x(), v(), step)))[0]!
        expect(Math.abs(values(dot(dx, v()))[0]! - along)).toBeLessThan(
          tolerance * Math.max(1, Math.abs(along)),
        )
      })
    })

    test('is itself differentiable with respect to dy', () => {
      tf.tidy(() => {
        const dy = scattered(f(x()).shape, 2)
        const derivative = tf.grad((at) => dot(tf.grad(f)(x(), at), v()))(dy)
        expectSame(derivative, slope(f, x(), v(), step), tolerance)
      })
    })

    test('has the second derivative of finite differences', () => {
      tf.tidy(() => {
        const gradient = tf.grad((at: Tensor) => tf.sum(tf.pow(f(at), 3)))
        const second = tf.grad((at: Tensor) => dot(gradient(at), v()))(x())
        expectSame(second, slope(gradient, x(), v(), step), 2 * tolerance)
      })
    })

    test('of a gradient that does not depend on x is 0, unless the pooling is curved', () => {
      tf.tidy(() => {
        const gradient = tf.grad((at: Tensor) => tf.sum(f(at)))
        const second = tf.grad((at: Tensor) => dot(gradient(at), v()))(x())
        expect(second.shape).toEqual(call.shape)
        const largest = Math.max(...values(tf.abs(second)))
        if (isCurved(call.name, call.options as Options)) expect(largest).toBeGreaterThan(0)
        else expect(largest).toBe(0)
      })
    })
  })

  test('a window of zeros has gradients of 0 in a norm', () => {
    for (const normType of [1, 1.5, 2, 3]) {
      const f = (x: Tensor) => pools.lpPool2d(x, { kernelSize: 2, normType })
      const zeros = tf.zeros([1, 4, 4, 1])
      const gradient = tf.grad((at: Tensor) => tf.sum(f(at)))
      expect(values(gradient(zeros))).toEqual(new Array(16).fill(0))
      expect(values(tf.grad((at) => tf.sum(gradient(at)))(zeros))).toEqual(new Array(16).fill(0))
    }
  })

  test('large powers of large values keep their second derivative', () => {
    const f = (x: Tensor) => pools.lpPool2d(x, { kernelSize: 2, normType: 12 })
    const gradient = tf.grad((at: Tensor) => tf.sum(f(at)))
    const second = (x: Tensor) =>
      values(tf.grad((at: Tensor) => dot(gradient(at), scattered([1, 2, 2, 1], 3)))(x))
    const small = second(tf.tensor([1, -0.9, 0.8, 0.95], [1, 2, 2, 1]))
    const large = second(tf.tensor([1e4, -0.9e4, 0.8e4, 0.95e4], [1, 2, 2, 1]))
    expect(Math.max(...small.map(Math.abs))).toBeGreaterThan(0.1)
    for (const [i, value] of large.entries()) expect(value * 1e4).toBeCloseTo(small[i]!, 3)
  })

  test('a third derivative of a maximum and a norm', () => {
    const cube = (x: Tensor) => tf.pow(pools.maxPool2d(x, { kernelSize: 2 }), 3)
    const third = tf.grad(tf.grad(tf.grad((x: Tensor) => tf.sum(cube(x)))))(
      tf.tensor([1, 2, 3, 4], [1, 2, 2, 1]),
    )
    expect(values(third)).toEqual([0, 0, 0, 6])
    const norm = (x: Tensor) => tf.sum(tf.pow(pools.lpPool2d(x, { kernelSize: 1, normType: 2 }), 3))
    const ofNorm = tf.grad(tf.grad(tf.grad(norm)))(tf.tensor([1, 2, 3, 4], [1, 2, 2, 1]))
    for (const value of values(ofNorm)) expect(value).toBeCloseTo(6, 3)
  })

  test('overlapping windows of an unpooling: gradients are gathered, and their gradients scattered', () => {
    const indices = tf.tensor([0, 0], [1, 1, 2, 1], 'int32')
    const f = (x: Tensor) => pools.maxUnpool2d(x, indices, { kernelSize: [1, 2] })
    const x = tf.tensor([3, 4], [1, 1, 2, 1])
    expect(values(f(x))).toEqual([4, 0, 0, 0])
    const dy = tf.tensor([7, 1, 1, 1], [1, 1, 4, 1])
    expect(values(tf.grad(f)(x, dy))).toEqual([7, 7])
    const v = tf.tensor([1, 2], [1, 1, 2, 1])
    expect(values(tf.grad((at: Tensor) => dot(tf.grad(f)(x, at), v))(dy))).toEqual([3, 0, 0, 0])
  })
})
