/**
 * @file The steps of a forward job: one, or one for each axis if windows are large; and what gives the result its dtype.
 */
import type { JobOutline } from '../../ops/reduce/reduction.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import type { Norm } from '../../reducers/lp.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { blocksOf, blockWork } from './blocks.ts'
import type { Windows as Planned } from './gpu-tensor.ts'
import { locatedPassesOf, loopPass, type Pass, passesOf, wholePass, workOf } from './passes.ts'
import type { Slice, Step } from './step.ts'
import type { Blocks } from './wgsl/blocks.ts'
import { doublingProgram } from './wgsl/doubling.ts'
import { type GpuDType, isSigned, perWord } from './wgsl/elements.ts'
import { extremumBlocks, extremumMonoid, extremumProgram } from './wgsl/extremum.ts'
import { type DivisionKind, meanBlocks, meanMonoid, meanProgram, quotientProgram } from './wgsl/mean.ts'
import type { Monoid } from './wgsl/monoid.ts'
import { normMonoid, normProgram, normQuotientProgram } from './wgsl/norm.ts'
import { narrowProgram, type Program } from './wgsl/program.ts'
import { treeProgram } from './wgsl/tree.ts'
import { type CountedDivisor, rankOf, type Windows } from './wgsl/windows.ts'

/** The position of elements in a buffer. */
export type Place = Omit<Slice, 'part'>

/** A job with its buffers. `scratch` gives buffers for between two steps. */
export interface GpuJob extends Planned {
  readonly dtype: GpuDType
  readonly scratch: (bytes: number) => Slice['buffer']
}

/** Which elements of x count, and what becomes of windows in which fewer than `least` do. */
export interface JobCounting {
  readonly map: Place
  readonly least: number
  readonly fill: number
  readonly divisor: CountedDivisor
  /** How many of each window count, if steps before have counted them. */
  readonly counts?: Place
}

export interface ForwardJob extends GpuJob {
  /** null if every element counts. */
  readonly counting: JobCounting | null
  readonly outline: JobOutline
  /** True to take magnitudes before they are compared. */
  readonly magnitude: boolean
  readonly x: Place
  readonly y: Place
  readonly indices: Place | null
  /** True if another step divides norms by what counts. */
  readonly isUndivided?: boolean
}

/** Of a job other than a variance or a mean with exponential weights. */
export function forwardSteps(job: ForwardJob): readonly Step[] {
  const passes = passesFor(job)
  const [first] = passes
  return passes.length === 1 && first!.method !== 'doubling'
    ? [directStep(job, first!)]
    : separableSteps(job, passes)
}

function passesFor({ plan, planes, outline, dtype, counting, indices }: ForwardJob): readonly Pass[] {
  const isAverage = outline.reducer === 'average'
  const isFloat = dtypes[dtype].float
  const isInOrder = isAverage && isFloat && outline.exact
  if (isInOrder) return [{ plan, method: 'taps', tile: null }]
  if (counting !== null) return [loopPass(plan)]
  const isSeparable =
    planes === null &&
    (outline.reducer !== 'lp' || scalesByAxis(plan, outline.norm)) &&
    (!isAverage || isFloat || fitsWord(plan, dtype))
  if (!isSeparable) return [wholePass(plan)]
  return (indices !== null ? locatedPassesOf : passesOf)(plan)
}

/** True if each pass can scale its sums by the window of its axis, as the windows of operations are. */
export function scalesByAxis({ axes }: PoolPlan, { fullWindow }: Norm): boolean {
  if (fullWindow === null || fullWindow === 1) return true
  return fullWindow === axes.reduce((product, { regular }) => product * (regular?.window ?? Number.NaN), 1)
}

/** True if no sum over a window needs more than 32 bits, which passes along axes leave to the next. */
export function fitsWord({ axes }: PoolPlan, dtype: GpuDType): boolean {
  const taps = axes.reduce((product, axis) => product * statsOf(axis).mostTaps, 1)
  return taps * 2 ** (32 / perWord(dtype)) <= 2 ** 31
}

function directStep(job: ForwardJob, pass: Pass): Step {
  const { planes, x, y, indices, counting } = job
  const { plan } = pass
  const slices = [
    { ...y, part: outPlane(plan) * plan.inner },
    { ...x, part: inPlane(plan) * plan.inner },
  ]
  if (counting !== null) slices.push({ ...counting.map, part: inPlane(plan) * plan.inner })
  if (indices !== null) slices.push({ ...indices, part: outPlane(plan) * plan.inner })
  const ends = { from: x.dtype, to: y.dtype, indices: indices !== null, isFirst: true, isLast: true }
  const blocks = pass.method === 'taps' && hasBlocks(job) ? blocksOf(job) : null
  return {
    ...programOf(job, pass, ends, blocks),
    ...(blocks !== null && blockWork(plan, blocks)),
    tables: { plan, planes, isTransposed: false },
    slices,
    outer: plan.outer,
    perPlane: outPlane(plan) * plan.inner,
    ...workOf(pass, y.dtype, false),
    ...(counting !== null && { least: counting.least, fill: counting.fill }),
  }
}

/** True for reducers that compute four results in a thread. */
function hasBlocks({ outline, dtype, magnitude }: ForwardJob): boolean {
  if (outline.reducer === 'average') return !(outline.exact && dtypes[dtype].float)
  return (outline.reducer === 'max' || outline.reducer === 'min') && !magnitude
}

/** The ends of a pass. */
interface Ends {
  readonly from: GpuDType
  readonly to: GpuDType
  readonly indices: boolean
  /** As shaders of extrema have them. */
  readonly partial?: boolean
  readonly filled?: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
}

type Programmed = Pick<Step, 'program' | 'parameter' | 'second' | 'scale'>

/** The shader of a method. */
export function programBy<S>(
  method: Pass['method'],
  shader: S,
  loop: (shader: S) => Program,
  monoid: (shader: S) => Monoid,
): Program {
  if (method === 'taps' || method === 'shared') return loop(shader)
  return (method === 'tree' ? treeProgram : doublingProgram)(monoid(shader))
}

function programOf(
  { outline, dtype, magnitude, planes, counting, isUndivided = false }: ForwardJob,
  { plan, method }: Pass,
  { from, to, indices, partial = false, filled = false, isFirst, isLast }: Ends,
  blocks: Blocks | null = null,
): Programmed {
  const windows: Windows = {
    rank: rankOf(plan),
    planes: planes !== null,
    divisors: 'output',
    counted: counting?.divisor ?? null,
    isShared: method === 'shared',
  }
  if (outline.reducer === 'max' || outline.reducer === 'min') {
    const own = { ...windows, divisors: 'none' } as const
    const { reducer } = outline
    const shader = { reducer, dtype, from, to, windows: own, indices, magnitude, partial, filled }
    if (blocks !== null) return { program: extremumBlocks(shader, blocks) }
    return { program: programBy(method, shader, extremumProgram, extremumMonoid) }
  }
  if (outline.reducer === 'average') {
    const { exact, rounding } = outline
    const isSummed = !isLast && !dtypes[from].float
    const divided = divisionOf(outline.division, dtype, isLast)
    const division = isSummed ? 'none' : divided.division
    const shader = { dtype: from, to, windows, division, exact, rounding, leftOut: null }
    const { parameter } = divided
    if (blocks !== null) return { program: meanBlocks(shader, blocks), parameter }
    return { program: programBy(method, shader, meanProgram, meanMonoid), parameter }
  }
  if (outline.reducer === 'gem') {
    const { p, eps } = outline
    /** A row that leaves out all its elements has a norm of 0, which must not count as eps. */
    const isMean = isFirst || !isUndivided
    const shader = { dtype: from, to, windows, p: powerOf(p), scaled: !isUndivided, isMean }
    return {
      program: programBy(method, shader, normProgram, normMonoid),
      parameter: floatBits(p),
      second: floatBits(eps),
      scale: floatBits(1),
    }
  }
  const { p, fullWindow: full } = (outline as Extract<JobOutline, { reducer: 'lp' }>).norm
  const fullWindow = isUndivided ? null : full
  const scale = (isFirst && isLast) || fullWindow === 1 ? fullWindow : plan.axes[0]!.regular?.window
  const shader = { dtype: from, to, windows, p: powerOf(p), scaled: fullWindow !== null, isMean: false }
  return {
    program: programBy(method, shader, normProgram, normMonoid),
    parameter: floatBits(p),
    scale: fullWindow === null ? 0 : floatBits(scale!),
  }
}

export function powerOf(p: number): 1 | 2 | 'any' {
  return p === 1 || p === 2 ? p : 'any'
}

export function divisionOf(
  division: 'product' | 'each' | number,
  dtype: GpuDType,
  isLast: boolean,
): { readonly division: DivisionKind; readonly parameter: number } {
  if (typeof division !== 'number') return { division, parameter: 0 }
  if (!isLast) return { division: 'none', parameter: 0 }
  const isFloat = dtypes[dtype].float
  return { division: 'number', parameter: isFloat ? floatBits(division) : division >>> 0 }
}

const word = new DataView(new ArrayBuffer(4))

export function floatBits(value: number): number {
  word.setFloat32(0, value)
  return word.getUint32(0)
}

/** The dtype between passes, whose elements have words. */
export function wideType(dtype: GpuDType): GpuDType {
  if (dtypes[dtype].float) return 'float32'
  return isSigned(dtype) ? 'int32' : 'uint32'
}

function separableSteps(job: ForwardJob, passes: readonly Pass[]): readonly Step[] {
  const { scratch, outline, dtype, y, indices } = job
  const isDivided = outline.reducer === 'average' && !dtypes[dtype].float
  const isNarrowed = passes.at(-1)!.method === 'doubling' && perWord(y.dtype) > 1
  const isBetween = isDivided || isNarrowed
  const words = isBetween ? { buffer: scratch(wordsOf(job.plan)), offset: 0, dtype: wideType(dtype) } : y
  const steps = passSteps(job, passes, { y: words, indices, isLast: !isDivided })
  if (isDivided) return [...steps, quotientStep(job, words, null)]
  return isNarrowed ? [...steps, narrowStep(job.plan, y, words, false)] : steps
}

/** Bytes of a word for each result. */
export function wordsOf(plan: PoolPlan): number {
  return plan.outer * outPlane(plan) * plan.inner * 4
}

/** Where the last of passes along axes writes. */
interface Target {
  readonly y: Place
  readonly indices: Place | null
  /** False if another step finishes the results. */
  readonly isLast: boolean
  /** The result of windows in which nothing counts, if extrema have one: then passes hand on places, to tell these from infinities. */
  readonly fill?: number
}

/** A step for each pass; the first one leaves out what does not count. */
export function passSteps(job: ForwardJob, passes: readonly Pass[], target: Target): readonly Step[] {
  const { scratch, counting } = job
  const wide = wideType(job.dtype)
  let [x, places] = [job.x, null as Place | null]
  /** Elements of a plane in the axes that passes have been along. */
  let after = 1
  return passes.map((own, i): Step => {
    const { plan } = own
    const [isFirst, isLast] = [i === 0, i === passes.length - 1]
    const part = outPlane(plan) * plan.inner
    const between = (dtype: GpuDType): Place => ({ buffer: scratch(wordsOf(plan)), offset: 0, dtype })
    const y = isLast ? target.y : between(wide)
    const hasPlaces = target.indices !== null || target.fill !== undefined
    const indices = isLast ? target.indices : hasPlaces ? between('int32') : null
    const inPart = inPlane(plan) * plan.inner
    const slices: Slice[] = [
      { ...y, part },
      { ...x, part: inPart },
    ]
    if (places !== null) slices.push({ ...places, part: inPart })
    const counted = isFirst ? counting : null
    if (counted !== null) slices.push({ ...counted.map, part: inPart })
    if (indices !== null) slices.push({ ...indices, part })
    const step = {
      ...programOf({ ...job, magnitude: job.magnitude && isFirst, counting: counted }, own, {
        from: x.dtype,
        to: y.dtype,
        indices: indices !== null,
        partial: places !== null,
        filled: isLast && target.fill !== undefined,
        isFirst,
        isLast: isLast && target.isLast,
      }),
      tables: { plan, planes: null, isTransposed: false },
      slices,
      outer: plan.outer,
      perPlane: part,
      ...workOf(own, y.dtype, false),
      ...(places !== null && { scale: after }),
      ...(target.fill !== undefined && { fill: target.fill }),
    }
    after *= plan.axes[0]!.inSize
    ;[x, places] = [y, indices]
    return step
  })
}

/** Divides sums of words, once; windows of too few counts have the result of the run. */
export function quotientStep(job: ForwardJob, sums: Place, counts: Place | null): Step {
  const { plan, counting, y, dtype } = job
  const { rounding, division: given } = job.outline as Extract<JobOutline, { reducer: 'average' }>
  const { division, parameter } = divisionOf(given, dtype, true)
  const windows: Windows = {
    rank: rankOf(plan),
    planes: false,
    divisors: 'output',
    counted: counting?.divisor ?? null,
  }
  const shader = { dtype: sums.dtype, to: y.dtype, windows, division, exact: false, rounding, leftOut: null }
  const step = elementStep(plan, y, sums, false)
  if (counts === null) return { program: quotientProgram(shader), parameter, ...step }
  const { least, fill } = counting!
  const slices = [...step.slices, { ...counts, part: step.perPlane }]
  return { program: quotientProgram(shader), parameter, ...step, slices, least, fill }
}

/** Divides norms by what counts. */
export function normQuotientStep(job: ForwardJob, norms: Place, counts: Place, p: number): Step {
  const { plan, counting, y } = job
  const { least, fill, divisor } = counting!
  const windows: Windows = { rank: rankOf(plan), planes: false, divisors: 'output', counted: divisor }
  const step = elementStep(plan, y, norms, false)
  const program = normQuotientProgram({ dtype: norms.dtype, to: y.dtype, windows, p: powerOf(p) })
  const slices = [...step.slices, { ...counts, part: step.perPlane }]
  return { ...step, program, parameter: floatBits(p), slices, least, fill }
}

/** Writes words as elements of the result, which are smaller. */
export function narrowStep(plan: PoolPlan, y: Place, wide: Place, isTransposed: boolean): Step {
  return { program: narrowProgram(wide.dtype, y.dtype), ...elementStep(plan, y, wide, isTransposed) }
}

export function elementStep(
  plan: PoolPlan,
  y: Place,
  x: Place,
  isTransposed: boolean,
): Omit<Step, 'program'> {
  const part = (isTransposed ? inPlane : outPlane)(plan) * plan.inner
  return {
    tables: { plan, planes: null, isTransposed },
    slices: [
      { ...y, part },
      { ...x, part },
    ],
    outer: plan.outer,
    perPlane: part,
    reads: plan.outer * part,
  }
}

/** A step over the inputs of a plan. */
export function gathering(
  { plan, planes }: Pick<GpuJob, 'plan' | 'planes'>,
  slices: readonly Slice[],
): Pick<Step, 'tables' | 'slices' | 'outer' | 'perPlane' | 'reads'> {
  return {
    tables: { plan, planes, isTransposed: true },
    slices,
    outer: plan.outer,
    perPlane: inPlane(plan) * plan.inner,
    reads: readsOf(plan) + plan.outer * inPlane(plan) * plan.inner,
  }
}
