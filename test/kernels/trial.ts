/**
 * @file Tests a kernel on plans, and with a NaN at each position. Uses no test framework, so that it runs in browsers too.
 */
import type { ExtremumForward, Kernel } from '../../src/kernels/job.ts'
import { outPlane, type PoolPlan } from '../../src/plan/pool-plan.ts'
import { expectedOf } from './expected.ts'
import { faultOf } from './fault.ts'
import { firstDifference, jobOf, type Wanted } from './jobs.ts'
import type { Outcome } from './outcome.ts'

export type Case = Omit<Wanted, 'reducer' | 'pass' | 'dtype'>
export type Named = readonly [name: string, plan: PoolPlan]

/** Each plan runs every case, or as many as `casesPerPlan`, in turn. */
export function tryPlans(
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
      const wanted: Wanted = { ...way, plan, reducer, pass, dtype, seed: 1 + (p % 4) }
      const { job, outputs } = jobOf(wanted)
      const fits = kernel.supports(job)
      if (fits !== true) {
        skipped.set(fits, (skipped.get(fits) ?? 0) + 1)
        continue
      }
      kernel.run(job)
      compared++
      const fault = faultOf(job, wanted)
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

/** Puts a NaN at each position in turn. */
export function tryNaN(kernel: Kernel, plans: readonly PoolPlan[]): Outcome {
  const wrong: string[] = []
  let compared = 0
  for (const plan of plans) {
    for (const withIndices of [false, true]) {
      const { job } = jobOf({ ...kernel, plan, values: 'plain', withIndices })
      const forward = job as ExtremumForward
      const plane = forward.x.length / plan.outer
      for (let at = 0; at < plane; at++) {
        const x = forward.x.slice() as Float32Array
        x[at] = Number.NaN
        x[(plan.outer - 1) * plane + at] = Number.NaN
        const trial: ExtremumForward = { ...forward, x }
        kernel.run(trial)
        compared++
        const { written, indices } = expectedOf(trial)
        if (firstDifference(trial.y, written) >= 0)
          wrong.push(`NaN at ${at} was lost, indices ${withIndices}`)
        if (withIndices && firstDifference(trial.indices!, indices!) >= 0)
          wrong.push(`NaN at ${at} was not located`)
      }
    }
  }
  return { wrong, compared, skipped: [] }
}
