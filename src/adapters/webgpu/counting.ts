/**
 * @file The options that leave elements out, on a GPU: read, and as the steps that mark and count elements.
 */
import { invalid } from '../../errors.ts'
import { elementOf } from '../../ops/counted/elements.ts'
import { sharesOf } from '../../ops/counted/mask.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { dtypes, type Scalar } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { assertGpuType, type GpuCall, placeOf } from './call.ts'
import {
  elementStep,
  type ForwardJob,
  fitsWord,
  floatBits,
  type JobCounting,
  type Place,
  passSteps,
  wordsOf,
} from './forward-steps.ts'
import { GpuTensor } from './gpu-tensor.ts'
import { loopPass, type Pass, passesOf, workOf } from './passes.ts'
import type { Slice, Step } from './step.ts'
import { countsProgram, mapProgram, sharesProgram } from './wgsl/counted.ts'
import { type CountedDivisor, rankOf } from './wgsl/windows.ts'

export interface Counting {
  readonly mask: (ReturnType<typeof sharesOf> & { readonly tensor: GpuTensor }) | null
  /** The bits of the element that is left out. */
  readonly nodata: number | null
  readonly least: number
  /** The bits of the result of a window with too few elements. */
  readonly fill: number
  readonly divisor: CountedDivisor
  readonly returnCounts: boolean
}

const largest = 2 ** 32 - 1

/** null if no option leaves anything out. @throws PoolError for a mask that is not there, or does not fit */
export function parseCounting(call: GpuCall, { reducer }: AnyOperation): Counting | null {
  const { counting, given, op, dtype } = call
  if (counting === undefined) return null
  const mask = given.mask === undefined ? null : parseMask(call, given.mask)
  const { nodata, fill = nodata, minCount, returnCounts, countsPadding } = counting
  if (fill === undefined && !dtypes[dtype].float) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'fill', value: undefined },
      `${dtype} has no NaN for windows in which too few elements count, and a GPU does not wait to see whether there are any`,
      'Pass fill or nodata.',
    )
  }
  const divides = reducer === 'average' || reducer === 'sum' || reducer === 'rms'
  const isLeftOut = mask !== null || nodata !== undefined
  const own: CountedDivisor = countsPadding ? 'padded' : 'count'
  return {
    mask,
    nodata: nodata === undefined ? null : bitsOf(call, 'nodata', nodata),
    least: Math.min(minCount, largest),
    fill: fill === undefined ? 0x7fc00000 : bitsOf(call, 'fill', fill),
    divisor: isFold(reducer) ? 'count' : divides && isLeftOut ? own : 'plan',
    returnCounts,
  }
}

/** The reducers that divide by the elements that they fold. */
function isFold(reducer: string): boolean {
  return ['var', 'std', 'gem', 'soft', 'lse'].includes(reducer)
}

function parseMask({ op, context, axes }: GpuCall, given: unknown): Counting['mask'] {
  GpuTensor.assertUsable(op, 'mask', given, context)
  assertGpuType(op, 'mask', given.dtype)
  if (!dtypes[given.dtype].float) return { tensor: given, ...sharesOf(op, given.shape, axes) }
  throw invalid(
    'BAD_DTYPE',
    { op, argument: 'mask.dtype', value: given.dtype },
    'must be an integer type: 0 leaves out',
    'Upload Uint8Array.from(mask).',
  )
}

function bitsOf({ op, dtype }: GpuCall, argument: string, value: Scalar): number {
  const element = Number(elementOf(op, argument, value, dtype))
  return dtypes[dtype].float ? floatBits(element) : element >>> 0
}

/** The step that marks the elements that count, and what jobs take of it. */
export function mapStep(
  { axes, x, plan }: GpuCall,
  { mask, nodata, least, fill, divisor }: Counting,
  scratch: (bytes: number) => Slice['buffer'],
): { readonly step: Step; readonly counting: JobCounting } {
  const { outer, inner } = plan()
  const part = inPlane(plan()) * inner
  const map: Place = { buffer: scratch(outer * part), offset: 0, dtype: 'uint8' }
  const slices: Slice[] = [{ ...map, part }]
  if (nodata !== null) slices.push({ ...placeOf(x), part })
  const isShared = mask !== null && (mask.batch !== axes.batch || mask.channels !== axes.channels)
  if (mask !== null) {
    const place = placeOf(mask.tensor)
    slices.push(isShared ? { ...place, part: sizeOf(mask.tensor.shape), isWhole: true } : { ...place, part })
  }
  const step: Step = {
    program: mapProgram({
      nodata: nodata === null ? null : placeOf(x).dtype,
      mask: mask && { dtype: placeOf(mask.tensor).dtype, isShared },
    }),
    tables: [
      Number(axes.layout === 'NHWC'),
      axes.channels,
      inPlane(plan()),
      mask?.batch ?? 1,
      mask?.channels ?? 1,
    ],
    slices,
    outer,
    perPlane: part,
    reads: outer * part,
    parameter: nodata ?? 0,
  }
  return { step, counting: { map, least, fill, divisor } }
}

const sums = {
  reducer: 'average',
  pass: 'forward',
  division: 1,
  exact: false,
  rounding: 'trunc',
} as const

/** The elements of each window that count: along one axis after another, if windows are large. */
export function countSteps(
  plan: PoolPlan,
  map: Place,
  counts: Place,
  scratch: (bytes: number) => Slice['buffer'],
): readonly Step[] {
  const passes = passesOf(plan)
  const to: Place = { ...counts, dtype: 'uint32' }
  if (!passes.some(({ method }) => method === 'doubling') || !fitsWord(plan, 'uint8')) {
    const pass = loopPass(plan)
    const program = countsProgram(rankOf(plan), pass.method === 'shared')
    return [{ program, ...overWindows(pass, map, to) }]
  }
  const job: ForwardJob = {
    plan,
    planes: null,
    scratch,
    counting: null,
    dtype: 'uint8',
    outline: sums,
    magnitude: false,
    x: map,
    y: to,
    indices: null,
  }
  return passSteps(job, passes, { y: to, indices: null, isLast: false })
}

/** What divides the gradients of windows, for `JobCounting`. */
export function sharesSteps(
  plan: PoolPlan,
  { map, least, divisor }: JobCounting,
  scratch: (bytes: number) => Slice['buffer'],
): { readonly steps: readonly Step[]; readonly counts: Place; readonly shares: Place } {
  const words = (): Place => ({ buffer: scratch(wordsOf(plan)), offset: 0, dtype: 'uint32' })
  const [counts, shares] = [words(), words()]
  const steps = countSteps(plan, map, counts, scratch)
  const program = sharesProgram(rankOf(plan), divisor)
  return {
    steps: [...steps, { program, least, ...elementStep(plan, shares, counts, false) }],
    counts,
    shares,
  }
}

function overWindows(pass: Pass, map: Place, to: Place): Omit<Step, 'program'> {
  const { plan } = pass
  const part = outPlane(plan) * plan.inner
  return {
    tables: { plan, planes: null, isTransposed: false },
    slices: [
      { ...to, part },
      { ...map, part: inPlane(plan) * plan.inner },
    ],
    outer: plan.outer,
    perPlane: part,
    ...workOf(pass, to.dtype, false),
  }
}
