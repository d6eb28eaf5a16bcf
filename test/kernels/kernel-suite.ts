/**
 * @file The contract of a kernel, as one suite for all of them: the defined answer, bit for bit or within the stated bound.
 */
import { describe, expect, test } from 'vitest'
import type { Job, Kernel, SelectForward } from '../../src/kernels/kernel.ts'
import { outPlane, type PoolPlan } from '../../src/plan/pool-plan.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { type Expected, expectedOf } from './expected.ts'
import { firstDifference, jobOf, planOf, type Values, type Wanted, writtenBy } from './jobs.ts'
import { large, layouts, randomPlan, shapes, widths } from './plans.ts'

type Case = Omit<Wanted, 'reducer' | 'pass' | 'dtype'>
type Named = readonly [name: string, plan: PoolPlan]

/** How many random plans each kernel is tried on; `npm run test:deep` asks for more. */
const randomPlans = Number(process.env.POOL2D_RANDOM_PLANS ?? 10)

const firstSeed = Number(process.env.POOL2D_SEED ?? 0)

const randoms = Array.from({ length: randomPlans }, (_, i): Named => {
  const seed = firstSeed + i
  return [`seed ${seed}`, randomPlan(seed)]
})

export function kernelSuite(kernel: Kernel): void {
  const { dtype, reducer, pass } = kernel
  const { float, storage } = dtypes[dtype]
  const lanes = 16 / storage.prototype.BYTES_PER_ELEMENT
  // One dtype of each way of computing sees every plan; the others, which share the code, a third.
  const isSample = dtype === 'float32' || dtype === 'float64' || dtype === 'uint8'
  const selects = reducer === 'max' || reducer === 'min'

  describe(kernel.id, () => {
    test('every width up to two vectors and one element', () => {
      expectRight(kernel, widths(lanes), variants(kernel, ['ties']))
    })

    test('channels, ranks, irregular and empty windows', () => {
      expectRight(
        kernel,
        isSample ? layouts : everyThird(layouts),
        variants(kernel, float ? ['special'] : ['ties']),
      )
    })

    test('plans larger than a tile', () => {
      expectRight(kernel, isSample ? large : everyThird(large), [{ values: 'plain' }])
    })

    test(`${randomPlans} random plans`, () => {
      expectRight(kernel, randoms, variants(kernel, ['ties', float ? 'special' : 'plain']))
    })

    if (selects && float && pass === 'forward')
      test('NaN at every tap and lane', () => {
        for (const shape of ['2 s2', '3 s1 p1', '3 s2 p1', '4 s3 p2', '9 s1 p4', 'whole']) {
          const planes = shape === 'whole' ? 8 : 2
          expectNaNFound(kernel, planOf(planes, [shapes[shape]!(9), shapes[shape]!(2 * lanes + 2)]))
        }
      })

    test('a refused job leaves its outputs alone', () => {
      const plan = planOf(1, [shapes['2 s2']!(4), shapes['2 s2']!(4)])
      const { job } = jobOf({ ...kernel, plan })
      const tooMany = { ...job, plan: { ...plan, axes: [...plan.axes, ...plan.axes] } } as Job
      const before = Array.from(writtenBy(job), String)
      kernel.supports(tooMany)
      expect(Array.from(writtenBy(job), String)).toEqual(before)
    })
  })
}

function everyThird(plans: readonly Named[]): readonly Named[] {
  return plans.filter((_, i) => i % 3 === 0)
}

/** The ways a kernel may be asked to run: with positions, exactly, by another divisor. */
function variants({ reducer, pass }: Kernel, values: readonly Values[]): Case[] {
  const ways: Partial<Case>[] =
    reducer === 'average'
      ? [
          { division: 'product', exact: true },
          { division: 'each', exact: true },
          { division: -3, exact: true },
          {},
        ]
      : reducer === 'lp'
        ? [
            { norm: { p: 1, fullWindow: null } },
            { norm: { p: 2, fullWindow: 12 } },
            { norm: { p: 3, fullWindow: null } },
          ]
        : pass === 'forward'
          ? [{ withIndices: false }, { withIndices: true }]
          : [{}]
  return values.flatMap((value) =>
    ways.map((way) => ({ ...way, values: finiteWhereBounded(way, reducer, value) }) as Case),
  )
}

/** Answers that are only near the reference are compared on numbers that are near each other. */
function finiteWhereBounded(way: Partial<Case>, reducer: string, values: Values): Values {
  return reducer === 'lp' || (reducer === 'average' && way.exact !== true) ? 'finite' : values
}

function expectRight(kernel: Kernel, plans: readonly Named[], cases: readonly Partial<Case>[]): void {
  const wrong: string[] = []
  const skipped = new Map<string, number>()
  let ran = 0
  for (const [name, plan] of plans) {
    if (outPlane(plan) === 0) continue
    for (const [i, way] of cases.entries()) {
      const wanted: Wanted = {
        ...way,
        plan,
        reducer: kernel.reducer,
        pass: kernel.pass,
        dtype: kernel.dtype,
        seed: i + 1,
      }
      const { job, outputs } = jobOf(wanted)
      const fits = kernel.supports(job)
      if (fits !== true) {
        skipped.set(fits, (skipped.get(fits) ?? 0) + 1)
        continue
      }
      kernel.run(job)
      ran++
      const fault = faultOf(job, wanted)
      if (fault !== null) wrong.push(`${name}, ${JSON.stringify(way)}: ${fault}`)
      if (!outputs.y.intact || outputs.indices?.intact === false)
        wrong.push(`${name}: wrote outside its outputs`)
    }
  }
  for (const [reason, count] of skipped)
    process.stdout.write(`skipped: ${kernel.id}, ${count} jobs: ${reason}\n`)
  expect(wrong.slice(0, 8).join('\n')).toBe('')
  expect(ran).toBeGreaterThan(0)
}

/** Answers that several kernels are compared with. */
const answers = new WeakMap<PoolPlan, Map<string, Expected>>()

function answerTo(job: Job, wanted: Wanted): Expected {
  const { plan, ...rest } = wanted
  const ofPlan = answers.get(plan) ?? new Map<string, Expected>()
  answers.set(plan, ofPlan)
  const key = JSON.stringify(rest)
  const answer = ofPlan.get(key) ?? expectedOf(job)
  ofPlan.set(key, answer)
  return answer
}

/** What is wrong with a job's outputs, or null. */
function faultOf(job: Job, wanted: Wanted): string | null {
  const { written: want, indices, weights } = answerTo(job, wanted)
  const got = writtenBy(job)
  const bounds = boundsOf(job, want, weights)
  const at = bounds === null ? firstDifference(got, want) : firstOutside(got, want, bounds)
  if (at >= 0) return `output[${at}] is ${got[at]}, expected ${want[at]}`
  if (indices === null) return null
  const positions = (job as SelectForward).indices!
  const place = firstDifference(positions, indices)
  return place < 0 ? null : `indices[${place}] is ${positions[place]}, expected ${indices[place]}`
}

/** How far each output may be off: `n * 2^-24 * sum |x|` where the order of a sum is free; null for not at all. */
function boundsOf(job: Job, want: TypedArray, weights: Float64Array | null): ArrayLike<number> | null {
  const unit = job.dtype === 'float32' ? 2 ** -24 : 2 ** -53
  if (job.reducer === 'lp') return Array.from(want as Float32Array, (y) => Math.abs(y) * 16 * unit)
  if (job.reducer !== 'average' || job.pass === 'backward' || job.exact || weights === null) return null
  return dtypes[job.dtype].float ? weights.map((weight) => weight * unit) : null
}

function firstOutside(got: TypedArray, want: TypedArray, bounds: ArrayLike<number>): number {
  for (let i = 0; i < want.length; i++)
    if (!(Math.abs(Number(got[i]) - Number(want[i])) <= bounds[i]!)) return i
  return -1
}

/** One NaN, everywhere in turn, among numbers that all lose to it. */
function expectNaNFound(kernel: Kernel, plan: PoolPlan): void {
  for (const withIndices of [false, true]) {
    const { job } = jobOf({ ...kernel, plan, values: 'plain', withIndices })
    const forward = job as SelectForward
    const plane = forward.x.length / plan.outer
    for (let at = 0; at < plane; at++) {
      const x = forward.x.slice() as Float32Array
      x[at] = Number.NaN
      x[(plan.outer - 1) * plane + at] = Number.NaN
      const trial: SelectForward = { ...forward, x }
      kernel.run(trial)
      const { written, indices } = expectedOf(trial)
      if (firstDifference(trial.y, written) >= 0)
        throw new Error(`NaN at ${at} was lost, indices ${withIndices}`)
      if (indices !== null && firstDifference(trial.indices!, indices) >= 0)
        throw new Error(`NaN at ${at} was not located`)
    }
  }
}
