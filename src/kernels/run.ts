/**
 * @file Runs a job on the kernel chosen for it. Half precision is widened to float32 and rounded back once.
 */

import type { TypedArray } from '../tensor/dtype.ts'
import { narrow, widen } from '../tensor/half.ts'
import { isHalf, storageOf } from '../tensor/storage.ts'
import { chooseKernel, type Job } from './kernel.ts'

const inputs = ['x', 'dy'] as const
const outputs = ['y', 'dx'] as const
type Buffers = Partial<Record<'x' | 'y' | 'dx' | 'dy', TypedArray>>

export function runJob(job: Job): void {
  const buffers: Buffers = {}
  for (const name of [...inputs, ...outputs]) {
    const data = (job as Buffers)[name]
    if (data !== undefined) buffers[name] = storageOf(data)
  }
  if (isHalf(job.dtype)) runWidened(job, buffers)
  else dispatch({ ...job, ...buffers } as Job)
}

function runWidened(job: Job, bits: Buffers): void {
  const dtype = job.dtype as 'float16' | 'bfloat16'
  const values: Partial<Record<string, Float32Array>> = {}
  for (const [name, data] of Object.entries(bits)) values[name] = widen(data as Uint16Array, dtype)
  dispatch({ ...job, ...values, dtype: 'float32' } as Job)
  const written = job.pass === 'forward' ? 'y' : 'dx'
  narrow(values[written]!, dtype, bits[written] as Uint16Array)
}

function dispatch(job: Job): void {
  chooseKernel(job).run(job)
}
