/**
 * @file The steps of a trial's job.
 */
import { forwardSteps, type Place } from '../../src/adapters/webgpu/forward-steps.ts'
import type { Windows } from '../../src/adapters/webgpu/gpu-tensor.ts'
import {
  type GradientJob,
  meanGradientSteps,
  normGradientStep,
  pickedGradientStep,
  scatterSumStep,
} from '../../src/adapters/webgpu/gradient-steps.ts'
import type { Step } from '../../src/adapters/webgpu/step.ts'
import type { GpuDType } from '../../src/adapters/webgpu/wgsl/elements.ts'
import type { Job } from '../../src/kernels/job.ts'
import type { Wanted } from '../kernels/jobs.ts'

export type Trial = Omit<Wanted, 'plan' | 'dtype'> & {
  readonly dtype: GpuDType
  /** Gradients of max and min by indices that may lie anywhere. */
  readonly isForeign?: boolean
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
  { planes }: Pick<Windows, 'planes'>,
  { to, indices, inputs }: Places,
  scratch: (bytes: number) => GPUBuffer,
): readonly Step[] {
  const { plan } = job
  if (job.pass === 'backward') {
    const gradient = { plan, planes, dtype, scratch, dy: inputs.dy!, dx: to }
    return gradientSteps(job, gradient, inputs, isForeign)
  }
  const outline = (withIndices === true ? { ...job, indices: new Int32Array(0) } : job) as never
  return forwardSteps({
    plan,
    planes,
    dtype,
    scratch,
    outline,
    magnitude: false,
    x: inputs.x!,
    y: to,
    indices,
  })
}

function gradientSteps(
  job: Job & { pass: 'backward' },
  gradient: GradientJob,
  { x, y, indices }: Readonly<Record<string, Place>>,
  isForeign = false,
): readonly Step[] {
  if (job.reducer === 'average') return meanGradientSteps(gradient, job.division, job.exact)
  if (job.reducer === 'lp') return [normGradientStep(gradient, job.norm, x!, y!)]
  return [isForeign ? scatterSumStep(gradient, indices!) : pickedGradientStep(gradient, indices!)]
}
