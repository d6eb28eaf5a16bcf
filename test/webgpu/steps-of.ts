/**
 * @file The steps of a trial's job.
 */
import { stepsOfJob } from '../../src/adapters/webgpu/counted-steps.ts'
import { foldOf } from '../../src/adapters/webgpu/fold-steps.ts'
import { forwardSteps, type Place } from '../../src/adapters/webgpu/forward-steps.ts'
import type { Windows } from '../../src/adapters/webgpu/gpu-tensor.ts'
import {
  foldGradientSteps,
  type GradientCounting,
  type GradientJob,
  linkedGradientSteps,
  meanGradientSteps,
  normGradientSteps,
  pickedGradientSteps,
} from '../../src/adapters/webgpu/gradient-steps.ts'
import type { Step } from '../../src/adapters/webgpu/step.ts'
import type { GpuDType } from '../../src/adapters/webgpu/wgsl/elements.ts'
import type { Job } from '../../src/kernels/job.ts'
import { outPlane } from '../../src/plan/pool-plan.ts'
import type { Wanted } from '../kernels/jobs.ts'

export type Trial = Omit<Wanted, 'plan' | 'dtype'> & {
  readonly dtype: GpuDType
  /** Gradients of max and min by indices that may lie anywhere. */
  readonly isForeign?: boolean
  /** True for tensors that begin with a block of four elements. */
  readonly isAligned?: boolean
}

/** The buffers of a job: `to` is written, and `indices` by a forward job; the others by their names in the job. */
export interface Places {
  readonly to: Place
  readonly indices: Place | null
  readonly inputs: Readonly<Record<string, Place>>
}

export function stepsOf(
  job: Job,
  { dtype, isForeign, withIndices }: Trial,
  { planes, counting = null }: Pick<Windows, 'planes'> & { readonly counting?: GradientCounting | null },
  { to, indices, inputs }: Places,
  scratch: (bytes: number) => GPUBuffer,
): readonly Step[] {
  const { plan } = job
  if (job.pass === 'backward') {
    const gradient = { plan, planes, counting, dtype, scratch, dy: inputs.dy!, dx: to }
    return gradientSteps(job, gradient, inputs, isForeign)
  }
  const outline = (withIndices === true ? { ...job, indices: new Int32Array(0) } : job) as never
  const forward = { plan, planes, counting, dtype, scratch, outline, magnitude: false }
  return stepsOfJob({ ...forward, x: inputs.x!, y: to, indices }, null)
}

function gradientSteps(
  job: Job & { pass: 'backward' },
  gradient: GradientJob,
  { x, y, indices }: Readonly<Record<string, Place>>,
  isForeign = false,
): readonly Step[] {
  if (job.reducer === 'average') return meanGradientSteps(gradient, job.division, job.exact)
  if (job.reducer === 'lp') return normGradientSteps(gradient, job.norm, x!, y!)
  if (foldOf(job) !== null) return foldGradientSteps(gradient, job, x!)
  if (job.reducer === 'gem') return meanOfPowersSteps(gradient, job, x!)
  return isForeign ? linkedGradientSteps(gradient, indices!) : pickedGradientSteps(gradient, indices!)
}

function meanOfPowersSteps(
  gradient: GradientJob,
  { p, eps }: { readonly p: number; readonly eps: number },
  x: Place,
): readonly Step[] {
  const { plan, dtype, scratch } = gradient
  const y = { buffer: scratch(plan.outer * outPlane(plan) * plan.inner * 4), offset: 0, dtype }
  const outline = { reducer: 'gem', pass: 'forward', p, eps } as const
  const forward = forwardSteps({ ...gradient, outline, magnitude: false, x, y, indices: null })
  return [...forward, ...normGradientSteps(gradient, { p, eps, fullWindow: 1 }, x, y)]
}
