/**
 * @file The steps of a forward job of which elements may be left out: those of the job, or passes along axes that count what they leave
 * out beside the results, if windows are large.
 */
import { dtypes } from '../../tensor/dtype.ts'
import { countSteps } from './counting.ts'
import { foldOf, foldSteps } from './fold-steps.ts'
import {
  elementStep,
  type ForwardJob,
  fitsWord,
  forwardSteps,
  narrowStep,
  normQuotientStep,
  type Place,
  passSteps,
  quotientStep,
  scalesByAxis,
  wideType,
  wordsOf,
} from './forward-steps.ts'
import { locatedPassesOf, type Pass, passesOf } from './passes.ts'
import type { Step } from './step.ts'
import { filledProgram } from './wgsl/counted.ts'
import { perWord } from './wgsl/elements.ts'

/** @param counts  a place for the elements of each window that count, or null */
export function stepsOfJob(job: ForwardJob, counts: Place | null): readonly Step[] {
  const passes = passesFor(job)
  if (passes !== null)
    return hasFill(job, counts) ? filledSteps(job, passes) : countedSteps(job, passes, counts)
  const steps = foldOf(job.outline) === null ? forwardSteps(job) : foldSteps(job, job.y, 'value')
  if (counts === null) return steps
  return [...steps, ...countSteps(job.plan, job.counting!.map, counts, job.scratch)]
}

/** null unless windows are large, and results and counts combine along axes. */
function passesFor({ plan, planes, counting, outline, dtype, indices }: ForwardJob): readonly Pass[] | null {
  if (counting === null || planes !== null || !fitsWord(plan, 'uint8')) return null
  const isAverage = outline.reducer === 'average'
  if (foldOf(outline) !== null) return null
  if (outline.reducer === 'lp' && counting.divisor === 'plan' && !scalesByAxis(plan, outline.norm))
    return null
  if (isAverage && (dtypes[dtype].float ? outline.exact : !fitsWord(plan, dtype))) return null
  const passes = (indices === null ? passesOf : locatedPassesOf)(plan)
  return passes.some(({ method }) => method === 'doubling') ? passes : null
}

/** True for maxima and minima of windows of which any element is enough. */
function hasFill({ outline: { reducer }, counting }: ForwardJob, counts: Place | null): boolean {
  return (reducer === 'max' || reducer === 'min') && counting!.least === 1 && counts === null
}

/** Passes that hand on where the elements of windows lie, if any counts. */
function filledSteps(job: ForwardJob, passes: readonly Pass[]): readonly Step[] {
  const { plan, y, indices, dtype, scratch, counting } = job
  const isNarrowed = passes.at(-1)!.method === 'doubling' && perWord(y.dtype) > 1
  const to: Place = isNarrowed ? { buffer: scratch(wordsOf(plan)), offset: 0, dtype: wideType(dtype) } : y
  const steps = passSteps(job, passes, { y: to, indices, isLast: true, fill: counting!.fill })
  return isNarrowed ? [...steps, narrowStep(plan, y, to, false)] : steps
}

function countedSteps(job: ForwardJob, passes: readonly Pass[], given: Place | null): readonly Step[] {
  const { plan, scratch, outline, dtype, y, indices } = job
  const { map, least, fill, counts: known } = job.counting!
  const words = (type: Place['dtype']): Place => ({ buffer: scratch(wordsOf(plan)), offset: 0, dtype: type })
  const counts: Place = known ?? (given === null ? words('uint32') : { ...given, dtype: 'uint32' })
  const results = words(wideType(dtype))
  const places = indices && words('int32')
  const power = powerDividedByCounts(job)
  const folded =
    outline.reducer === 'average'
      ? { ...job, outline: { ...outline, division: 1 } }
      : { ...job, isUndivided: power !== null }
  const { slices, ...step } = elementStep(plan, y, results, false)
  const part = step.perPlane
  const filled: Step = {
    ...step,
    program: filledProgram(results.dtype, y.dtype, indices !== null),
    slices: [...slices, counts, ...(indices === null ? [] : [places!, indices])].map((slice) => ({
      ...slice,
      part,
    })),
    least,
    fill,
  }
  return [
    ...(known === undefined ? countSteps(plan, map, counts, scratch) : []),
    ...passSteps(folded, passes, { y: results, indices: places, isLast: false }),
    outline.reducer === 'average'
      ? quotientStep(job, results, counts)
      : power === null
        ? filled
        : normQuotientStep(job, results, counts, power),
  ]
}

/** The p of a norm that divides by what counts; null for other poolings. */
function powerDividedByCounts({ outline, counting }: ForwardJob): number | null {
  if (outline.reducer === 'gem') return outline.p
  return outline.reducer === 'lp' && counting!.divisor !== 'plan' ? outline.norm.p : null
}
