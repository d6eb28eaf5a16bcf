/**
 * @file The WebAssembly kernels, as rows of the registry: the SIMD build's first, then its scalar twin's.
 */
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import type { Job, Kernel } from '../kernel.ts'
import { ownerOf } from './arena.ts'
import { natural } from './kind.ts'
import { type Build, backendOf } from './load.ts'
import { type Machine, machineOf, ScratchFull } from './machine.ts'
import { averageBackward, averageForward, lpForward, selectBackward, selectForward } from './run.ts'
import { averageFits, commonFits, lpFits, selectFits } from './supports.ts'

interface Row<J extends Job = Job> {
  readonly reducer: J['reducer']
  readonly pass: J['pass']
  readonly fits: (job: J) => true | string
  readonly run: (machine: Machine, job: J) => void
}

function row<R extends Job['reducer'], P extends Job['pass']>(
  reducer: R,
  pass: P,
  fits: (job: Extract<Job, { reducer: R; pass: P }>) => true | string,
  run: (machine: Machine, job: Extract<Job, { reducer: R; pass: P }>) => void,
): Row {
  return { reducer, pass, fits, run } as unknown as Row
}

const rows: readonly Row[] = [
  row('max', 'forward', selectFits, selectForward),
  row('min', 'forward', selectFits, selectForward),
  row('max', 'backward', selectFits, selectBackward),
  row('min', 'backward', selectFits, selectBackward),
  row('average', 'forward', averageFits, averageForward),
  row('average', 'backward', averageFits, averageBackward),
  row('lp', 'forward', lpFits, lpForward),
]

function isComputed(dtype: DType, { reducer, pass }: Row): boolean {
  return dtypes[dtype].float || (pass === 'forward' && reducer !== 'lp')
}

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
  /** In the memory that the arrays lie in, unless its scratch is too small for the job. */
  const runIn = (machine: Machine, job: Job): boolean => {
    try {
      run(machine, job)
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
      if (own === undefined || !runIn(own, job)) run(machineOf(build) as Machine, job)
    },
  }
}
