/**
 * @file Gradients, other than of unpooling.
 */
import { invalid } from '../../errors.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import type { GradientOutline, JobOutline } from '../../ops/reduce/reduction.ts'
import type { Norm } from '../../reducers/lp.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import {
  checkResult,
  type GpuCall,
  makeResult,
  parseCall,
  parseInput,
  perform,
  placeOf,
  type Scratch,
} from './call.ts'
import type { Context } from './context.ts'
import { stepsOfJob } from './counted-steps.ts'
import { type Counting, mapStep, parseCounting, sharesSteps } from './counting.ts'
import { foldOf } from './fold-steps.ts'
import { assertDivisor, assertFold, assertPower, windowsOf } from './forward.ts'
import type { ForwardJob, JobCounting, Place } from './forward-steps.ts'
import { GpuTensor, type Windows } from './gpu-tensor.ts'
import {
  foldGradientSteps,
  type GradientCounting,
  type GradientJob,
  linkedGradientSteps,
  meanGradientSteps,
  normGradientSteps,
  pickedGradientSteps,
} from './gradient-steps.ts'
import type { Step } from './step.ts'

export function backward(
  context: Context,
  operation: AnyOperation,
  givenDy: unknown,
  givenX: unknown,
  options: object,
): GpuTensor {
  const call = parseCall(context, operation, 'backward', givenX, options)
  const { x, shape, dtype } = call
  const outline = call.outline as GradientOutline
  const why = "the output's shape for this input"
  const dy = parseInput(call, 'dy', givenDy, { shape, dtype, why })
  const counting = parseCounting(call, operation)
  const stepsOf = plannerOf(call, operation, outline)
  const masks = counting?.mask ? [counting.mask.tensor] : []
  const inputs = [x, dy, ...masks, ...(stepsOf.indices === null ? [] : [stepsOf.indices])]
  const out = checkResult(call, 'out', call.given.out, x.shape, dtype, inputs)
  const [dx] = perform(call, {
    inputs,
    prepare: (scratch) => {
      const result = makeResult(call, out, x.shape, dtype)
      const counted = counting && countedOf(call, counting, scratch)
      const job: GradientJob = {
        ...stepsOf.windows,
        counting: counted?.counting ?? null,
        dtype,
        scratch: scratch.take,
        dy: placeOf(dy),
        dx: placeOf(result),
      }
      const steps = [...(counted?.steps ?? []), ...stepsOf.plan(job, scratch)]
      return { steps, results: [result] }
    },
  })
  return dx!
}

/** Windows in which too few elements count give no gradient: their result is 0 where a gradient computes it again. */
function countedOf(
  call: GpuCall,
  counting: Counting,
  scratch: Scratch,
): { readonly steps: readonly Step[]; readonly counting: GradientCounting } {
  const mapped = mapStep(call, { ...counting, fill: 0 }, scratch.take)
  const { steps, counts, shares } = sharesSteps(call.plan(), mapped.counting, scratch.take)
  return { steps: [mapped.step, ...steps], counting: { ...mapped.counting, counts, shares } }
}

interface Planner {
  readonly windows: Windows
  readonly indices: GpuTensor | null
  plan(job: GradientJob, scratch: Scratch): readonly Step[]
}

function plannerOf(call: GpuCall, { reducer }: AnyOperation, outline: GradientOutline): Planner {
  const { op } = call
  if (outline.reducer === 'average') {
    assertDivisor(op, outline.division, call)
    const windows = windowsOf(call)
    return {
      windows,
      indices: null,
      plan: (job) => meanGradientSteps(job, outline.division, outline.exact),
    }
  }
  assertFold(op, outline)
  if (foldOf(outline) !== null) {
    return {
      windows: windowsOf(call),
      indices: null,
      plan: (job) => foldGradientSteps(job, outline, placeOf(call.x)),
    }
  }
  if (outline.reducer === 'lp') {
    assertPower(op, 'normType', outline.norm.p)
    return normPlanner(call, { reducer: 'lp', pass: 'forward', norm: outline.norm }, outline.norm)
  }
  if (outline.reducer === 'gem') {
    const { p, eps } = outline
    return normPlanner(call, { reducer: 'gem', pass: 'forward', p, eps }, { p, eps, fullWindow: 1 })
  }
  if (reducer !== 'lp') return extremumPlanner(call, outline.reducer as 'max' | 'min')
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'normType', value: outline.reducer === 'max' ? Infinity : -Infinity },
    'has no gradient on a GPU',
    `Read the tensors with read(), and call ${op} of pool2d.`,
  )
}

function normPlanner(call: GpuCall, forward: JobOutline, norm: Norm & { readonly eps?: number }): Planner {
  const { dtype, x, shape } = call
  const windows = windowsOf(call)
  return {
    windows,
    indices: null,
    plan: (job, scratch) => {
      const bytes = sizeOf(shape) * dtypes[dtype].storage.BYTES_PER_ELEMENT
      const y: Place = { buffer: scratch.take(bytes), offset: 0, dtype }
      const steps = again(call, windows, scratch, forward, y, null, job.counting)
      return [...steps, ...normGradientSteps(job, norm, placeOf(x), y)]
    },
  }
}

/** With indices, or finding the elements again. */
function extremumPlanner(call: GpuCall, reducer: 'max' | 'min'): Planner {
  const { given, dtype, shape } = call
  if (given.indices !== undefined) return indexedPlanner(call, given.indices)
  assertRepeatable(call)
  const windows = windowsOf(call)
  return {
    windows,
    indices: null,
    plan: (job, scratch) => {
      const size = sizeOf(shape)
      const bytes = size * dtypes[dtype].storage.BYTES_PER_ELEMENT
      const y: Place = { buffer: scratch.take(bytes), offset: 0, dtype }
      const indices: Place = { buffer: scratch.take(size * 4), offset: 0, dtype: 'int32' }
      const forward = { reducer, pass: 'forward', indices: new Int32Array(0) } as const
      return [
        ...again(call, windows, scratch, forward, y, indices, job.counting),
        ...pickedGradientSteps(job, indices),
      ]
    },
  }
}

/** The forward steps, for what the gradient needs of them. */
function again(
  { dtype, x }: GpuCall,
  windows: Windows,
  scratch: Scratch,
  outline: JobOutline,
  y: Place,
  indices: Place | null,
  counting: JobCounting | null,
): readonly Step[] {
  const job: ForwardJob = {
    ...windows,
    counting,
    dtype,
    scratch: scratch.take,
    outline,
    magnitude: false,
    x: placeOf(x),
    y,
    indices,
  }
  return stepsOfJob(job, null)
}

function indexedPlanner(call: GpuCall, given: unknown): Planner {
  const { shape } = call
  const indices = parseInput(call, 'indices', given, { shape, dtype: 'int32', why: "the output's shape" })
  const own = GpuTensor.windowsOf(indices)
  const windows = { plan: call.plan(), planes: null }
  if (own !== null && haveSameWindows(own, windows))
    return { windows: own, indices, plan: (job) => pickedGradientSteps(job, placeOf(indices)) }
  return { windows, indices, plan: (job) => linkedGradientSteps(job, placeOf(indices)) }
}

/** True if both read the same taps: plans of one geometry, or the random windows of a forward call. */
function haveSameWindows(own: Windows, { plan }: Windows): boolean {
  if (own.plan.outer !== plan.outer || own.plan.inner !== plan.inner) return false
  return plan.axes.every((axis, i) => {
    const other = own.plan.axes[i]!
    const [a, b] = [axis.recipe, other.recipe].map((recipe) =>
      JSON.stringify({ ...recipe, countPadding: null }),
    )
    return axis.inSize === other.inSize && a === b
  })
}

/** Random windows can be repeated only from their samples. */
function assertRepeatable({ op, planes, given }: GpuCall): void {
  if (planes === null || given.randomSamples !== undefined) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'randomSamples', value: undefined },
    'the gradient needs the windows of the forward call',
    'Pass its indices, or the randomSamples given to it.',
  )
}
