/**
 * @file The steps of a forward job: one, or one for each axis if windows are large.
 */

import type { GradientOutline, JobOutline } from '../../ops/reduce/reduction.ts'
import type { AxisPlan } from '../../plan/axis.ts'
import { memoizeWeak } from '../../plan/memoize-weak.ts'
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { dtypes } from '../../tensor/dtype.ts'
import type { Windows as Planned } from './gpu-tensor.ts'
import type { Slice, Step } from './step.ts'
import { type GpuDType, isSigned } from './wgsl/elements.ts'
import { extremumProgram } from './wgsl/extremum.ts'
import { type DivisionKind, meanProgram } from './wgsl/mean.ts'
import { normProgram } from './wgsl/norm.ts'
import { type FoldKind, foldProgram } from './wgsl/window-fold.ts'
import type { CountedDivisor, Windows } from './wgsl/windows.ts'

/** The position of elements in a buffer. */
export type Place = Omit<Slice, 'part'>

/** A job with its buffers. `scratch` gives buffers for between two steps. */
export interface GpuJob extends Planned {
  readonly dtype: GpuDType
  readonly scratch: (bytes: number) => GPUBuffer
}

/** Which elements of x count, and what becomes of windows in which fewer than \`least\` do. */
export interface JobCounting {
  readonly map: Place
  readonly least: number
  readonly fill: number
  readonly divisor: CountedDivisor
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
}

export function forwardSteps(job: ForwardJob): Step[] {
  const { plan, planes, outline } = job
  const isExact = outline.reducer === 'average' && (outline.exact || !dtypes[job.dtype].float)
  const isLocated = job.indices !== null
  const isDirect =
    isExact ||
    planes !== null ||
    job.counting !== null ||
    foldOf(outline) !== null ||
    outline.reducer === 'gem'
  const passes = isDirect ? null : (isLocated ? locatedPassesOf : passesOf)(plan)
  return passes === null ? [directStep(job)] : separableSteps(job, passes)
}

function directStep(job: ForwardJob): Step {
  const { plan, planes, x, y, indices, counting } = job
  const slices = [
    { ...y, part: outPlane(plan) * plan.inner },
    { ...x, part: inPlane(plan) * plan.inner },
  ]
  if (counting !== null) slices.push({ ...counting.map, part: inPlane(plan) * plan.inner })
  if (indices !== null) slices.push({ ...indices, part: outPlane(plan) * plan.inner })
  return {
    ...programOf(job, plan, {
      from: x.dtype,
      to: y.dtype,
      indices: indices !== null,
      isFirst: true,
      isLast: true,
    }),
    tables: { plan, planes, isTransposed: false },
    slices,
    outer: plan.outer,
    perPlane: outPlane(plan) * plan.inner,
    reads: readsOf(plan),
    ...(counting !== null && { least: counting.least, fill: counting.fill }),
  }
}

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

/** One pass of a job. */
interface Pass {
  readonly from: GpuDType
  readonly to: GpuDType
  readonly indices: boolean
  readonly isFirst: boolean
  readonly isLast: boolean
}

type Programmed = Pick<Step, 'program' | 'parameter' | 'second' | 'scale'>

function programOf(
  { outline, dtype, magnitude, planes, counting }: ForwardJob,
  plan: PoolPlan,
  pass: Pass,
): Programmed {
  const { from, to, indices, isFirst, isLast } = pass
  const windows: Windows = {
    rank: plan.axes.length,
    planes: planes !== null,
    divisors: 'output',
    counted: counting?.divisor ?? null,
  }
  const kind = foldOf(outline)
  if (kind !== null)
    return { program: foldProgram({ kind, dtype: from, to, windows }), parameter: foldParameter(outline) }
  if (outline.reducer === 'max' || outline.reducer === 'min') {
    const own = { ...windows, divisors: 'none' } as const
    const partial = indices && !isFirst
    const { reducer } = outline
    return {
      program: extremumProgram({ reducer, dtype, from, to, windows: own, indices, magnitude, partial }),
    }
  }
  if (outline.reducer === 'average') {
    const { exact, rounding } = outline
    const { division, parameter } = divisionOf(outline.division, dtype, isLast)
    return {
      program: meanProgram({ dtype: from, to, windows, division, exact, rounding, leftOut: null }),
      parameter,
    }
  }
  if (outline.reducer === 'gem') {
    const { p, eps } = outline
    return {
      program: normProgram({ dtype: from, to, windows, p: powerOf(p), scaled: true, isMean: true }),
      parameter: floatBits(p),
      second: floatBits(eps),
      scale: floatBits(1),
    }
  }
  const { p, fullWindow } = (outline as Extract<JobOutline, { reducer: 'lp' }>).norm
  const scale = (isFirst && isLast) || fullWindow === 1 ? fullWindow : plan.axes[0]!.regular?.window
  return {
    program: normProgram({
      dtype: from,
      to,
      windows,
      p: powerOf(p),
      scaled: fullWindow !== null,
      isMean: false,
    }),
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

function separableSteps(job: ForwardJob, passes: readonly PoolPlan[]): Step[] {
  const { scratch, outline, dtype } = job
  const isLocated = job.indices !== null
  const isExtremum = outline.reducer === 'max' || outline.reducer === 'min'
  const between = isExtremum && !dtypes[dtype].float ? (isSigned(dtype) ? 'int32' : 'uint32') : 'float32'
  let [x, places] = [job.x, null as Place | null]
  /** Elements of a plane in the axes that passes have been along. */
  let after = 1
  return passes.map((plan, i) => {
    const [isFirst, isLast] = [i === 0, i === passes.length - 1]
    const part = outPlane(plan) * plan.inner
    const bytes = plan.outer * part * 4
    const y: Place = isLast ? job.y : { buffer: scratch(bytes), offset: 0, dtype: between }
    const indices: Place | null = !isLocated
      ? null
      : isLast
        ? job.indices
        : { buffer: scratch(bytes), offset: 0, dtype: 'int32' }
    const inPart = inPlane(plan) * plan.inner
    const slices: Slice[] = [
      { ...y, part },
      { ...x, part: inPart },
    ]
    if (places !== null) slices.push({ ...places, part: inPart })
    if (indices !== null) slices.push({ ...indices, part })
    const own = { ...job, magnitude: job.magnitude && isFirst }
    const pass = { from: x.dtype, to: y.dtype, indices: isLocated, isFirst, isLast }
    const step = {
      ...programOf(own, plan, pass),
      tables: { plan, planes: null, isTransposed: false },
      slices,
      outer: plan.outer,
      perPlane: part,
      reads: readsOf(plan),
      ...(places !== null && { scale: after }),
    }
    after *= plan.axes[0]!.inSize
    ;[x, places] = [y, indices]
    return step
  })
}

/** One plan for each axis, the last axis first, for positions in the plane; null if all axes at once cost less. */
const locatedPassesOf = memoizeWeak((plan: PoolPlan) => worthwhile(plan, alongAxes(plan, false)))

/** One plan for each axis that pools, the last axis first; null if all axes at once cost less. */
export const passesOf = memoizeWeak((plan: PoolPlan) =>
  worthwhile(plan, alongAxes(plan, false).filter(pools)),
)

/** The same for the gradient. */
export const transposedPassesOf = memoizeWeak((plan: PoolPlan) =>
  worthwhile(plan, alongAxes(plan, true).filter(pools), inPlane(plan)),
)

/** True for few results with many taps each, which leave threads idle. The first of several passes has more results. */
const few = { results: 2 ** 16, taps: 2 ** 10 }

function worthwhile(
  plan: PoolPlan,
  passes: readonly PoolPlan[],
  plane = outPlane(plan),
): readonly PoolPlan[] | null {
  if (passes.length < 2) return null
  const reads = readsOf(plan)
  const results = plan.outer * plane * plan.inner
  if (results < few.results && reads >= few.taps * results) return passes
  const cost = passes.reduce((sum, pass) => sum + costOf(pass), 0)
  return 2 * cost < reads ? passes : null
}

function pools({ axes: [axis] }: PoolPlan): boolean {
  return !(axis!.regular?.window === 1 && axis!.inSize === axis!.outSize)
}

/** Elements read and written, and written again for the next pass. */
function costOf(pass: PoolPlan): number {
  return readsOf(pass) + 2 * pass.outer * outPlane(pass) * pass.inner
}

function alongAxes({ outer, axes, inner }: PoolPlan, isTransposed: boolean): PoolPlan[] {
  const [before, after] = isTransposed
    ? [(axis: AxisPlan) => axis.outSize, (axis: AxisPlan) => axis.inSize]
    : [(axis: AxisPlan) => axis.inSize, (axis: AxisPlan) => axis.outSize]
  const product = (list: readonly AxisPlan[], of: (axis: AxisPlan) => number) =>
    list.reduce((size, axis) => size * of(axis), 1)
  return axes
    .map((axis, i) => ({
      outer: outer * product(axes.slice(0, i), before),
      axes: [axis],
      inner: inner * product(axes.slice(i + 1), after),
    }))
    .reverse()
}
