/**
 * @file The WebAssembly kernels, as rows of the registry: the SIMD build's first, then its scalar twin's.
 */
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import type { Job, Kernel } from '../job.ts'
import { ownerOf } from './arena.ts'
import { natural } from './kind.ts'
import { type Build, backendOf } from './load.ts'
import { type Machine, machineOf, ScratchFull, trimMachine } from './machine.ts'
import { isComputed, type Row, rows } from './rows.ts'
import { commonFits } from './supports.ts'

/** All kernels of a build. */
export function wasmKernels(build: Build): readonly Kernel[] {
  return (Object.keys(natural) as DType[]).flatMap((dtype) =>
    rows.filter((entry) => isComputed(dtype, entry)).map((entry) => kernelOf(build, dtype, entry)),
  )
}

function arraysOf(job: Job): readonly (TypedArray | null | undefined)[] {
  const { x, y, dy, dx } = job as unknown as Partial<Record<string, TypedArray>>
  return [x, y, dy, dx, (job as { indices?: TypedArray | null }).indices]
}

function kernelOf(build: Build, dtype: DType, { reducer, pass, fits, run }: Row): Kernel {
  /** In the memory that the arrays lie in, unless its scratch is too small for the job; by threads if there are any. */
  const runIn = (machine: Machine, job: Job): boolean => {
    try {
      if (machine.crew?.run(job, run) !== true) run(machine, job)
      return true
    } catch (error) {
      if (error instanceof ScratchFull) return false
      throw error
    }
  }
  return {
    id: `${reducer}.${dtypes[dtype].short}.${pass}.${backendOf[build]}`,
    reducer,
    pass,
    dtype,
    supports(job) {
      const machine = machineOf(build)
      if ('reason' in machine) return machine.reason
      const common = commonFits(job)
      return common === true ? fits(job) : common
    },
    run(job) {
      const own = ownerOf(arraysOf(job))
      if (own !== undefined && runIn(own, job)) return
      const started = performance.now()
      try {
        run(machineOf(build) as Machine, job)
      } finally {
        trimMachine(build, started)
      }
    },
  }
}
