/**
 * @file Interleaved timing, A B C A B C: whatever else the machine does slows all candidates alike.
 */
import type { PreparedCandidate } from './candidates/candidate.ts'

export interface Budget {
  /** The number of rounds. */
  readonly rounds: number
  /** Milliseconds after which a candidate gets no more rounds. */
  readonly milliseconds: number
}

export interface Timing {
  /** Milliseconds of one call. */
  readonly min: number
  readonly median: number
  readonly rounds: number
}

/** Milliseconds for which a round repeats a short call. */
const roundLength = 3
const mostCalls = 20_000

interface Runner {
  readonly ready: PreparedCandidate
  readonly calls: number
  readonly samples: number[]
  spent: number
}

/** First calls, which include one-time work, count only for candidates that are too slow for a second call. */
const tooLong = 5000

/** `firstTimes`: the time of each candidate's first call. */
export async function timeInterleaved(
  prepared: readonly PreparedCandidate[],
  firstTimes: readonly number[],
  { rounds, milliseconds: budget }: Budget,
): Promise<Timing[]> {
  const runners: Runner[] = []
  for (const [i, ready] of prepared.entries()) runners.push(await prepare(ready, firstTimes[i]!, budget))
  for (let round = 0; round < rounds; round++)
    for (const runner of runners) if (runner.spent < budget) await timeRound(runner)
  return runners.map(({ samples }) => {
    const sorted = samples.toSorted((a, b) => a - b)
    return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, rounds: sorted.length }
  })
}

async function prepare(ready: PreparedCandidate, firstTime: number, budget: number): Promise<Runner> {
  if (firstTime >= tooLong) return { ready, calls: 1, samples: [firstTime], spent: Infinity }
  const estimate = firstTime < roundLength ? await ready.measure(20) : await ready.measure(1)
  if (estimate >= budget) return { ready, calls: 1, samples: [estimate], spent: estimate }
  const calls = Math.min(mostCalls, Math.max(1, Math.ceil(roundLength / estimate)))
  return { ready, calls, samples: [], spent: 0 }
}

/** Short calls find their data in the caches, as after the call before; a first one, untimed, brings it back there. */
async function timeRound(runner: Runner): Promise<void> {
  if (runner.calls > 1) await runner.ready.measure(1)
  const time = await runner.ready.measure(runner.calls)
  runner.samples.push(time)
  runner.spent += time * runner.calls
}
