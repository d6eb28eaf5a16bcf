/**
 * @file The steps of a gradient. They gather on the transposed plan: each input adds up what the windows that read it send.
 */

import type { GradientOutline } from '../../ops/reduce/reduction.ts'
import type { AxisPlan } from '../../plan/axis.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import type { Division } from '../../reducers/average.ts'
import type { Norm } from '../../reducers/lp.ts'
import { foldOf, foldParameter, foldSteps } from './fold-steps.ts'
import {
  divisionOf,
  elementStep,
  floatBits,
  type GpuJob,
  gathering,
  type JobCounting,
  narrowStep,
  type Place,
  powerOf,
  programBy,
} from './forward-steps.ts'
import { type Pass, transposedPartialPassesOf, transposedPassesOf, workOf } from './passes.ts'
import { type Source, sentSteps } from './sent-steps.ts'
import type { Slice, Step } from './step.ts'
import { ascends } from './tiles.ts'
import { pickedProgram, rangesProgram } from './wgsl/by-index.ts'
import { keptProgram } from './wgsl/counted.ts'
import { perWord } from './wgsl/elements.ts'
import { foldSent } from './wgsl/fold-sent.ts'
import { linkedSumProgram, linkProgram, mostSorted } from './wgsl/linked.ts'
import { type MeanShader, meanMonoid, meanProgram, sentProgram } from './wgsl/mean.ts'
import { type NormGradientShader, normGradientProgram } from './wgsl/norm.ts'
import { normSent } from './wgsl/norm-sent.ts'
import type { Program } from './wgsl/program.ts'
import { foldGradientProgram, stateWords } from './wgsl/window-fold.ts'
import { rankOf, type Windows } from './wgsl/windows.ts'

/** Which elements count, and what divides the gradient of each window. */
export type GradientCounting = JobCounting & { readonly shares: Place }

export interface GradientJob extends GpuJob {
  /** null if every element counts. */
  readonly counting: GradientCounting | null
  readonly dy: Place
  readonly dx: Place
}

function inPart(plan: PoolPlan): number {
  return inPlane(plan) * plan.inner
}

function outPart(plan: PoolPlan): number {
  return outPlane(plan) * plan.inner
}

/** The bindings of what counts, last in their programs. */
function countedSlices(plan: PoolPlan, counting: GradientCounting | null): Slice[] {
  if (counting === null) return []
  return [
    { ...counting.map, part: inPart(plan) },
    { ...counting.shares, part: outPart(plan) },
  ]
}

export function meanGradientSteps(job: GradientJob, division: Division, exact: boolean): Step[] {
  const passes = exact ? [] : transposedPassesOf(job.plan)
  const isDoubled = passes.some(({ method }) => method === 'doubling')
  if (job.counting !== null && isDoubled) return countedMeanGradientSteps(job, job.counting, division)
  const whole: Pass = { plan: job.plan, method: 'taps', tile: null }
  return meanGradientPasses(job, division, exact, exact || job.counting !== null ? [whole] : passes)
}

/** What windows send, divided; sums of that along each axis; and nothing for elements that are left out. */
function countedMeanGradientSteps(job: GradientJob, counting: GradientCounting, division: Division): Step[] {
  const { plan, dx, dy, dtype, scratch } = job
  const wide = (part: number): Place => ({
    buffer: scratch(plan.outer * part * 4),
    offset: 0,
    dtype: 'float32',
  })
  const [sent, sums] = [wide(outPart(plan)), wide(inPart(plan))]
  const windows: Windows = { rank: rankOf(plan), planes: false, divisors: 'output', counted: null }
  const { division: kind, parameter } = divisionOf(division, dtype, true)
  const shader = {
    dtype: dy.dtype,
    to: sent.dtype,
    windows,
    division: kind,
    rounding: 'trunc',
    exact: false,
  } as const
  const sending = elementStep(plan, sent, dy, false)
  const keeping = elementStep(plan, dx, sums, true)
  const { counting: _, ...every } = job
  const undivided = { ...every, counting: null, dtype: 'float32', dy: sent, dx: sums } as const
  return [
    {
      ...sending,
      program: sentProgram({ ...shader, leftOut: counting.divisor }),
      parameter,
      slices: [...sending.slices, { ...counting.shares, part: outPart(plan) }],
    },
    ...meanGradientPasses(undivided, 1, false, transposedPassesOf(plan)),
    {
      ...keeping,
      program: keptProgram(sums.dtype, dx.dtype),
      slices: [...keeping.slices, { ...counting.map, part: inPart(plan) }],
    },
  ]
}

function meanGradientPasses(
  job: GradientJob,
  division: Division,
  exact: boolean,
  passes: readonly Pass[],
): Step[] {
  const { counting } = job
  const isNarrowed = passes.at(-1)!.method === 'doubling' && perWord(job.dx.dtype) > 1
  let from = job.dy
  const steps = passes.map((pass, i): Step => {
    const { plan, method } = pass
    const isLast = i === passes.length - 1
    const bytes = plan.outer * inPart(plan) * 4
    const to: Place =
      isLast && !isNarrowed ? job.dx : { buffer: job.scratch(bytes), offset: 0, dtype: 'float32' }
    const windows: Windows = { rank: rankOf(plan), planes: false, divisors: 'tap', counted: null }
    const { division: kind, parameter } = divisionOf(division, job.dtype, isLast)
    const leftOut = counting?.divisor ?? null
    const shader: MeanShader = {
      dtype: from.dtype,
      to: to.dtype,
      windows,
      division: kind,
      exact,
      rounding: 'trunc',
      leftOut,
    }
    const slices = [
      { ...to, part: inPart(plan) },
      { ...from, part: outPart(plan) },
      ...countedSlices(plan, counting),
    ]
    from = to
    return {
      program: programBy(method, shader, meanProgram, meanMonoid),
      parameter,
      ...gathering({ plan, planes: null }, slices),
      ...(method === 'doubling' && workOf(pass, to.dtype, true)),
    }
  })
  return isNarrowed ? [...steps, narrowStep(job.plan, job.dx, from, true)] : steps
}

/** Indices must lie in the windows of the plan. */
export function pickedGradientSteps(job: GradientJob, indices: Place): Step[] {
  const { plan, planes, dtype, dx, dy, scratch } = job
  const windows: Windows = {
    rank: rankOf(plan),
    planes: planes !== null,
    divisors: 'none',
    counted: null,
  }
  const { axes, outer, inner } = plan
  const last = axes.at(-1)!
  const isRanged = planes === null && readsOf(plan) >= leastRanged * outer * inPart(plan)
  const isSorted = planes === null && job.counting === null && job.leavesOut !== true && isSearched(last)
  const pickers: Slice = { ...indices, part: outPart(plan) }
  const slices = [{ ...dx, part: inPart(plan) }, { ...dy, part: outPart(plan) }, pickers]
  const program = pickedProgram(dtype, windows, { isRanged, isSorted })
  const lines = axes.slice(0, -1).reduce((product, axis) => product * statsOf(axis).reads, outer * inner)
  const halvings = Math.ceil(Math.log2(statsOf(last).mostTaps + 1)) + 1
  const step = { ...gathering(job, slices), program }
  if (isSorted) Object.assign(step, { reads: lines * last.inSize * halvings + outer * outPart(plan) })
  if (!isRanged) return [step]
  const ranges: Slice = {
    buffer: scratch(outer * inPart(plan) * 8),
    offset: 0,
    dtype: 'uint32',
    part: inPart(plan) * 2,
  }
  return [rangesStep(plan, ranges, pickers), { ...step, slices: [...slices, ranges] }]
}

function rangesStep(plan: PoolPlan, ranges: Slice, indices: Slice): Step {
  return {
    program: rangesProgram(),
    tables: [plan.outer, plan.inner, outPlane(plan), inPlane(plan), plan.axes.at(-1)!.outSize],
    slices: [ranges, indices],
    outer: plan.outer,
    perPlane: outPart(plan),
    reads: 3 * plan.outer * outPart(plan),
    cleared: ranges.buffer,
  }
}

/** Windows that read an element, from which the first and last that picked it are found before. */
const leastRanged = 64

/** Windows along an axis that read an element, from which their indices are searched. */
const leastSearched = 8

/** True for many windows that overlap, in order and without gaps. */
function isSearched(axis: AxisPlan): boolean {
  const { fewestTaps, reads } = statsOf(axis)
  return axis.step === 1 && fewestTaps > 0 && reads >= leastSearched * axis.inSize && ascends(axis)
}

/** For indices from elsewhere: a list for each element of the windows that picked it, and their sum. */
export function linkedGradientSteps(
  { plan, dtype, dx, dy, scratch }: GradientJob,
  indices: Place,
): readonly Step[] {
  const { outer, inner } = plan
  const [few, many] = [outPart(plan), inPart(plan)]
  const words = (part: number): Slice => ({
    buffer: scratch(outer * part * 4),
    offset: 0,
    dtype: 'uint32',
    part,
  })
  const [heads, next] = [words(many), words(few)]
  const picks: Slice = { ...indices, part: few }
  const common = { tables: [outer, inner, outPlane(plan), inPlane(plan)], outer }
  return [
    {
      ...common,
      program: linkProgram(),
      slices: [next, heads, picks],
      perPlane: few,
      reads: 2 * outer * few,
      cleared: heads.buffer,
    },
    {
      ...common,
      program: linkedSumProgram(dtype),
      slices: [{ ...dx, part: many }, { ...dy, part: few }, picks, heads, next],
      perPlane: many,
      /** At most: lists that are sorted, and longer ones, which fewer elements have. */
      reads: outer * (many + few * (mostSorted + outPlane(plan) / mostSorted)),
    },
  ]
}

export function normGradientSteps(
  job: GradientJob,
  { p, fullWindow, eps = null }: Norm & { readonly eps?: number | null },
  x: Place,
  y: Place,
): Step[] {
  const { plan, planes, dtype, dx, dy, counting, scratch } = job
  const windows: Windows = {
    rank: rankOf(plan),
    planes: planes !== null,
    divisors: 'tap',
    counted: null,
  }
  const shader: NormGradientShader = {
    dtype,
    windows,
    p: powerOf(p),
    scaled: fullWindow !== null,
    isMean: eps !== null,
    leftOut: counting?.divisor ?? null,
  }
  const run = {
    parameter: floatBits(p),
    second: eps === null ? 0 : floatBits(eps),
    scale: fullWindow === null ? 0 : floatBits(fullWindow),
  }
  const passes = planes === null ? transposedPartialPassesOf(plan) : null
  const sent = passes && normSent(shader)
  const sources = [y, dy, ...(counting === null ? [] : [counting.shares])].map(onceEach)
  const summed =
    sent &&
    sentSteps(sent, passes!, sources, 'tap', scratch, (isFirst) =>
      isFirst ? run : { ...run, scale: floatBits(1) },
    )
  const slices = [
    { ...dx, part: inPart(plan) },
    { ...x, part: inPart(plan) },
    { ...y, part: outPart(plan) },
    { ...dy, part: outPart(plan) },
    ...countedSlices(plan, counting),
  ]
  return [...(summed?.steps ?? []), finalStep(job, normGradientProgram(shader, sent), run, slices, summed)]
}

const onceEach = (place: Place): Source => ({ place, words: 1 })

/** Gathers, or takes sums: then elements whose sums are lost alone read more than one. */
function finalStep(
  job: GradientJob,
  program: Program,
  run: Pick<Step, 'parameter' | 'second' | 'scale'>,
  slices: readonly Slice[],
  summed: ReturnType<typeof sentSteps> | null,
): Step {
  const { plan } = job
  if (summed === null) return { program, ...run, ...gathering(job, slices) }
  const { place, words } = summed.sums
  const sums = { ...place, part: inPart(plan) * words }
  return { program, ...run, ...gathering(job, [...slices, sums]), reads: 2 * plan.outer * inPart(plan) }
}

/** The states of windows, then the gradient of variances and means with exponential weights. */
export function foldGradientSteps(job: GradientJob, outline: GradientOutline, x: Place): Step[] {
  const { plan, dtype, dx, dy, scratch, counting } = job
  const kind = foldOf(outline)!
  const rank = rankOf(plan)
  const bytes = plan.outer * outPart(plan) * stateWords * 4
  const state: Place = { buffer: scratch(bytes), offset: 0, dtype: 'uint32' }
  const run = { parameter: foldParameter(outline) }
  const windows = { rank, planes: false, divisors: 'none', counted: null } as const
  const passes = transposedPartialPassesOf(plan)
  const sent = passes && foldSent(kind, dtype)
  const sources = [onceEach(dy), { place: state, words: stateWords }]
  const summed = sent && sentSteps(sent, passes!, sources, 'none', scratch, () => run)
  const slices = [
    { ...dx, part: inPart(plan) },
    { ...x, part: inPart(plan) },
    { ...dy, part: outPart(plan) },
    { ...state, part: outPart(plan) * stateWords },
    ...countedSlices(plan, counting).slice(0, 1),
  ]
  const program = foldGradientProgram({ kind, dtype, windows, leftOut: counting !== null }, sent)
  return [
    ...foldSteps({ ...job, outline, x }, state, 'state'),
    ...(summed?.steps ?? []),
    finalStep(job, program, run, slices, summed),
  ]
}
