/**
 * @file Says which kernel would run a call, and what it costs, without running it.
 */

import { invalid } from '../errors.ts'
import type { Job } from '../kernels/job.ts'
import { kernelsFor } from '../kernels/registry.ts'
import { readsOf } from '../plan/pool-plan.ts'
import { badDType, type DType, dtypes, isDType } from '../tensor/dtype.ts'
import { readOptions } from '../tensor/read-options.ts'
import { parseShape, sizeOf } from '../tensor/shape.ts'
import { isHalf } from '../tensor/storage.ts'
import type { OptionsOf, PoolingName } from './catalogue.ts'
import { operationNamed } from './output-shape.ts'

/** What a call would run on, and what it would cost. */
export interface Explanation {
  readonly outputShape: readonly number[]
  /** The kernel's id, such as `max.f32.forward.simd`; null for unpooling, which slides no window. */
  readonly kernel: string | null
  /** How that kernel would run it, such as `pool2x2s2`, or `separable: vanHerkRows, vanHerk`; null where it has one way. */
  readonly strategy: string | null
  /** Preferred kernels that do not take the call, and why. */
  readonly passedOver: readonly { readonly kernel: string; readonly reason: string }[]
  /** Bytes of the input, each read at least once. */
  readonly bytesRead: number
  /** Bytes of the output, indices included. */
  readonly bytesWritten: number
  /** Elements in all windows together: what a direct kernel compares or adds. Large windows take fewer operations. */
  readonly operations: number
}

/**
 * Which kernel would run a forward call, with its expected bytes and operations.
 *
 * @param name     the function's name, such as 'maxPool2d'
 * @param shape    the input's shape
 * @param options  the function's options
 * @param dtype    the input's dtype. Default: float32
 * @throws PoolError just as the function would, except for the data
 *
 * @example explain('maxPool2d', [32, 64, 112, 112], { kernelSize: 2 }).kernel // 'max.f32.forward.simd'
 */
export function explain<N extends PoolingName>(
  name: N,
  shape: readonly number[],
  options: OptionsOf<N>,
  dtype: DType = 'float32',
): Explanation {
  if (!isDType(dtype)) throw badDType('explain', 'dtype', dtype)
  const operation = operationNamed('explain', name)
  const dims = parseShape('explain', 'shape', shape)
  const own = readOptions(name, options as object, operation.names)
  const outputShape = operation.outputShape(dims, own)
  const jobs = operation.jobs(dims, own, dtype)
  const { BYTES_PER_ELEMENT: bytes } = dtypes[dtype].storage
  const indexed = jobs.some((job) => 'indices' in job && job.indices !== null)
  return {
    outputShape,
    ...choice(jobs[0], dtype),
    bytesRead: sizeOf(dims) * bytes,
    bytesWritten: sizeOf(outputShape) * (bytes + (indexed ? Int32Array.BYTES_PER_ELEMENT : 0)),
    operations: jobs.reduce((total, { plan }) => total + readsOf(plan), 0),
  }
}

function choice(
  outline: object | undefined,
  dtype: DType,
): Pick<Explanation, 'kernel' | 'strategy' | 'passedOver'> {
  if (outline === undefined) return { kernel: null, strategy: null, passedOver: [] }
  const computed = isHalf(dtype) ? 'float32' : dtype
  const empty = new dtypes[computed].storage(0)
  const job = { ...outline, dtype: computed, x: empty, y: empty } as Job
  const passedOver: { kernel: string; reason: string }[] = []
  const ranked = kernelsFor(job)
  if (ranked.length === 0) {
    throw invalid(
      'BAD_DTYPE',
      { op: 'explain', argument: 'dtype', value: dtype },
      'norms are of floating tensors only',
      'Use float32.',
    )
  }
  for (const kernel of ranked) {
    const answer = kernel.supports(job)
    if (answer === true) return { kernel: kernel.id, strategy: kernel.strategy?.(job) ?? null, passedOver }
    passedOver.push({ kernel: kernel.id, reason: answer })
  }
  return { kernel: null, strategy: null, passedOver }
}
