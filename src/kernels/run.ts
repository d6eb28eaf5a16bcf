/**
 * @file Runs a job on the kernel chosen for it. Half precision is computed in float32 and rounded once: by the kernel
 * itself, tile by tile, if it can.
 */
import { withinMemory } from '../tensor/allocate.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { HalfType } from '../tensor/half.ts'
import { isHalf, storageOf } from '../tensor/storage.ts'
import type { Job, Kernel } from './job.ts'
import { chooseKernel } from './registry.ts'
import { narrowWhole, widenWhole } from './whole-halves.ts'

/** @param optional  as in `kernelsFor` */
export function runJob(job: Job, optional?: readonly Kernel[]): void {
  if (isHalf(job.dtype)) runHalf(job, job.dtype, optional)
  else withinMemory(`${job.reducer} pooling`, () => chooseKernel(job, optional).run(job))
}

function runHalf(job: Job, half: HalfType, optional?: readonly Kernel[]): void {
  const buffers = job as unknown as Partial<Record<string, TypedArray | null>>
  const names = ['x', 'y', 'dy', 'dx'].filter((name) => buffers[name])
  const bits = Object.fromEntries(names.map((name) => [name, bitsOf(buffers[name]!)]))
  const single = { ...job, ...bits, dtype: 'float32', half } as Job
  const kernel = chooseKernel(single, optional)
  const isWhole = optional !== undefined || job.counted !== undefined
  if (kernel.backend === 'simd' && !isWhole) withinMemory(`${job.reducer} pooling`, () => kernel.run(single))
  else runWidened(job, half, buffers, names, optional)
}

/** Widens all arrays as a whole. */
function runWidened(
  job: Job,
  dtype: HalfType,
  buffers: Partial<Record<string, TypedArray | null>>,
  names: readonly string[],
  optional?: readonly Kernel[],
): void {
  const values: Partial<Record<string, Float32Array>> = {}
  for (const name of names) values[name] = widenWhole(bitsOf(buffers[name]!), dtype)
  runJob({ ...job, ...values, dtype: 'float32' } as Job, optional)
  const written = job.pass === 'forward' ? 'y' : 'dx'
  narrowWhole(values[written]!, dtype, bitsOf(buffers[written]!))
}

function bitsOf(data: TypedArray): Uint16Array {
  return storageOf(data) as Uint16Array
}
