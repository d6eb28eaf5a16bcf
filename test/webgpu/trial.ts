/**
 * @file Runs jobs of the kernels' contract on a GPU and compares them with the expected results. Uses no test framework, so
 * that pages and other runtimes run it too.
 */
import type { Context } from '../../src/adapters/webgpu/context.ts'
import { usages } from '../../src/adapters/webgpu/device.ts'
import { foldOf } from '../../src/adapters/webgpu/fold-steps.ts'
import type { Place } from '../../src/adapters/webgpu/forward-steps.ts'
import { assertBindable, record, recorderInto } from '../../src/adapters/webgpu/step.ts'
import type { GpuDType } from '../../src/adapters/webgpu/wgsl/elements.ts'
import type { Job } from '../../src/kernels/job.ts'
import { outPlane, type PoolPlan, readsOf } from '../../src/plan/pool-plan.ts'
import { tablesOf } from '../../src/plan/tables.ts'
import { dtypes, type TypedArray } from '../../src/tensor/dtype.ts'
import { narrow, widen } from '../../src/tensor/half.ts'
import { type Expected, expectedOf } from '../kernels/expected.ts'
import { jobOf, type Wanted, writtenBy } from '../kernels/jobs.ts'
import type { Outcome } from '../kernels/outcome.ts'
import { stepsOf, type Trial } from './steps-of.ts'

export async function tryOnGpu(
  context: Context,
  trial: Trial,
  plans: readonly (readonly [name: string, plan: PoolPlan])[],
): Promise<Outcome> {
  const wrong: string[] = []
  let compared = 0
  for (const [name, plan] of plans) {
    if (outPlane(plan) === 0 || (trial.reducer === 'gem' && countsPadding(plan))) continue
    const fault = await faultOf(context, trial, plan)
    compared++
    if (fault !== null) wrong.push(`${JSON.stringify(trial)} ${name}: ${fault}`)
  }
  return { wrong, compared, skipped: [] }
}

/** Generalized means never count padding, and so have no plan that does. */
function countsPadding({ axes }: PoolPlan): boolean {
  return axes.some((axis) => {
    const { taps, divisor } = tablesOf(axis)
    return taps.some((count, i) => count !== divisor[i])
  })
}

/** Bytes before the elements, which must stay as they are. */
const bytesBefore = ({ isAligned }: Trial): number => (isAligned ? 32 : 20)
const canary = 0xa5

async function faultOf(context: Context, trial: Trial, plan: PoolPlan): Promise<string | null> {
  const half = trial.dtype === 'float16' || trial.dtype === 'bfloat16' ? trial.dtype : null
  const wanted: Wanted = { ...trial, plan, dtype: half === null ? trial.dtype : 'float32' }
  const { job } = jobOf(wanted)
  const stored = (values: TypedArray): TypedArray => {
    if (half === null) return values
    const bits = new Uint16Array(values.length)
    narrow(values as Float32Array, half, bits)
    return bits
  }
  const rounded = (values: TypedArray): TypedArray =>
    half === null ? values : widen(stored(values) as Uint16Array, half)
  const operands = Object.fromEntries(
    (['x', 'dy', 'y'] as const)
      .filter((name) => name in job && (job.pass === 'backward' || name === 'x'))
      .map((name) => [name, rounded((job as unknown as Record<string, TypedArray>)[name]!)]),
  )
  const exact = { ...job, ...operands } as Job
  const expected = expectedOf(exact)
  const inputs = Object.fromEntries(Object.entries(operands).map(([name, data]) => [name, stored(data)]))
  const given = 'indices' in job && job.pass === 'backward' ? { ...inputs, indices: job.indices } : inputs
  const result = await onGpu(context, exact, trial, given as Record<string, TypedArray>)
  const want = stored(expected.written)
  if (!result.isIntact) return 'wrote outside its result'
  const valuesOf = (data: TypedArray): TypedArray => (half === null ? data : widen(data as Uint16Array, half))
  const at = firstOutside(valuesOf(result.written), valuesOf(want), boundsOf(exact, trial, expected))
  if (at >= 0) return `[${at}] is ${valuesOf(result.written)[at]}, expected ${valuesOf(want)[at]}`
  const { indices } = result
  if (expected.indices === null || indices === null) return null
  const place = expected.indices.findIndex((index, i) => index !== indices[i])
  return place < 0 ? null : `indices[${place}] is ${indices[place]}, expected ${expected.indices[place]}`
}

/**
 * The bounds that docs/webgpu.md states: zero for max, min, integers and exact averages; for n taps, (n + 5) 2^-24 of the mean of
 * magnitudes, and what flushed subnormals leave; halves are rounded once more.
 */
function boundsOf(
  job: Job,
  { exact, dtype, pass }: Trial,
  { written, weights }: Expected,
): Float64Array | null {
  if (foldOf(job) !== null || job.reducer === 'gem') return foldBounds(job, written)
  if (weights === null || (job.reducer === 'average' && exact)) return null
  const unit = dtype === 'float16' ? 2 ** -11 : dtype === 'bfloat16' ? 2 ** -8 : 2 ** -24
  const least = dtype === 'float16' ? 2 ** -24 : 2 ** -120
  const roundings = job.reducer === 'lp' ? (pass === 'backward' ? 64 : 32) : 6
  return Float64Array.from(weights, (weight, i) => {
    const want = Math.abs(Number(written[i]))
    return roundings * 2 ** -24 * Math.max(weight, want) + want * 2 * unit + least
  })
}

/**
 * For windows of up to n elements: (n + 64) 2^-23 of the largest finite magnitude, for variances of its square, and for means of
 * exponentials of it and 8 / |r|; of gradients of the largest dy times the windows that read an element, as slopes are at most 2 there.
 */
function foldBounds(job: Job, written: TypedArray): Float64Array {
  const largest = (values: TypedArray): number => {
    let most = 0
    for (const value of values as Float32Array)
      if (Number.isFinite(value)) most = Math.max(most, Math.abs(value))
    return most
  }
  const n = readsOf(job.plan) / Math.max(1, written.length)
  const x = 'x' in job ? largest(job.x) : 0
  const scale =
    job.reducer === 'variance' && !job.root
      ? Math.max(x ** 2, x)
      : x + 8 / Math.abs(job.reducer === 'lse' ? job.r : 1)
  const size = job.pass === 'backward' ? largest(job.dy) * (1 + x) * 4 : scale
  return new Float64Array(written.length).fill((n + 64) * 2 ** -23 * size + 2 ** -100)
}

function firstOutside(got: TypedArray, want: TypedArray, bounds: Float64Array | null): number {
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i])) continue
    if (bounds === null || !(Math.abs(Number(got[i]) - Number(want[i])) <= bounds[i]!)) return i
  }
  return -1
}

interface Result {
  readonly written: TypedArray
  readonly indices: Int32Array | null
  readonly isIntact: boolean
}

async function onGpu(
  context: Context,
  job: Job,
  trial: Trial,
  inputs: Readonly<Record<string, TypedArray>>,
): Promise<Result> {
  const { dtype, withIndices } = trial
  const { device } = context
  const before = bytesBefore(trial)
  const made: GPUBuffer[] = []
  const scratch = (bytes: number): GPUBuffer => {
    made.push(context.elements('trial', 'scratch', bytes))
    return made.at(-1)!
  }
  const placed = (data: TypedArray, type: GpuDType): Place & { readonly buffer: GPUBuffer } => {
    const bytes = new Uint8Array(before + Math.ceil(data.byteLength / 4) * 4 + 8).fill(canary)
    bytes.set(new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength), before)
    const buffer = scratch(bytes.length)
    device.queue.writeBuffer(buffer, 0, bytes)
    return { buffer, offset: before, dtype: type }
  }
  const size = writtenBy(job).length
  const { storage } = dtypes[dtype]
  const to = placed(new storage(size), dtype)
  const indices = withIndices === true ? placed(new Int32Array(size), 'int32') : null
  const places = Object.fromEntries(
    Object.entries(inputs).map(([name, data]) => [name, placed(data, name === 'indices' ? 'int32' : dtype)]),
  )
  const steps = stepsOf(job, trial, { planes: null }, { to, indices, inputs: places }, scratch)
  for (const step of steps) assertBindable('trial', context, step)
  const encoder = device.createCommandEncoder()
  for (const step of steps) record(context, step, recorderInto(encoder))
  device.queue.submit([encoder.finish()])
  const bytes = await download(device, to.buffer)
  const end = before + size * storage.BYTES_PER_ELEMENT
  const [result, index] = [bytes.slice(before, end), indices && (await download(device, indices.buffer))]
  for (const buffer of made) buffer.destroy()
  return {
    written: new (storage as unknown as new (buffer: ArrayBuffer) => TypedArray)(
      result.buffer as ArrayBuffer,
    ),
    indices: index && new Int32Array(index.slice(before, before + size * 4).buffer),
    isIntact: [...bytes.subarray(0, before), ...bytes.subarray(Math.ceil(end / 4) * 4)].every(
      (byte) => byte === canary,
    ),
  }
}

export async function download(device: GPUDevice, buffer: GPUBuffer): Promise<Uint8Array> {
  const { mapRead, copyTarget } = usages
  const staging = device.createBuffer({ size: buffer.size, usage: mapRead | copyTarget })
  const encoder = device.createCommandEncoder()
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size)
  device.queue.submit([encoder.finish()])
  await staging.mapAsync(1)
  const bytes = new Uint8Array(staging.getMappedRange()).slice()
  staging.destroy()
  return bytes
}
