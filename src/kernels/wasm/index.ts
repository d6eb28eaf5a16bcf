/**
 * @file The WebAssembly kernels of the registry, for the SIMD build and the scalar build.
 */
import { isDefined } from '../../reducers/table.ts'
import { type DType, dtypes, type TypedArray } from '../../tensor/dtype.ts'
import type { Job, Kernel } from '../job.ts'
import { ownerOf } from '../memory/wasm-memory.ts'
import { locateCounted } from './counted/locate-counted.ts'
import { computeType } from './element-type.ts'
import { type Build, backendOf } from './load.ts'
import { type Row, rows } from './rows.ts'
import { isShareable, nameOfStrategy } from './strategy.ts'
import { axesFit, tilesFit } from './supports.ts'
import { ScratchFull, trimInstance, type WasmInstance, wasmInstanceOf } from './wasm-instance.ts'

export function wasmKernels(build: Build): readonly Kernel[] {
  return (Object.keys(computeType) as DType[]).flatMap((dtype) =>
    rows
      .filter(({ reducer, pass }) => isDefined(reducer, pass, dtype))
      .map((entry) => kernelOf(build, dtype, entry)),
  )
}

function arraysOf(job: Job): readonly (TypedArray | null | undefined)[] {
  const { x, y, dy, dx } = job as unknown as Partial<Record<string, TypedArray>>
  return [x, y, dy, dx, (job as { indices?: TypedArray | null }).indices]
}

function kernelOf(build: Build, dtype: DType, { reducer, pass, fits, methodOf, run }: Row): Kernel {
  /** Runs on `instance`, with its threads if there are any. Returns false if its scratch is too small for the job. */
  const runIn = (instance: WasmInstance, job: Job): boolean => {
    try {
      const { executor } = instance
      const isShared = executor !== null && isShareable(methodOf(job), job, instance)
      if (!isShared || !executor.run(job, run)) run(instance, job)
      return true
    } catch (error) {
      if (!(error instanceof ScratchFull)) throw error
      return instance.forget() && runIn(instance, job)
    }
  }
  return {
    id: `${reducer}.${dtypes[dtype].short}.${pass}.${backendOf[build]}`,
    backend: backendOf[build],
    reducer,
    pass,
    dtype,
    ...((pass === 'forward' || reducer === 'average') && {
      leavesOut: true,
    }),
    supports(job) {
      const instance = wasmInstanceOf(build)
      if ('reason' in instance) return instance.reason
      const axes = axesFit(job)
      if (axes !== true) return axes
      const own = fits(job)
      if (own !== true) return own
      const tiles = tilesFit(job)
      return tiles === true || (isShareable(methodOf(job), job, instance) ? tiles : true)
    },
    strategy: (job) => nameOfStrategy(methodOf(job), job, wasmInstanceOf(build) as WasmInstance),
    run(job) {
      const own = ownerOf(arraysOf(job))
      if (own === undefined || !runIn(own, job)) runAlone(job)
      if (job.pass === 'forward' && (job.reducer === 'max' || job.reducer === 'min')) locateCounted(job)
    },
  }

  function runAlone(job: Job): void {
    const started = performance.now()
    try {
      run(wasmInstanceOf(build) as WasmInstance, job)
    } finally {
      trimInstance(build, started)
    }
  }
}
