/**
 * @file The steps of variances and means with exponential weights: one that loops over windows, or passes along axes that hand on partial
 * results, if windows are large; and those of their gradients.
 */
import type { GradientOutline, JobOutline } from '../../ops/reduce/reduction.ts'
import { inPlane, outPlane, readsOf } from '../../plan/pool-plan.ts'
import {
  floatBits,
  type GpuJob,
  type JobCounting,
  narrowStep,
  type Place,
  programBy,
} from './forward-steps.ts'
import { loopPass, type Pass, partialPassesOf, workOf } from './passes.ts'
import type { Slice, Step } from './step.ts'
import { combinedProgram } from './wgsl/combined.ts'
import { perWord } from './wgsl/elements.ts'
import { foldMonoid, partialWords } from './wgsl/fold-monoid.ts'
import { type FoldKind, foldProgram, stateProgram, stateWords } from './wgsl/window-fold.ts'
import { rankOf, type Windows } from './wgsl/windows.ts'

/** The fold of a variance or a mean with exponential weights; null for other reducers. */
export function foldOf(outline: JobOutline | GradientOutline): FoldKind | null {
  if (outline.reducer === 'variance') return outline.root ? 'std' : 'var'
  return outline.reducer === 'soft' || outline.reducer === 'lse' ? outline.reducer : null
}

/** The parameter of a fold. */
export function foldParameter(outline: JobOutline | GradientOutline): number {
  if (outline.reducer === 'variance') return floatBits(outline.correction)
  return outline.reducer === 'lse' ? floatBits(outline.r) : 0
}

/** What is folded. */
interface Folded extends GpuJob {
  readonly outline: JobOutline | GradientOutline
  readonly counting: JobCounting | null
  readonly x: Place
}

/** @param result  whether `to` takes results, or states for a gradient */
export function foldSteps(job: Folded, to: Place, result: 'value' | 'state'): readonly Step[] {
  const { plan, planes, scratch } = job
  const passes = planes === null ? partialPassesOf(plan) : null
  if (passes === null) return [loopStep(job, to, result)]
  const isNarrowed = result === 'value' && passes.at(-1)!.method === 'doubling' && perWord(to.dtype) > 1
  if (!isNarrowed) return passSteps(job, passes, to, result)
  const part = outPlane(plan) * plan.inner
  const wide: Place = { buffer: scratch(plan.outer * part * 4), offset: 0, dtype: 'float32' }
  return [...passSteps(job, passes, wide, result), narrowStep(plan, to, wide, false)]
}

/** All axes at once: loops over windows two or three times. */
function loopStep(job: Folded, to: Place, result: 'value' | 'state'): Step {
  const { plan, planes, outline, counting, dtype, x } = job
  const pass = loopPass(plan)
  const kind = foldOf(outline)!
  const windows: Windows = {
    rank: rankOf(plan),
    planes: planes !== null,
    divisors: 'none',
    counted: counting === null ? null : 'count',
    isShared: pass.method === 'shared',
  }
  const perPlane = outPlane(plan) * plan.inner
  const part = result === 'value' ? perPlane : perPlane * stateWords
  const shader = { kind, dtype, windows }
  return {
    program: result === 'value' ? foldProgram({ ...shader, to: to.dtype }) : stateProgram(shader),
    ...common(
      job,
      pass,
      [
        { ...to, part },
        { ...x, part: inPlane(plan) * plan.inner },
      ],
      true,
    ),
    ...workOf(pass, to.dtype, false),
    reads: 3 * readsOf(plan),
  }
}

/** What the steps of a fold have in common; the first one leaves out what does not count. */
function common(
  { outline, counting }: Folded,
  { plan }: Pass,
  slices: readonly Slice[],
  isFirst: boolean,
): Pick<Step, 'tables' | 'slices' | 'outer' | 'perPlane' | 'parameter' | 'least' | 'fill'> {
  const map = counting !== null && isFirst ? [{ ...counting.map, part: inPlane(plan) * plan.inner }] : []
  return {
    tables: { plan, planes: null, isTransposed: false },
    slices: [...slices, ...map],
    outer: plan.outer,
    perPlane: outPlane(plan) * plan.inner,
    parameter: foldParameter(outline),
    ...(counting !== null && { least: counting.least, fill: counting.fill }),
  }
}

function passSteps(
  job: Folded,
  passes: readonly Pass[],
  to: Place,
  result: 'value' | 'state',
): readonly Step[] {
  const { outline, counting, scratch, dtype } = job
  const kind = foldOf(outline)!
  const words = partialWords(kind)
  let x: Slice = { ...job.x, part: 1 }
  return passes.map((pass, i): Step => {
    const { plan, method } = pass
    const [isFirst, isLast] = [i === 0, i === passes.length - 1]
    const perPlane = outPlane(plan) * plan.inner
    const handed = (): Slice => ({
      buffer: scratch(plan.outer * perPlane * words * 4),
      offset: 0,
      dtype: 'uint32',
      part: words,
    })
    const last = { ...to, part: result === 'state' ? stateWords : 1 }
    const y: Slice = isLast ? last : handed()
    const shader = {
      kind,
      dtype: isFirst ? dtype : ('uint32' as const),
      to: y.dtype,
      windows: {
        rank: rankOf(plan),
        planes: false,
        divisors: 'none',
        counted: counting !== null && isFirst ? 'count' : null,
      } as const,
      isPartial: !isFirst,
      result: isLast ? result : ('partial' as const),
    }
    const slices = [
      { ...y, part: y.part * perPlane },
      { ...x, part: x.part * inPlane(plan) * plan.inner },
    ]
    x = y
    return {
      program: programBy(method, shader, (own) => combinedProgram(foldMonoid(own)), foldMonoid),
      ...common(job, pass, slices, isFirst),
      ...workOf(pass, y.dtype, false),
    }
  })
}
