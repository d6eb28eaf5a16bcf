/**
 * @file Timing in turns: A B C A B C, so that whatever else the machine does falls on all alike.
 */
import type { Contender } from './contenders/contender.ts'

export interface Effort {
  /** Turns of each. */
  readonly rounds: number
  /** Milliseconds after which a contender gets no more turns. */
  readonly budget: number
}

export interface Timing {
  /** Milliseconds of one call. */
  readonly min: number
  readonly median: number
  readonly turns: number
}

/** A turn repeats short calls for about so many milliseconds. */
const turnLength = 3
const mostCalls = 20_000

interface Runner {
  readonly contender: Contender
  readonly calls: number
  readonly samples: number[]
  spent: number
}

/** First calls, with all that happens once, count only for those that take so long that nobody waits for a second. */
const tooLong = 5000

/** `firstTimes`: what a first call of each took. */
export async function takeTurns(
  contenders: readonly Contender[],
  firstTimes: readonly number[],
  { rounds, budget }: Effort,
): Promise<Timing[]> {
  const runners: Runner[] = []
  for (const [i, contender] of contenders.entries())
    runners.push(await prepare(contender, firstTimes[i]!, budget))
  for (let round = 0; round < rounds; round++)
    for (const runner of runners) if (runner.spent < budget) await takeTurn(runner)
  return runners.map(({ samples }) => {
    const sorted = samples.toSorted((a, b) => a - b)
    return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, turns: sorted.length }
  })
}

async function prepare(contender: Contender, firstTime: number, budget: number): Promise<Runner> {
  if (firstTime >= tooLong) return { contender, calls: 1, samples: [firstTime], spent: Infinity }
  const estimate = firstTime < turnLength ? await contender.measure(20) : await contender.measure(1)
  if (estimate >= budget) return { contender, calls: 1, samples: [estimate], spent: estimate }
  const calls = Math.min(mostCalls, Math.max(1, Math.ceil(turnLength / estimate)))
  return { contender, calls, samples: [], spent: 0 }
}

/** Short calls find their data in the caches, as after the call before; a first one, untimed, brings it back there. */
async function takeTurn(runner: Runner): Promise<void> {
  if (runner.calls > 1) await runner.contender.measure(1)
  const time = await runner.contender.measure(runner.calls)
  runner.samples.push(time)
  runner.spent += time * runner.calls
}
