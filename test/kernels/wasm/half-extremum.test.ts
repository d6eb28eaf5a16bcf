/**
 * @file Max and min of half precision by their 16-bit keys, beside those of float32, which the contract tries: tiles of numbers, and tiles
 * with NaN or -0, which have no place in the order.
 */
import { describe, expect, test } from 'vitest'
import type { ExtremumForward } from '../../../src/kernels/job.ts'
import { extremum } from '../../../src/kernels/wasm/extrema/extremum.ts'
import { halfExtremum } from '../../../src/kernels/wasm/extrema/half-extremum.ts'
import { type Row, rows } from '../../../src/kernels/wasm/rows.ts'
import { type WasmInstance, wasmInstanceOf } from '../../../src/kernels/wasm/wasm-instance.ts'
import { hasEmptyWindow, inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { type HalfType, narrow, widen } from '../../../src/tensor/half.ts'
import { adaptive, firstDifference, planOf, randomOf, sliding } from '../jobs.ts'
import { cut, layouts, shapes } from '../plans.ts'

const instance = wasmInstanceOf('simd') as WasmInstance
const plans: readonly (readonly [string, PoolPlan])[] = [
  ...layouts,
  ...cut,
  ...Object.entries(shapes).map(([name, shape]) => [name, planOf(5, [shape(21), shape(37)])] as const),
  ['long rows', planOf(20, [sliding(90, 33, { stride: 1 })])],
  ['whole planes', planOf(3, [adaptive(30, 1), adaptive(47, 1)], 2)],
]

/** Finite numbers of both signs but -0, with infinities. */
function numbers(n: number, half: HalfType, random: () => number): Uint16Array {
  const infinity = half === 'float16' ? 0x7c00 : 0x7f80
  return Uint16Array.from({ length: n }, () => {
    const magnitude = random() < 0.05 ? infinity : Math.floor(random() * infinity)
    return magnitude > 0 && random() < 0.5 ? magnitude | 0x8000 : magnitude
  })
}

function jobOf(
  reducer: 'max' | 'min',
  plan: PoolPlan,
  x: ExtremumForward['x'],
  y: ExtremumForward['y'],
): ExtremumForward {
  return { reducer, pass: 'forward', dtype: 'float32', plan, x, y, indices: null }
}

function rowOf(reducer: 'max' | 'min'): Row {
  return rows.find((row) => row.reducer === reducer && row.pass === 'forward')!
}

function pooled(half: HalfType, reducer: 'max' | 'min', plan: PoolPlan, bits: Uint16Array): Uint16Array {
  const out = new Uint16Array(plan.outer * outPlane(plan) * plan.inner)
  rowOf(reducer).run(instance, { ...jobOf(reducer, plan, bits, out), half })
  return out
}

function expected(half: HalfType, reducer: 'max' | 'min', plan: PoolPlan, bits: Uint16Array): Uint16Array {
  const y = new Float32Array(plan.outer * outPlane(plan) * plan.inner)
  rowOf(reducer).run(instance, jobOf(reducer, plan, widen(bits, half), y))
  const out = new Uint16Array(y.length)
  narrow(y, half, out)
  return out
}

describe.each(['float16', 'bfloat16'] as const)('%s', (half) => {
  describe.each(['max', 'min'] as const)('%s', (reducer) => {
    const [nan, negativeNaN] = half === 'float16' ? [0x7e00, 0xfe01] : [0x7fc0, 0xffc1]
    test.each(plans)('%s', (name, plan) => {
      const random = randomOf(name.length + plan.inner)
      const bits = numbers(plan.outer * inPlane(plan) * plan.inner, half, random)
      const job = { ...jobOf(reducer, plan, bits, bits), half }
      expect(rowOf(reducer).methodOf(job)).toBe(hasEmptyWindow(plan) ? extremum : halfExtremum)
      const at = Math.floor(random() * bits.length)
      const zeros = bits.map(() => (random() < 0.5 ? 0 : 0x8000))
      for (const pattern of [bits[at]!, 0x8000, nan!, negativeNaN!]) {
        const odd = pattern === 0x8000 ? zeros : bits
        odd[at] = pattern
        const want = expected(half, reducer, plan, odd)
        expect(firstDifference(pooled(half, reducer, plan, odd), want), pattern.toString(16)).toBe(-1)
      }
    })
  })
})
