/**
 * @file Forward calls, other than unpooling.
 */
import { invalid } from '../../errors.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import type { GradientOutline, JobOutline } from '../../ops/reduce/reduction.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { checkResult, type GpuCall, makeResult, parseCall, perform, placeOf, type Scratch } from './call.ts'
import type { Context } from './context.ts'
import { stepsOfJob } from './counted-steps.ts'
import { mapStep, parseCounting } from './counting.ts'
import type { ForwardJob, JobCounting } from './forward-steps.ts'
import type { GpuPooled, GpuTensor, Windows } from './gpu-tensor.ts'

export function forward(
  context: Context,
  operation: AnyOperation,
  given: unknown,
  options: object,
): GpuTensor | GpuPooled {
  const call = parseCall(context, operation, 'forward', given, options)
  const { x, shape, dtype } = call
  const outline = call.outline as JobOutline
  assertHere(call, outline, operation)
  const withIndices = 'indices' in outline && outline.indices !== null
  const counting = parseCounting(call, operation)
  const masks = counting?.mask ? [counting.mask.tensor] : []
  const out = checkResult(call, 'out', call.given.out, shape, dtype, [x, ...masks])
  const others = [x, ...masks, ...(out === null ? [] : [out])]
  const indicesOut = checkIndicesOut(call, withIndices, others)
  const windows = windowsOf(call)
  const results = perform(call, {
    inputs: [x, ...masks],
    prepare: (scratch) => {
      const y = makeResult(call, out, shape, dtype)
      const picked = { ...windows, leavesOut: counting !== null }
      const indices = withIndices ? makeResult(call, indicesOut, shape, 'int32', picked) : null
      const counts = counting?.returnCounts === true ? makeResult(call, null, shape, 'int32') : null
      const mapped = counting && mapStep(call, counting, scratch.take)
      const job = jobOf(call, outline, operation, windows, scratch, y, indices, mapped?.counting ?? null)
      const steps = [...(mapped === null ? [] : [mapped.step]), ...stepsOfJob(job, counts && placeOf(counts))]
      return { steps, results: [y, indices, counts].filter((result) => result !== null) }
    },
  })
  const [output, ...more] = results as [GpuTensor, ...GpuTensor[]]
  if (more.length === 0) return output
  const indices = withIndices ? { indices: more[0]! } : {}
  const counts = counting?.returnCounts === true ? { counts: more.at(-1)! } : {}
  return { output, ...indices, ...counts }
}

export function jobOf(
  { dtype, x }: GpuCall,
  outline: JobOutline,
  { reducer }: AnyOperation,
  windows: Windows,
  scratch: Scratch,
  y: GpuTensor,
  indices: GpuTensor | null,
  counting: JobCounting | null,
): ForwardJob {
  return {
    ...windows,
    counting,
    dtype,
    scratch: scratch.take,
    outline,
    magnitude: reducer === 'lp',
    x: placeOf(x),
    y: placeOf(y),
    indices: indices && placeOf(indices),
  }
}

export function windowsOf({ plan, planes, dtype, given }: GpuCall): Windows {
  return { plan: plan(), planes: planes === null ? null : planes(dtype, given.randomSamples) }
}

function checkIndicesOut(
  call: GpuCall,
  withIndices: boolean,
  others: readonly GpuTensor[],
): GpuTensor | null {
  const { op, given, shape } = call
  if (given.indicesOut === undefined || withIndices)
    return checkResult(call, 'indicesOut', given.indicesOut, shape, 'int32', others)
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'indicesOut', value: given.indicesOut },
    'is for returnIndices: true',
    'Set it, or leave indicesOut out.',
  )
}

const floatOnly: readonly string[] = ['lp', 'rms', 'var', 'std', 'gem', 'soft', 'lse']

/** The p for which no power of a magnitude overflows, or loses what the bound promises. */
const powers = [0.5, 32] as const

/** @throws PoolError for what a shader does not compute */
export function assertHere(call: GpuCall, outline: JobOutline, { reducer }: AnyOperation): void {
  const { op, dtype, axes } = call
  if (floatOnly.includes(reducer) && !dtypes[dtype].float) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'x.dtype', value: dtype },
      `${op} is of float32, float16 and bfloat16 only`,
      'Convert to float32 first.',
    )
  }
  if (sizeOf(axes.spatial) >= 2 ** 31) {
    throw invalid(
      'LIMIT',
      { op, argument: 'elements of a plane', value: sizeOf(axes.spatial) },
      'must be below 2^31 on a GPU',
      'Split the plane.',
    )
  }
  if (outline.reducer === 'lp') assertPower(op, 'normType', outline.norm.p)
  assertFold(op, outline)
  if (outline.reducer === 'average') assertDivisor(op, outline.division, call)
}

export function assertPower(op: string, argument: string, p: number): void {
  if (p >= powers[0] && p <= powers[1]) return
  throw outOfRange(op, argument, p, `from ${powers[0]} to ${powers[1]}, or infinite`)
}

/** @throws PoolError for parameters whose floats would overflow, or that make gradients infinite */
export function assertFold(op: string, outline: JobOutline | GradientOutline): void {
  if (outline.reducer === 'gem' && !(outline.p >= 1 && outline.p <= powers[1]))
    throw outOfRange(op, 'p', outline.p, `from 1 to ${powers[1]}`)
  if (outline.reducer === 'variance' && outline.correction > 1)
    throw outOfRange(op, 'correction', outline.correction, 'from 0 to 1')
  if (outline.reducer === 'lse' && !(Math.abs(outline.r) >= 2 ** -20 && Math.abs(outline.r) <= 2 ** 20))
    throw outOfRange(op, 'r', outline.r, 'from 2^-20 to 2^20, or the negative of such a number')
}

function outOfRange(op: string, argument: string, value: number, range: string): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument, value },
    `must be ${range}, on a GPU`,
    `Read the tensor with read(), and call ${op} of pool2d.`,
  )
}

export function assertDivisor(op: string, division: 'product' | 'each' | number, call: GpuCall): void {
  const isFloat = dtypes[call.dtype].float
  const most = isFloat ? 2 ** 32 : 2 ** 31
  if (typeof division === 'number') {
    if (isFloat || Math.abs(division) < most) return
    throw tooLarge(op, 'divisorOverride', division, most)
  }
  const divisor = largestDivisor(call.plan())
  if (divisor >= most) throw tooLarge(op, 'elements of a window', divisor, most)
}

function largestDivisor({ axes }: PoolPlan): number {
  return axes.reduce((product, axis) => product * Math.max(1, statsOf(axis).mostDivisor), 1)
}

function tooLarge(op: string, argument: string, value: number, most: number): Error {
  return invalid(
    'LIMIT',
    { op, argument, value },
    `a GPU divides by numbers below ${most}`,
    `Read the tensor with read(), and call ${op} of pool2d.`,
  )
}
