/**
 * @file Norms of half precision and their gradients, which are summed in float32, beside their definition in float64: numbers of every
 * magnitude, zeros, infinities and NaN. Tiles do not count.
 */
import { describe, expect, test } from 'vitest'
import type { Job, LpBackward, LpForward } from '../../../src/kernels/job.ts'
import { withTuning } from '../../../src/kernels/tuning.ts'
import { rows } from '../../../src/kernels/wasm/rows.ts'
import { type WasmInstance, wasmInstanceOf } from '../../../src/kernels/wasm/wasm-instance.ts'
import { inPlane, outPlane, type PoolPlan } from '../../../src/plan/pool-plan.ts'
import { largestWindow } from '../../../src/plan/tables.ts'
import { type HalfType, narrow, widen } from '../../../src/tensor/half.ts'
import { type Expected, expectedOf } from '../expected.ts'
import { firstDifference, planOf, randomOf, sliding } from '../jobs.ts'
import { layouts, shapes } from '../plans.ts'

const instance = wasmInstanceOf('simd') as WasmInstance
const plans: readonly (readonly [string, PoolPlan])[] = [
  ...layouts.filter(([, { axes, inner }]) => axes.length <= 3 && (inner === 1 || inner === 5)),
  ...Object.entries(shapes).map(([name, shape]) => [name, planOf(2, [shape(5), shape(19)])] as const),
  ...[1, 2, 3, 18].map(
    (inner) =>
      [
        `31 by 31, inner ${inner}`,
        planOf(2, [sliding(37, 31, { stride: 1 }), sliding(70, 31, { stride: 1, padding: 9 })], inner),
      ] as const,
  ),
  [
    '3 by 3 by 3',
    planOf(2, [
      sliding(7, 3, { stride: 1, padding: 1 }),
      sliding(8, 3, { stride: 2, padding: 1 }),
      sliding(21, 3, { stride: 1 }),
    ]),
  ],
  ['7 by 7', planOf(2, [sliding(13, 7, { stride: 1 }), sliding(29, 7, { stride: 1, padding: 3 })], 3)],
]
const norms = [
  { p: 1, fullWindow: null },
  { p: 2, fullWindow: 12 },
  { p: 3, fullWindow: 1 },
  { p: 3, fullWindow: null },
]
/** Two for each plan, with powers that differ. */
const normsOfTurn = (turn: number) => norms.filter((_, i) => i % 2 === turn % 2)
/** Half of the last bit, relative, and the least number apart from 0. */
const precision = {
  float16: { ulp: 2 ** -11, least: 2 ** -24, most: 65504 },
  bfloat16: { ulp: 2 ** -8, least: 2 ** -133, most: 3.3895313892515355e38 },
}

function run(job: Job): void {
  rows.find(({ reducer, pass }) => reducer === job.reducer && pass === job.pass)!.run(instance, job)
}

/** Numbers of all exponents if they are `wide`, else around 1; one in eight is 0, infinite or NaN if they are `special`. */
function numbers(
  half: HalfType,
  values: 'plain' | 'wide' | 'special',
  size: number,
  seed: number,
): Uint16Array {
  const random = randomOf(seed)
  const floats = Float32Array.from({ length: size }, () => {
    const draw = random()
    if (draw < 0.06) return 0
    if (values === 'special' && draw < 0.125)
      return [Number.NaN, Infinity, -Infinity][Math.floor(random() * 3)]!
    const exponents = half === 'float16' ? 30 : 240
    return (random() - 0.5) * 2 ** (values === 'wide' ? (random() - 0.5) * exponents : 2)
  })
  const bits = new Uint16Array(size)
  narrow(floats, half, bits)
  return bits
}

/** The first result further from the definition than rounding and `sums` units of float32, relative to its weight, allow; -1 if there is none. */
function firstError(half: HalfType, bits: Uint16Array, { written, weights }: Expected, sums: number): number {
  const { ulp, least, most } = precision[half]
  return widen(bits, half).findIndex((value, i) => {
    const exact = written[i] as number
    if (Number.isNaN(exact)) return !Number.isNaN(value)
    const error = ulp * Math.abs(exact) + sums * 2 ** -24 * weights![i]! + least / 2
    if (!Number.isFinite(value)) return Math.sign(value) * exact + error < most
    return !(Math.abs(value - exact) <= error)
  })
}

const inTiny = <T>(run: () => T): T =>
  withTuning({ tileBytes: 64, stagedTileBytes: 64, minBandHalos: 1 }, run)

describe.each(['float16', 'bfloat16'] as const)('%s', (half) => {
  describe.each(['plain', 'wide', 'special'] as const)('%s numbers', (values) => {
    test.each(plans.map(([name, plan], i) => [name, plan, i] as const))('%s', (name, plan, turn) => {
      const { outer, inner } = plan
      const [inSize, outSize] = [outer * inPlane(plan) * inner, outer * outPlane(plan) * inner]
      const x = numbers(half, values, inSize, name.length)
      const dy = numbers(half, values, outSize, name.length + 1)
      const [wideX, wideDy] = [x, dy].map((bits) => Float64Array.from(widen(bits, half))) as [
        Float64Array,
        Float64Array,
      ]
      for (const norm of normsOfTurn(turn)) {
        const task = { reducer: 'lp', plan, norm } as const
        const forward = { ...task, pass: 'forward', dtype: 'float32', half, x } as const
        const y = new Uint16Array(outSize)
        run({ ...forward, y })
        const exact: LpForward = {
          ...task,
          pass: 'forward',
          dtype: 'float64',
          x: wideX,
          y: new Float64Array(outSize),
        }
        // The weights are the norms times the elements of a window.
        expect(firstError(half, y, expectedOf(exact), 1), JSON.stringify(norm)).toBe(-1)
        inTiny(() => {
          const cutY = new Uint16Array(outSize)
          run({ ...forward, y: cutY })
          expect(firstDifference(widen(cutY, half), widen(y, half))).toBe(-1)
        })
        for (const given of [y, null]) {
          const backward = { ...task, pass: 'backward', dtype: 'float32', half, x, y: given, dy } as const
          const dx = new Uint16Array(inSize)
          run({ ...backward, dx })
          const exactGradient: LpBackward = {
            ...task,
            pass: 'backward',
            dtype: 'float64',
            x: wideX,
            y: given && Float64Array.from(widen(given, half)),
            dy: wideDy,
            dx: new Float64Array(inSize),
          }
          // A share and a slope round up to eight times; a norm that is found again, once for each element of its window.
          const roundings = 8 + (given === null ? largestWindow(plan) : 0)
          const error = firstError(half, dx, expectedOf(exactGradient), roundings)
          expect(error, `${JSON.stringify(norm)}, ${given ? 'given' : 'found again'}`).toBe(-1)
          inTiny(() => {
            const cutDx = new Uint16Array(inSize)
            run({ ...backward, dx: cutDx })
            expect(firstDifference(widen(cutDx, half), widen(dx, half))).toBe(-1)
          })
        }
      }
    })
  })
})
