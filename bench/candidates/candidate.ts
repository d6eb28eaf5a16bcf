/**
 * @file One thing that is timed: it does the workload again and again.
 */
import { performance } from 'node:perf_hooks'
import type { Answer } from '../expected.ts'
import type { Problem } from '../problem.ts'

/** `ours` is this library; `peer` another; `baseline` what one would write by hand; `limit` does a part of the work, and nothing can be quicker. */
export type Kind = 'ours' | 'peer' | 'baseline' | 'limit'

export interface PreparedCandidate {
  readonly id: string
  readonly kind: Kind
  /** Does the work so many times; milliseconds for one. */
  measure(calls: number): number | Promise<number>
  /** What the last call gave; limits give none. */
  answer?(): Answer | Promise<Answer>
  close?(): void
}

/** What can be timed; `prepare` says why, where it cannot. */
export interface Candidate {
  readonly id: string
  prepare(problem: Problem): PreparedCandidate | string | Promise<PreparedCandidate | string>
}

export function measureCalls(run: () => unknown): (calls: number) => number {
  return (calls) => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) run()
    return (performance.now() - start) / calls
  }
}

export function measureAwaited(run: () => Promise<unknown>): (calls: number) => Promise<number> {
  return async (calls) => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) await run()
    return (performance.now() - start) / calls
  }
}
