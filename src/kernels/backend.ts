/**
 * @file `withBackend`: runs calls on a given backend instead of the fastest one.
 */
import { invalid } from '../errors.ts'
import type { Job, Kernel } from './job.ts'
import { supports, withCandidates } from './registry.ts'

/** WebAssembly with and without SIMD, plain loops, and the reference kernels, which define the results. */
export const backends = ['simd', 'wasm', 'scalar', 'reference'] as const

/** WebAssembly with SIMD ('simd') or without ('wasm'), plain loops ('scalar'), or the slow definition ('reference'). */
export type Backend = (typeof backends)[number]

/**
 * Calls `run` with the kernels of one backend, to compare results or to measure. Maxima, minima, averages and their
 * gradients have the same bits on every backend. Norms may differ in the last digits of float64 powers, before
 * rounding, those of half precision in their last place. `run` must not be async, because calls after an await run on the usual backend.
 *
 * @param backend  'simd', 'wasm', 'scalar' or 'reference'; only the last supports every call, see `explain`
 * @param run      called once, synchronously
 * @returns        the result of `run`
 * @throws PoolError "BAD_PARAM" for another name, or if `run` is not a function or returns a promise; "UNAVAILABLE"
 *   from a call that the backend does not support, with nothing written
 *
 * @example withBackend('reference', () => maxPool2d(x, { kernelSize: 2 }))
 */
export function withBackend<T>(backend: Backend, run: () => T): T {
  const op = 'withBackend'
  if (!backends.includes(backend)) {
    const names = backends.map((name) => `'${name}'`).join(', ')
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'backend', value: backend },
      `must be one of ${names}`,
      'Pass one.',
    )
  }
  if (typeof run !== 'function') {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'run', value: run },
      'must be a function',
      'Pass () => maxPool2d(x, ...).',
    )
  }
  const result = withCandidates((job, ranked) => kernelsOf(backend, job, ranked), run)
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'run', value: run },
    'must not return a promise: calls after an await run on the usual backend',
    'Await first, and call withBackend around the poolings alone.',
  )
}

/** @throws PoolError "UNAVAILABLE" if none of them supports the job */
function kernelsOf(backend: Backend, job: Job, ranked: readonly Kernel[]): readonly Kernel[] {
  const own = ranked.filter((kernel) => kernel.backend === backend)
  if (own.some((kernel) => supports(kernel, job) === true)) return own
  const { reducer, pass, dtype } = job
  const reasons = own.map((kernel) => ` (${supports(kernel, job)})`)
  throw invalid(
    'UNAVAILABLE',
    { op: 'withBackend', argument: 'backend', value: backend },
    `has no kernel for this ${reducer} ${pass} of ${dtype}${[...new Set(reasons)].join('')}`,
    "Call it outside withBackend, or on 'reference', which supports every call.",
  )
}
