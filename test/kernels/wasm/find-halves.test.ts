/**
 * @file Gradients of max and min of half precision whose elements are found again, beside those of float32, which the contract tries:
 * numbers with many ties, zeros of both signs, and NaN.
 */
import { describe, expect, test } from 'vitest'
import type { ExtremumAgain } from '../../../src/kernels/job.ts'
import { loadModules, type Modules } from '../../../src/kernels/wasm/load.ts'
import { rows } from '../../../src/kernels/wasm/rows.ts'
import { WasmInstance, wasmInstanceOf } from '../../../src/kernels/wasm/wasm-instance.ts'
import { inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { type HalfType, narrow, widen } from '../../../src/tensor/half.ts'
import { firstDifference, planOf, randomOf, sliding } from '../jobs.ts'
import { cut, layouts, shapes } from '../plans.ts'

const instance = wasmInstanceOf('simd') as WasmInstance
const plans: readonly (readonly [string, PoolPlan])[] = [
  ...layouts,
  ...cut,
  ...Object.entries(shapes).map(([name, shape]) => [name, planOf(5, [shape(21), shape(37)])] as const),
  ['many planes', planOf(70, [sliding(40, 3, { stride: 1 }), sliding(41, 5, { stride: 1 })])],
  ['the most positions', planOf(1, [sliding(256, 3, { stride: 1 }), sliding(256, 3, { stride: 1 })])],
  ['more positions', planOf(1, [sliding(257, 3, { stride: 1 }), sliding(256, 3, { stride: 1 })])],
  ['bands of channels', planOf(1, [sliding(90, 3, { stride: 1 }), sliding(64, 7, { stride: 1 })], 48)],
]

function run(job: Omit<ExtremumAgain, 'pass' | 'dtype' | 'indices'>, within = instance): void {
  const { reducer } = job
  const row = rows.find((other) => other.reducer === reducer && other.pass === 'backward')!
  row.run(within, { ...job, pass: 'backward', dtype: 'float32', indices: null } as ExtremumAgain)
}

function expected(
  half: HalfType,
  job: Pick<ExtremumAgain, 'reducer' | 'plan'>,
  x: Uint16Array,
  dy: Uint16Array,
): Uint16Array {
  const dx = new Float32Array(x.length)
  run({ ...job, x: widen(x, half), dy: widen(dy, half), dx })
  const bits = new Uint16Array(dx.length)
  narrow(dx, half, bits)
  return bits
}

describe.each(['float16', 'bfloat16'] as const)('%s', (half) => {
  const one = half === 'float16' ? 0x3c00 : 0x3f80
  const nan = half === 'float16' ? 0xfe01 : 0xffc1
  const randomBits = (n: number, random: () => number, levels: number) =>
    Uint16Array.from({ length: n }, () => {
      const level = Math.floor(random() * levels)
      return (level === 0 ? 0 : one + level) | (random() < 0.5 ? 0x8000 : 0)
    })
  test.each(plans)('%s', (name, plan) => {
    const { outer, inner } = plan
    const random = randomOf(name.length + inner)
    const x = randomBits(outer * inPlane(plan) * inner, random, 40)
    const dy = randomBits(outer * outPlane(plan) * inner, random, 400)
    for (const withNaN of [false, true]) {
      if (withNaN) for (const bits of [x, dy]) bits[Math.floor(random() * bits.length)] = nan
      for (const reducer of ['max', 'min'] as const) {
        const dx = new Uint16Array(x.length)
        run({ reducer, plan, half, x, dy, dx })
        expect(firstDifference(dx, expected(half, { reducer, plan }, x, dy)), reducer).toBe(-1)
      }
    }
  })

  test('a NaN in bands, in a memory that grows for it', () => {
    const plan = planOf(1, [sliding(300, 3, { stride: 1 }), sliding(300, 3, { stride: 1 })], 3)
    const random = randomOf(1)
    const x = randomBits(inPlane(plan) * plan.inner, random, 40)
    const dy = randomBits(outPlane(plan) * plan.inner, random, 400)
    x[x.length >> 1] = nan
    const dx = new Uint16Array(x.length)
    run({ reducer: 'max', plan, half, x, dy, dx }, new WasmInstance(loadModules('simd') as Modules, null))
    expect(firstDifference(dx, expected(half, { reducer: 'max', plan }, x, dy))).toBe(-1)
  })
})
