/**
 * @file Runs calls on one backend instead of the one that is quickest.
 */
import { invalid } from '../errors.ts'
import { withCandidates } from './registry.ts'

/** What kernels are made of: WebAssembly with and without SIMD, plain loops, and the definition that all others agree with. */
export const backends = ['simd', 'wasm', 'scalar', 'reference'] as const

/** Where kernels run: WebAssembly with SIMD ('simd') or without ('wasm'), plain loops ('scalar'), or the slow definition ('reference'). */
export type Backend = (typeof backends)[number]

/**
 * Runs `run` with the kernels of one backend, to compare results or to measure. Maxima, minima, averages
 * and their gradients have the same bits on every backend; norms differ in the last digits of float64 powers, before they are rounded. What
 * `run` does after an `await` is not covered, so it must not be async.
 *
 * @param backend  'simd', 'wasm', 'scalar' or 'reference', which alone takes every call; `explain` says what others take
 * @param run      called once, at once
 * @returns        what `run` returns
 * @throws PoolError "BAD_PARAM" for another name, or a `run` that is no function or returns a promise; "UNAVAILABLE" from a call that the
 *   backend has no kernel for, with nothing written
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
  const result = withCandidates((_job, ranked) => ranked.filter((kernel) => kernel.backend === backend), run)
  if (typeof (result as { then?: unknown } | null | undefined)?.then !== 'function') return result
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'run', value: run },
    'must not return a promise: calls after an await run on the usual backend',
    'Await first, and call withBackend around the poolings alone.',
  )
}
