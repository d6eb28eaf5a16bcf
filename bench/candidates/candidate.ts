/**
 * @file One thing that is timed: it does the workload again and again.
 */
import { performance } from 'node:perf_hooks'
import type { Answer } from '../expected.ts'
import type { Problem } from '../problem.ts'

/** `ours` is this library, `peer` another one, `baseline` hand-written loops; `limit` does only a part of the work and is a lower bound. */
export type Kind = 'ours' | 'peer' | 'baseline' | 'limit'

export interface PreparedCandidate {
  readonly id: string
  readonly kind: Kind
  /** Repeats the work, and returns the milliseconds of one repetition. */
  measure(calls: number): number | Promise<number>
  /** The result of the last call; null for limits. */
  answer?(): Answer | Promise<Answer>
  close?(): void
}

/** A candidate; `prepare` gives the reason if it cannot run. */
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
