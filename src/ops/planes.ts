/**
 * @file Runs jobs whose windows differ from plane to plane (fractional pooling), one plane at a time. In NHWC the channels are
 * moved in front of the pooled axes for the run, and back afterwards.
 */
import type { Job, Kernel } from '../kernels/job.ts'
import { runJob } from '../kernels/run.ts'
import { inPlane, outPlane, type PoolPlan } from '../plan/pool-plan.ts'
import { allocateArray, temporary } from '../tensor/allocate.ts'
import type { ArrayClass, TypedArray } from '../tensor/dtype.ts'
import { storageOf } from '../tensor/storage.ts'
import type { Call, ResolvedCall } from './call.ts'
import type { TensorAxes } from './geometry/tensor-axes.ts'

/**
 * Runs a job with its own plan, or, if `planes` is not null, each plane with its own plan. A job leaves out what the call leaves out;
 * gradients by index need not, as windows with too few elements have index -1.
 *
 * @param optional  as in `kernelsFor`
 */
export function runPlanes(
  { op, axes, counted }: ResolvedCall & Pick<Call, 'counted'>,
  planes: readonly PoolPlan[] | null,
  job: Job,
  optional?: readonly Kernel[],
): void {
  const isByIndex = job.pass === 'backward' && 'indices' in job && !('x' in job)
  if (planes === null) runJob(counted === undefined || isByIndex ? job : { ...job, counted }, optional)
  else if (planes.length > 0) runEachPlane(op, axes, planes, job)
}

const written = { forward: ['y', 'indices'], backward: ['dx'] }

function runEachPlane(op: string, axes: TensorAxes, plans: readonly PoolPlan[], job: Job): void {
  const sizes: Readonly<Record<string, number>> = { x: inPlane(plans[0]!), dx: inPlane(plans[0]!) }
  const sizeOf = (name: string): number => sizes[name] ?? outPlane(plans[0]!)
  const buffers = Object.entries(job)
    .filter((entry): entry is [string, TypedArray] => ArrayBuffer.isView(entry[1]))
    .map(([name, data]) => {
      const whole = storageOf(data)
      const isWritten = written[job.pass].includes(name)
      const planar = axes.inner === 1 ? whole : like(op, whole)
      if (planar !== whole && !isWritten) toPlanes(axes, whole, planar, sizeOf(name))
      return { name, whole, planar, isWritten, size: sizeOf(name) }
    })
  plans.forEach((plan, i) => {
    const own = buffers.map(({ name, planar, size }) => [name, planar.subarray(i * size, (i + 1) * size)])
    runJob({ ...job, ...Object.fromEntries(own), plan } as Job)
  })
  for (const { whole, planar, isWritten, size } of buffers)
    if (planar !== whole && isWritten) fromPlanes(axes, planar, whole, size)
}

function like<A extends TypedArray>(op: string, data: A): A {
  return allocateArray(op, data.constructor as ArrayClass<A>, data.length, temporary)
}

/** Copies `[outer][plane][inner]` into `[outer][inner][plane]`. */
function toPlanes<A extends TypedArray>(
  { outer, inner }: TensorAxes,
  from: A,
  to: A,
  planeSize: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      const plane = (o * inner + c) * planeSize
      for (let p = 0; p < planeSize; p++) to[plane + p] = from[(o * planeSize + p) * inner + c]!
    }
  }
}

/** Copies `[outer][inner][plane]` into `[outer][plane][inner]`. */
function fromPlanes<A extends TypedArray>(
  { outer, inner }: TensorAxes,
  from: A,
  to: A,
  planeSize: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let c = 0; c < inner; c++) {
      const plane = (o * inner + c) * planeSize
      for (let p = 0; p < planeSize; p++) to[(o * planeSize + p) * inner + c] = from[plane + p]!
    }
  }
}
