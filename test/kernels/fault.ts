/**
 * @file Compares the outputs of a job with the expected result, bit for bit or within the stated bound, and describes a difference.
 */
import type { ExtremumForward, Job } from '../../src/kernels/job.ts'
import { kernels } from '../../src/kernels/registry.ts'
import { addsWide } from '../../src/kernels/sum-order.ts'
import type { PoolPlan } from '../../src/plan/pool-plan.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { type Expected, expectedOf } from './expected.ts'
import { firstDifference, type Wanted, writtenBy } from './jobs.ts'

/** Expected results, kept because several kernels are compared with them; those of maxima and minima always have indices. */
const answers = new WeakMap<PoolPlan, Map<string, Expected>>()

function answerTo(job: Job, wanted: Wanted): Expected {
  const { plan, withIndices, ...rest } = wanted
  const located = job.reducer === 'max' || job.reducer === 'min' ? undefined : withIndices
  const ofPlan = answers.get(plan) ?? new Map<string, Expected>()
  answers.set(plan, ofPlan)
  const key = JSON.stringify({ ...rest, located }, (_, value) =>
    typeof value === 'bigint' ? `${value}` : value,
  )
  const answer = ofPlan.get(key) ?? expectedOf(job)
  ofPlan.set(key, answer)
  return answer
}

/** Describes the error in a job's outputs, or null. */
export function faultOf(job: Job, wanted: Wanted): string | null {
  const { written: want, indices, weights } = answerTo(job, wanted)
  const got = writtenBy(job)
  const bounds = boundsOf(job, want, weights)
  const at = bounds === null ? firstDifference(got, want) : firstOutside(got, want, bounds)
  if (at >= 0) return `output[${at}] is ${got[at]}, expected ${want[at]}`
  if (job.reducer === 'average' && addsWide(job)) return differenceFromReference(job, wanted)
  if (wanted.withIndices !== true || indices === null) return null
  const positions = (job as ExtremumForward).indices!
  const place = firstDifference(positions, indices)
  return place < 0 ? null : `indices[${place}] is ${positions[place]}, expected ${indices[place]}`
}

/** Sums in float64 must match the reference kernel bit for bit. */
function differenceFromReference(job: Average, wanted: Wanted): string | null {
  const { plan, ...rest } = wanted
  const ofPlan = references.get(plan) ?? new Map<string, TypedArray>()
  references.set(plan, ofPlan)
  const key = JSON.stringify(rest)
  const want = ofPlan.get(key) ?? byReference(job)
  ofPlan.set(key, want)
  const at = firstDifference(writtenBy(job), want)
  return at < 0 ? null : `output[${at}] is ${writtenBy(job)[at]}, the reference gives ${want[at]}`
}

type Average = Extract<Job, { reducer: 'average' }>

const references = new WeakMap<PoolPlan, Map<string, TypedArray>>()

function byReference(job: Average): TypedArray {
  const written = writtenBy(job).slice() as TypedArray
  const id = `average.${dtypes[job.dtype].short}.${job.pass}.reference`
  const own = job.pass === 'forward' ? { ...job, y: written } : { ...job, dx: written }
  kernels.find((kernel) => kernel.id === id)!.run(own)
  return written
}

/**
 * The bound on the error of each output; null for none. Wide sums of averages take at most an addition in float64 for each element, and are
 * rounded once to the dtype; those of float64 itself lose nothing but the last bits of what was rounded away. Norms are made in float64 on both sides, and rounded once on each, which may be a whole step (two units) apart. A term of their sums takes at most
 * twelve roundings (p up to 3: powers, ratios, scales), and one more as it is added: 26 on both sides. The last steps of numbers near 0
 * are scaled by up to 12, as the windows of the contract are.
 */
function boundsOf(job: Job, want: TypedArray, weights: Float64Array | null): ArrayLike<number> | null {
  const unit = job.dtype === 'float32' ? 2 ** -24 : 2 ** -53
  const least = job.dtype === 'float32' ? 2 ** -149 : 16 * 2 ** -1074
  const within = (roundings: number): ArrayLike<number> =>
    new Float64Array(want as Float32Array).map(
      (y, i) => Math.abs(y) * 2 * unit + weights![i]! * roundings * 2 ** -53 + least,
    )
  if (job.reducer === 'lp') return within(26)
  return job.reducer === 'average' && addsWide(job) ? within(job.dtype === 'float64' ? 2 ** -40 : 1) : null
}

function firstOutside(got: TypedArray, want: TypedArray, bounds: ArrayLike<number>): number {
  for (let i = 0; i < want.length; i++)
    if (!Object.is(got[i], want[i]) && !(Math.abs(Number(got[i]) - Number(want[i])) <= bounds[i]!)) return i
  return -1
}
