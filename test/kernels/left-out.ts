/**
 * @file Tests a kernel on jobs that leave elements out: with the reference's bits, whatever the elements hold that do not count.
 */
import { countedWithout } from '../../src/kernels/counted.ts'
import type { Counted, Job, Kernel } from '../../src/kernels/job.ts'
import { kernels } from '../../src/kernels/registry.ts'
import { inPlane, outPlane, type PoolPlan } from '../../src/plan/pool-plan.ts'
import { dtypes, type Scalar, type TypedArray } from '../../src/tensor/dtype.ts'
import { faultOf } from './fault.ts'
import { firstDifference, jobOf, randomOf, type Wanted, writtenBy } from './jobs.ts'
import type { Outcome } from './outcome.ts'
import type { Case, Named } from './trial.ts'

/** Each plan runs every case, or as many as `casesPerPlan`, in turn. */
export function tryLeftOut(
  kernel: Kernel,
  plans: readonly Named[],
  cases: readonly Partial<Case>[],
  casesPerPlan = cases.length,
): Outcome {
  const { id, reducer, pass, dtype } = kernel
  const wrong: string[] = []
  const skipped = new Map<string, number>()
  let compared = 0
  const turns = Math.ceil(cases.length / casesPerPlan)
  for (const [p, [name, plan]] of plans.entries()) {
    if (outPlane(plan) === 0) continue
    for (const [i, way] of cases.entries()) {
      if ((i + p) % turns !== 0) continue
      const wanted: Wanted = { ...way, plan, reducer, pass, dtype, seed: i + 1 }
      const { job: whole, outputs } = jobOf(wanted)
      const share = (i + name.length) % 3
      const counted = withoutValue(whole, share) ?? randomlyCounted(plan, reducer, share)
      const job = { ...whole, counted } as Job
      const fits = kernel.supports(job)
      if (fits !== true) {
        skipped.set(fits, (skipped.get(fits) ?? 0) + 1)
        continue
      }
      kernel.run(job)
      compared++
      const fault = reducer === 'lp' ? faultOfNorm(job, wanted, share) : differenceFromReference(job, wanted)
      if (fault !== null) wrong.push(`${name}, ${JSON.stringify(way)}: ${fault}`)
      if (!outputs.y.intact || outputs.indices?.intact === false)
        wrong.push(`${name}: wrote outside its outputs`)
    }
  }
  return {
    wrong,
    compared,
    skipped: Array.from(skipped, ([reason, count]) => `${id}, ${count} jobs: ${reason}`),
  }
}

/** Every third maximum or minimum without indices leaves out what equals its first element, which its kernel then compares with. */
function withoutValue(job: Job, share: number): Counted | null {
  if (job.pass !== 'forward' || (job.reducer !== 'max' && job.reducer !== 'min')) return null
  if (job.indices !== null || share !== 1 || job.x.length === 0) return null
  const nodata = job.x[0]!
  const isNodata = (value: Scalar): boolean => value === nodata || (value !== value && nodata !== nodata)
  return countedWithout(nodata, () =>
    Uint8Array.from(job.x as Float32Array, (value) => Number(!isNodata(value))),
  )
}

const kept = new WeakMap<PoolPlan, Map<string, Counted>>()

/** Most, half or few elements count, most of them alike in all channels; windows divide by their counts, but for norms. */
function randomlyCounted(plan: PoolPlan, reducer: Job['reducer'], share: number): Counted {
  const own = kept.get(plan) ?? new Map<string, Counted>()
  kept.set(plan, own)
  const key = `${share} ${reducer === 'lp'}`
  const counted = own.get(key) ?? drawCounted(plan, reducer, share)
  own.set(key, counted)
  return counted
}

function drawCounted(plan: PoolPlan, reducer: Job['reducer'], share: number): Counted {
  const random = randomOf(share + 1)
  const map = new Uint8Array(plan.outer * inPlane(plan) * plan.inner)
  const group = share === 0 ? plan.inner : 1
  for (let i = 0; i < map.length; i += group)
    map.fill(Number(random() < [0.9, 0.5, 0.1][share]!), i, i + group)
  const sizes = plan.outer * outPlane(plan) * plan.inner
  const counts = new Int32Array(sizes)
  const x = new Float64Array(map)
  const y = new Float64Array(sizes)
  const spec = { reducer: 'average', division: 1, exact: false, rounding: 'trunc' } as const
  referenceOf('average', 'forward', 'float64').run({ ...spec, pass: 'forward', dtype: 'float64', plan, x, y })
  counts.set(y)
  const divisors = reducer === 'lp' ? null : counts.map((count) => Math.max(1, count))
  const copyFrom = (bytes: Uint8Array) => (at: number, into: Uint8Array, unit: number) => {
    for (let i = 0; i < into.length; i++) into[i] = bytes[at + i * unit]!
  }
  const areBytes = divisors?.every((count) => count < 256)
  const copyDivisors = areBytes ? copyFrom(Uint8Array.from(counts)) : null
  const copies = { copyMap: copyFrom(map), copyCounts: copyDivisors, copyDivisors }
  return { map, group, counts, least: 1 + share, divisors, ...copies }
}

function referenceOf(reducer: Job['reducer'], pass: Job['pass'], dtype: Job['dtype']): Kernel {
  const id = `${reducer}.${dtypes[dtype].short}.${pass}.reference`
  return kernels.find((kernel) => kernel.id === id)!
}

interface Answer {
  readonly written: TypedArray
  readonly indices: ArrayLike<number> | null
}

/** What the reference gives, kept because several kernels are compared with it. */
const answers = new WeakMap<PoolPlan, Map<string, Answer>>()

function answerTo(job: Job, { plan, ...rest }: Wanted): Answer {
  const ofPlan = answers.get(plan) ?? new Map<string, Answer>()
  answers.set(plan, ofPlan)
  const key = JSON.stringify(rest, (_, value) => (typeof value === 'bigint' ? `${value}` : value))
  const answer = ofPlan.get(key) ?? byReference(job)
  ofPlan.set(key, answer)
  return answer
}

function byReference(job: Job): Answer {
  const written = writtenBy(job).slice() as TypedArray
  const indices = 'indices' in job && job.pass === 'forward' ? (job.indices?.slice() ?? null) : null
  const own = job.pass === 'forward' ? { ...job, y: written, indices } : { ...job, dx: written }
  if (!('indices' in job)) delete (own as { indices?: unknown }).indices
  referenceOf(job.reducer, job.pass, job.dtype).run(own as Job)
  return { written, indices }
}

function differenceFromReference(job: Job, wanted: Wanted): string | null {
  const { written, indices } = answerTo(job, wanted)
  const at = firstDifference(writtenBy(job), written)
  if (at >= 0) return `output[${at}] is ${writtenBy(job)[at]}, the reference gives ${written[at]}`
  if (indices === null) return null
  const given = (job as unknown as { indices: Int32Array }).indices
  const place = firstDifference(given, indices)
  return place < 0 ? null : `indices[${place}] is ${given[place]}, the reference gives ${indices[place]}`
}

/** One plan for each share, so that kernels share what is expected where others count. */
const shared = new WeakMap<PoolPlan, PoolPlan[]>()

/** The norm of what counts is the norm with zeros for the rest. */
function faultOfNorm(job: Job, wanted: Wanted, share: number): string | null {
  const { x, counted } = job as unknown as { x: Float32Array; counted: Counted }
  const plans = shared.get(wanted.plan) ?? [0, 1, 2].map(() => ({ ...wanted.plan }))
  shared.set(wanted.plan, plans)
  const cleared = x.map((value, i) => (counted.map[i] === 1 ? value : 0))
  return faultOf({ ...job, x: cleared } as Job, { ...wanted, plan: plans[share]! })
}
