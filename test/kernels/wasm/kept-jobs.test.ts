/**
 * @file Jobs that come again run with the tables of the first ones: on other arrays, in other places, between other jobs, and where
 * scratch is short.
 */
import { describe, expect, test } from 'vitest'
import { withBackend } from '../../../src/kernels/backend.ts'
import { WasmMemory } from '../../../src/kernels/memory/wasm-memory.ts'
import { withTuning } from '../../../src/kernels/tuning.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { lpPool2d } from '../../../src/ops/functions/lp.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { rand, zeros } from '../../../src/tensor/create.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'

type Pool = (x: Tensor) => Tensor

const shape = [3, 2, 70, 90]
const pools: Record<string, Pool> = {
  'max 3x3': (x) => maxPool2d(x, { kernelSize: 3, stride: 2, padding: 1 }),
  'average 2x2': (x) => avgPool2d(x, { kernelSize: 2 }),
  'average 3x3': (x) => avgPool2d(x, { kernelSize: 3, padding: 1 }),
  'Lp 2': (x) => lpPool2d(x, { kernelSize: 3, normType: 2 }),
}
for (let size = 1; size <= 20; size++) pools[`max 1x${size}`] = (x) => maxPool2d(x, { kernelSize: [1, size] })

/** The bits of the kernels without kept jobs. */
function alone(pool: Pool, x: Tensor): unknown {
  return withTuning({}, () => pool(x)).data
}

describe('jobs that come again', () => {
  test.each(Object.entries(pools).slice(0, 4))('have their own operands: %s', (_, pool) => {
    for (let seed = 1; seed <= 4; seed++) {
      const x = rand(shape, { seed })
      expect(pool(x).data).toEqual(alone(pool, x))
    }
  })

  test('have the values of the reference', () => {
    const pool = pools['max 3x3']!
    for (let seed = 1; seed <= 3; seed++) {
      const x = rand(shape, { seed })
      expect(pool(x).data).toEqual(withBackend('reference', () => pool(x)).data)
    }
  })

  test('find a NaN that others did not have', () => {
    const pool = pools['max 3x3']!
    for (const value of [0, Number.NaN, 0]) {
      const x = rand(shape, { seed: 7 })
      x.data[5000] = value
      expect(pool(x).data).toEqual(alone(pool, x))
    }
  })

  test.each([
    ['maxima', (x: Tensor) => maxPool2d(x, { kernelSize: 2 })],
    ['maxima with indices', (x: Tensor) => maxPool2d(x, { kernelSize: 2, returnIndices: true }).output],
  ])('keep what a NaN made them prepare, while others use the scratch: %s', (_, pool) => {
    for (let seed = 1; seed <= 5; seed++) {
      const x = rand(shape, { seed })
      x.data[50 * seed] = Number.NaN
      expect(pool(x).data).toEqual(alone(pool, x))
      avgPool2d(rand([2, 3, 90, 80 + seed], { seed }), { kernelSize: 5, stride: 2 })
    }
  })

  test('come between others, more than are known', () => {
    for (let turn = 0; turn < 3; turn++) {
      for (const [name, pool] of Object.entries(pools)) {
        const x = rand(shape, { seed: 10 * turn + name.length })
        expect(pool(x).data, name).toEqual(alone(pool, x))
        expect(pool(x).data, name).toEqual(alone(pool, x))
      }
    }
  })

  test('lie inside and outside a WasmMemory in turn', () => {
    const memory = new WasmMemory({ bytes: 2 ** 20 })
    const inside = zeros(shape, { memory })
    for (let seed = 1; seed <= 6; seed++) {
      const plain = rand(shape, { seed })
      inside.data.set(plain.data as never)
      for (const pool of Object.values(pools).slice(0, 4)) {
        const want = alone(pool, plain)
        expect(pool(inside).data).toEqual(want)
        expect(pool(plain).data).toEqual(want)
      }
    }
  })

  test.each([0, 2 ** 16, 2 ** 19])('need no more than %s bytes', (keptBytes) => {
    const x = rand(shape, { seed: 3 })
    const want = Object.values(pools).map((pool) => alone(pool, x))
    withTuning({ keptBytes }, () => {
      for (let turn = 0; turn < 4; turn++)
        expect(Object.values(pools).map((pool) => pool(x).data)).toEqual(want)
    })
  })

  test('leave no array behind', () => {
    const memory = new WasmMemory({ bytes: 2 ** 20 })
    const x = zeros(shape, { memory })
    const pool = pools['average 2x2']!
    for (let turn = 0; turn < 3; turn++) pool(x)
    memory.free(x.data as Float32Array)
    const next = zeros(shape, { memory })
    next.data.set(rand(shape, { seed: 9 }).data as never)
    expect(pool(next).data).toEqual(alone(pool, next))
  })
})
