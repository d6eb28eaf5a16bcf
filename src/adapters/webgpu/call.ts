/**
 * @file A call on a GPU: checks the tensors and options that `describe` leaves to its executor, and runs the steps. A refused
 * call records nothing.
 */
import { invalid, type PoolError } from '../../errors.ts'
import { assertSameShape } from '../../ops/geometry/tensor-axes.ts'
import type { AnyOperation, CallDescription, Pass } from '../../ops/operation.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import { readNamed } from '../../tensor/read-options.ts'
import type { Context } from './context.ts'
import { usages } from './device.ts'
import type { Place } from './forward-steps.ts'
import { assertUsage, bytesOf, faultOf, GpuTensor, type Windows } from './gpu-tensor.ts'
import { type Group, groupsOf, type Space } from './groups.ts'
import { assertBindable, type Recorder, record, recorderInto, type Step } from './step.ts'
import { type GpuDType, gpuTypes } from './wgsl/elements.ts'

/** The options that a call on the GPU honours. */
const known = [
  ...[
    'kernelSize',
    'stride',
    'padding',
    'dilation',
    'ceilMode',
    'outputSize',
    'outputRatio',
    'randomSamples',
  ],
  ...[
    'countIncludePad',
    'divisorOverride',
    'exact',
    'rounding',
    'normType',
    'partialNorm',
    'returnIndices',
    'layout',
    'keepDims',
  ],
  ...['correction', 'p', 'eps', 'r', 'mask', 'nodata', 'minCount', 'fill', 'returnCounts'],
  ...['out', 'indicesOut', 'indices'],
]

/** A call whose options and input are checked. */
export interface GpuCall extends CallDescription {
  readonly context: Context
  readonly dtype: GpuDType
  readonly x: GpuTensor
  readonly encoder: GPUCommandEncoder | undefined
}

export function parseCall(
  context: Context,
  operation: AnyOperation,
  pass: Pass,
  x: unknown,
  options: object,
): GpuCall {
  const op = pass === 'forward' ? operation.op : `${operation.op}Backward`
  context.assertUsable(op)
  GpuTensor.assertUsable(op, 'x', x, context)
  assertGpuType(op, 'x', x.dtype)
  const { encoder, ...own } = readNamed<Record<string, unknown>>(op, options as never, [
    ...operation.names,
    'indices',
    'encoder',
  ])
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined))
  for (const name of Object.keys(given)) if (!known.includes(name)) throw notOnGpu(op, name, given[name])
  assertEncoder(op, encoder)
  const call = operation.describe(pass, x, given)
  return { ...call, context, dtype: x.dtype as GpuDType, x, encoder }
}

function notOnGpu(op: string, argument: string, value: unknown): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument, value },
    `is not on the GPU, where ${op} honours ${known.join(', ')} as far as they are its own`,
    `Read the tensor with read(), and call ${op} of pool2d.`,
  )
}

/** @throws PoolError "BAD_DTYPE" for a dtype that shaders do not read */
export function assertGpuType(op: string, argument: string, dtype: DType): asserts dtype is GpuDType {
  if ((gpuTypes as readonly string[]).includes(dtype)) return
  throw invalid(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: dtype },
    `a GPU has ${gpuTypes.join(', ')}`,
    dtypes[dtype].float ? 'Convert to float32.' : 'Convert to int32, or use the functions of pool2d.',
  )
}

function assertEncoder(op: string, encoder: unknown): asserts encoder is GPUCommandEncoder | undefined {
  if (encoder === undefined || typeof (encoder as GPUCommandEncoder)?.beginComputePass === 'function') return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'encoder', value: encoder },
    'must be a GPUCommandEncoder',
    'Pass device.createCommandEncoder(), or leave it out.',
  )
}

/** @throws PoolError unless the value is a tensor of this GPU with this shape and dtype */
export function parseInput(
  { op, context }: GpuCall,
  argument: string,
  value: unknown,
  { shape, dtype, why }: { readonly shape: readonly number[]; readonly dtype: DType; readonly why: string },
): GpuTensor {
  GpuTensor.assertUsable(op, argument, value, context)
  assertSameShape(op, argument, value.shape, shape, why)
  if (value.dtype === dtype) return value
  throw invalid(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: value.dtype },
    `must be ${dtype}`,
    `Pass the ${argument} that belongs to this call.`,
  )
}

/** The tensor for a result: the caller's, checked, or a new one. */
export interface Result {
  readonly tensor: GpuTensor
  readonly place: Place
}

export function placeOf({ buffer, offset, dtype }: GpuTensor): Place {
  return { buffer, offset, dtype: dtype as GpuDType }
}

/**
 * @param others  tensors of the call that must lie in other buffers
 * @throws PoolError "BAD_PARAM" if `given` lies in a buffer of another tensor of the call, or has not the usage STORAGE
 */
export function checkResult(
  call: GpuCall,
  argument: string,
  given: unknown,
  shape: readonly number[],
  dtype: DType,
  others: readonly GpuTensor[],
): GpuTensor | null {
  if (given === undefined) return null
  const { op } = call
  const out = parseInput(call, argument, given, { shape, dtype, why: 'the shape of the result' })
  assertUsage(op, `${argument}.buffer`, out.buffer, usages.storage, 'GPUBufferUsage.STORAGE')
  if (!others.some(({ buffer }) => buffer === out.buffer)) return out
  throw invalid(
    'BAD_PARAM',
    { op, argument, value: out },
    'must not lie in the buffer of another tensor of the call: a dispatch cannot read and write one buffer',
    'Pass a tensor in another buffer.',
  )
}

export function makeResult(
  { op, context }: GpuCall,
  checked: GpuTensor | null,
  shape: readonly number[],
  dtype: DType,
  windows: Windows | null = null,
): GpuTensor {
  if (checked !== null) return checked
  const buffer = context.elements(op, 'output', bytesOf(shape, dtype))
  const fault = Promise.resolve(null)
  return new GpuTensor({
    context,
    buffer,
    shape,
    dtype: dtype as GpuDType,
    offset: 0,
    isOwn: true,
    fault,
    windows,
  })
}

/** What the steps of one call hand on to each other. */
export class Scratch {
  readonly #call: GpuCall
  readonly #spaces: Space[] = []
  readonly #buffers: GPUBuffer[] = []

  constructor(call: GpuCall) {
    this.#call = call
  }

  readonly take = (bytes: number): Space => {
    const space = { bytes }
    this.#spaces.push(space)
    return space
  }

  groupsOf(steps: readonly Step[]): readonly Group[] {
    const { context, op, encoder } = this.#call
    return groupsOf(steps, this.#spaces, (bytes) => {
      if (encoder !== undefined) return context.elements(op, 'scratch buffer', bytes)
      const buffer = context.scratch(op, bytes)
      this.#buffers.push(buffer)
      return buffer
    })
  }

  release(): void {
    for (const buffer of this.#buffers) this.#call.context.release(buffer)
  }
}

/** The work of a checked call. */
export interface Work {
  readonly inputs: readonly GpuTensor[]
  /** Makes the steps and the results that they write. */
  prepare(scratch: Scratch): { readonly steps: readonly Step[]; readonly results: readonly GpuTensor[] }
}

/** Records and submits the steps, or records them alone into the caller's encoder. The results follow what the device says of it. */
export function perform(call: GpuCall, { inputs, prepare }: Work): readonly GpuTensor[] {
  const { op, context, encoder } = call
  const { device } = context
  const scratch = new Scratch(call)
  device.pushErrorScope('out-of-memory')
  device.pushErrorScope('validation')
  try {
    const { steps, results } = prepare(scratch)
    for (const step of steps) assertBindable(op, context, step)
    const groups = scratch.groupsOf(steps)
    if (encoder !== undefined) recordAll(context, steps, groups, recorderInto(encoder))
    else submit(context, steps, groups)
    const fault = outcomeOf(op, inputs, [device.popErrorScope(), device.popErrorScope()])
    for (const result of results) GpuTensor.follow(result, fault)
    return results
  } catch (error) {
    device.popErrorScope().catch(() => {})
    device.popErrorScope().catch(() => {})
    throw error
  } finally {
    scratch.release()
  }
}

function recordAll(
  context: Context,
  steps: readonly Step[],
  groups: readonly Group[],
  recorder: Recorder,
): void {
  for (const group of groups) for (const step of steps) record(context, step, recorder, group)
}

function submit(context: Context, steps: readonly Step[], groups: readonly Group[]): void {
  const { device } = context
  let encoder = device.createCommandEncoder()
  const spent: GPUBuffer[] = []
  const recorder: Recorder = {
    spent,
    get encoder() {
      return encoder
    },
    cut: () => {
      device.queue.submit([encoder.finish()])
      encoder = device.createCommandEncoder()
    },
  }
  recordAll(context, steps, groups, recorder)
  device.queue.submit([encoder.finish()])
  for (const buffer of spent) buffer.destroy()
}

/** The first refusal among the inputs and what the device says; a lost device says nothing. */
async function outcomeOf(
  op: string,
  inputs: readonly GpuTensor[],
  scopes: readonly Promise<GPUError | null>[],
): Promise<PoolError | null> {
  for (const earlier of await Promise.all(inputs.map((input) => GpuTensor.faultOf(input))))
    if (earlier !== null) return earlier
  const errors = await Promise.all(scopes.map((scope) => scope.catch(() => null)))
  const error = errors.reverse().find((each) => each !== null)
  return error == null ? null : faultOf(op, error)
}
