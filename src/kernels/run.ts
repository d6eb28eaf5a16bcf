/**
 * @file Runs a job on the kernel chosen for it. Half precision is computed in float32 and rounded once.
 */
import { withinMemory } from '../tensor/allocate.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import { type HalfType, narrow, widen } from '../tensor/half.ts'
import { isHalf, storageOf } from '../tensor/storage.ts'
import type { Job, Kernel } from './job.ts'
import { chooseKernel } from './registry.ts'

/** @param own  as in `kernelsFor` */
export function runJob(job: Job, own?: readonly Kernel[]): void {
  if (isHalf(job.dtype)) runWidened(job, job.dtype, own)
  else withinMemory(`${job.reducer} pooling`, () => chooseKernel(job, own).run(job))
}

function runWidened(job: Job, dtype: HalfType, own?: readonly Kernel[]): void {
  const buffers = job as unknown as Partial<Record<string, TypedArray>>
  const values: Partial<Record<string, Float32Array>> = {}
  for (const name of ['x', 'y', 'dy', 'dx']) {
    if (buffers[name] !== undefined) values[name] = widen(bitsOf(buffers[name]), dtype)
  }
  runJob({ ...job, ...values, dtype: 'float32' } as Job, own)
  const written = job.pass === 'forward' ? 'y' : 'dx'
  narrow(values[written]!, dtype, bitsOf(buffers[written]!))
}

function bitsOf(data: TypedArray): Uint16Array {
  return storageOf(data) as Uint16Array
}
