/**
 * @file The steps of a gradient. They gather on the transposed plan: each input adds up what the windows that read it send.
 */
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import type { Division } from '../../reducers/average.ts'
import type { Norm } from '../../reducers/lp.ts'
import { divisionOf, floatBits, type GpuJob, type Place, transposedPassesOf } from './forward-steps.ts'
import type { Slice, Step } from './step.ts'
import { pickedProgram, scatterSumProgram } from './wgsl/by-index.ts'
import { meanProgram } from './wgsl/mean.ts'
import { normGradientProgram } from './wgsl/norm.ts'
import type { Windows } from './wgsl/windows.ts'

export interface GradientJob extends GpuJob {
  readonly dy: Place
  readonly dx: Place
}

function inPart(plan: PoolPlan): number {
  return inPlane(plan) * plan.inner
}

function outPart(plan: PoolPlan): number {
  return outPlane(plan) * plan.inner
}

/** A step over the inputs of a plan. */
function gathering(
  { plan, planes }: Pick<GpuJob, 'plan' | 'planes'>,
  slices: readonly Slice[],
): Pick<Step, 'tables' | 'slices' | 'outer' | 'perPlane' | 'reads'> {
  return {
    tables: { plan, planes, isTransposed: true },
    slices,
    outer: plan.outer,
    perPlane: inPart(plan),
    reads: readsOf(plan) + plan.outer * inPart(plan),
  }
}

export function meanGradientSteps(job: GradientJob, division: Division, exact: boolean): Step[] {
  const passes = (exact ? null : transposedPassesOf(job.plan)) ?? [job.plan]
  let from = job.dy
  return passes.map((plan, i) => {
    const isLast = i === passes.length - 1
    const bytes = plan.outer * inPart(plan) * 4
    const to: Place = isLast ? job.dx : { buffer: job.scratch(bytes), offset: 0, dtype: 'float32' }
    const windows: Windows = { rank: plan.axes.length, planes: false, divisors: 'tap' }
    const divided = divisionOf(division, job.dtype, isLast)
    const shader = { dtype: from.dtype, to: to.dtype, windows, exact, rounding: 'trunc' } as const
    const slices = [
      { ...to, part: inPart(plan) },
      { ...from, part: outPart(plan) },
    ]
    from = to
    return {
      program: meanProgram({ ...shader, division: divided.division }),
      parameter: divided.parameter,
      ...gathering({ plan, planes: null }, slices),
    }
  })
}

/** Indices must lie in the windows of the plan. */
export function pickedGradientStep(job: GradientJob, indices: Place): Step {
  const { plan, planes, dtype, dx, dy } = job
  const windows: Windows = { rank: plan.axes.length, planes: planes !== null, divisors: 'none' }
  const slices = [
    { ...dx, part: inPart(plan) },
    { ...dy, part: outPart(plan) },
    { ...indices, part: outPart(plan) },
  ]
  return { program: pickedProgram(dtype, windows), ...gathering(job, slices) }
}

/** For indices from elsewhere: one thread a plane and channel. */
export function scatterSumStep({ plan, dx, dy }: GradientJob, indices: Place): Step {
  return {
    program: scatterSumProgram(),
    tables: [plan.outer, plan.inner, outPlane(plan), inPlane(plan)],
    slices: [
      { ...dx, part: inPart(plan) },
      { ...dy, part: outPart(plan) },
      { ...indices, part: outPart(plan) },
    ],
    outer: plan.outer,
    perPlane: plan.inner,
    reads: plan.outer * (inPart(plan) + outPart(plan)),
  }
}

export function normGradientStep(job: GradientJob, { p, fullWindow }: Norm, x: Place, y: Place): Step {
  const { plan, planes, dtype, dx, dy } = job
  const windows: Windows = { rank: plan.axes.length, planes: planes !== null, divisors: 'tap' }
  const slices = [
    { ...dx, part: inPart(plan) },
    { ...x, part: inPart(plan) },
    { ...y, part: outPart(plan) },
    { ...dy, part: outPart(plan) },
  ]
  return {
    program: normGradientProgram({
      dtype,
      windows,
      p: p === 1 || p === 2 ? p : 'any',
      scaled: fullWindow !== null,
    }),
    parameter: floatBits(p),
    scale: fullWindow === null ? 0 : floatBits(fullWindow),
    ...gathering(job, slices),
  }
}
