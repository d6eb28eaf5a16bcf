/**
 * @file Tells which kernel would run a call and at what cost, without running it.
 */
import { invalid } from '../errors.ts'
import type { Job, Kernel } from '../kernels/job.ts'
import { kernelsFor, supports } from '../kernels/registry.ts'
import { readsOf } from '../plan/pool-plan.ts'
import { badDType, type DType, dtypes, isDType } from '../tensor/dtype.ts'
import { readOptions } from '../tensor/read-options.ts'
import { parseShape, sizeOf } from '../tensor/shape.ts'
import { isHalf } from '../tensor/storage.ts'
import type { OptionsOf, PoolingName } from './catalogue.ts'
import { operationNamed } from './output-shape.ts'

/** The kernel that would run a call, and the cost of the call. */
export interface Explanation {
  readonly outputShape: readonly number[]
  /** The kernel's id, such as `max.f32.forward.simd`; null for unpooling, which has no windows, and for weighted windows, which have a single implementation. */
  readonly kernel: string | null
  /** The kernel's strategy, such as 'pool2x2s2' or 'separable: vanHerkRows, vanHerk'; null for a kernel without strategies. */
  readonly strategy: string | null
  /** Kernels that are preferred but do not support the call, each with the reason. */
  readonly passedOver: readonly { readonly kernel: string; readonly reason: string }[]
  /** Bytes of the input; a kernel may read some of them more than once. */
  readonly bytesRead: number
  /** Bytes of the output, indices included. */
  readonly bytesWritten: number
  /** Elements read, summed over all windows: the comparisons or additions of a direct kernel. Other strategies need fewer. */
  readonly operations: number
}

/**
 * Which kernel would run a forward call, with its expected bytes and operations.
 *
 * @param name     the function's name, such as 'maxPool2d'
 * @param shape    the input's shape
 * @param options  the function's options
 * @param dtype    the input's dtype. Default: float32
 * @throws PoolError as the function would, except for errors about the data
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
    ...choice(operation.kernels, jobs[0], dtype),
    bytesRead: sizeOf(dims) * bytes,
    bytesWritten: sizeOf(outputShape) * (bytes + (indexed ? Int32Array.BYTES_PER_ELEMENT : 0)),
    operations: jobs.reduce((total, { plan }) => total + readsOf(plan), 0),
  }
}

function choice(
  optional: readonly Kernel[],
  outline: object | undefined,
  dtype: DType,
): Pick<Explanation, 'kernel' | 'strategy' | 'passedOver'> {
  if (outline === undefined) return { kernel: null, strategy: null, passedOver: [] }
  const computed = isHalf(dtype) ? 'float32' : dtype
  const empty = new dtypes[computed].storage(0)
  const job = { ...outline, dtype: computed, x: empty, y: empty } as Job
  const passedOver: { kernel: string; reason: string }[] = []
  const ranked = kernelsFor(job, optional)
  if (ranked.length === 0) {
    throw invalid(
      'BAD_DTYPE',
      { op: 'explain', argument: 'dtype', value: dtype },
      'norms are of floating tensors only',
      'Use float32.',
    )
  }
  for (const kernel of ranked) {
    const answer = supports(kernel, job)
    if (answer === true) return { kernel: kernel.id, strategy: kernel.strategy?.(job) ?? null, passedOver }
    passedOver.push({ kernel: kernel.id, reason: answer })
  }
  return { kernel: null, strategy: null, passedOver }
}
