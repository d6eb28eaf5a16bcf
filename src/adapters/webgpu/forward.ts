/**
 * @file Forward calls: max, min, average, sum and Lp pooling.
 */
import { invalid } from '../../errors.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import type { JobOutline } from '../../ops/reduce/reduction.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { checkResult, type GpuCall, makeResult, parseCall, perform, placeOf, type Scratch } from './call.ts'
import type { Context } from './context.ts'
import { type ForwardJob, forwardSteps } from './forward-steps.ts'
import type { GpuPooledWithIndices, GpuTensor, Windows } from './gpu-tensor.ts'

export function forward(
  context: Context,
  operation: AnyOperation,
  given: unknown,
  options: object,
): GpuTensor | GpuPooledWithIndices {
  const call = parseCall(context, operation, 'forward', given, options)
  const { x, shape, dtype } = call
  const outline = call.outline as JobOutline
  assertHere(call, outline, operation)
  const withIndices = 'indices' in outline && outline.indices !== null
  const out = checkResult(call, 'out', call.given.out, shape, dtype, [x])
  const others = out === null ? [x] : [x, out]
  const indicesOut = checkIndicesOut(call, withIndices, others)
  const windows = windowsOf(call)
  const results = perform(call, {
    inputs: [x],
    prepare: (scratch) => {
      const y = makeResult(call, out, shape, dtype)
      const indices = withIndices ? makeResult(call, indicesOut, shape, 'int32', windows) : null
      const job = jobOf(call, outline, operation, windows, scratch, y, indices)
      return { steps: forwardSteps(job), results: indices === null ? [y] : [y, indices] }
    },
  })
  return withIndices ? { output: results[0]!, indices: results[1]! } : results[0]!
}

export function jobOf(
  { dtype, x }: GpuCall,
  outline: JobOutline,
  { reducer }: AnyOperation,
  windows: Windows,
  scratch: Scratch,
  y: GpuTensor,
  indices: GpuTensor | null,
): ForwardJob {
  return {
    ...windows,
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

/** The p for which no power of a magnitude overflows, or loses what the bound promises. */
const powers = [0.5, 32] as const

/** @throws PoolError for what a shader does not compute */
export function assertHere(call: GpuCall, outline: JobOutline, { reducer }: AnyOperation): void {
  const { op, dtype, axes } = call
  if ((reducer === 'lp' || reducer === 'rms') && !dtypes[dtype].float) {
    throw invalid(
      'BAD_DTYPE',
      { op, argument: 'x.dtype', value: dtype },
      'norms are of float32, float16 and bfloat16 only',
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
  if (outline.reducer === 'lp') assertPower(op, outline.norm.p)
  if (outline.reducer === 'average') assertDivisor(op, outline.division, call)
}

export function assertPower(op: string, p: number): void {
  if (p >= powers[0] && p <= powers[1]) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'normType', value: p },
    `must be from ${powers[0]} to ${powers[1]}, or infinite, on a GPU`,
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
