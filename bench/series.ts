/**
 * @file One workload in a process of its own, so that no workload finds another's compiled code or memory: checks every
 * contender's answer, then times those that were right. Started by run-series.ts.
 */
import type { Contender } from './contenders/contender.ts'
import { kernelEntrants } from './contenders/kernels.ts'
import { entrants } from './entrants.ts'
import { type Answer, expectedAnswer } from './expected.ts'
import { makeProblem, type Problem } from './problem.ts'
import type { Row, Series, SeriesRequest } from './run-series.ts'
import { takeTurns } from './timing.ts'
import { findError } from './verify.ts'

async function runSeries({ workload, without, kernels, effort }: SeriesRequest): Promise<Series> {
  const problem = makeProblem(workload)
  const expected = expectedAnswer(problem)
  const all = [...entrants, ...(kernels ? kernelEntrants(workload) : [])]
  const rows: Row[] = []
  const contenders: Contender[] = []
  const firstTimes: number[] = []
  for (const entrant of all) {
    if (without.includes(entrant.id)) {
      rows.push({ id: entrant.id, absent: 'left out: too slow here' })
      continue
    }
    const contender = await enter(() => entrant.enter(problem))
    if (typeof contender === 'string') {
      rows.push({ id: entrant.id, absent: contender })
      continue
    }
    const first = await firstCall(problem, expected, contender)
    if (typeof first === 'string') {
      rows.push({ id: contender.id, kind: contender.kind, wrong: first })
      continue
    }
    contenders.push(contender)
    firstTimes.push(first)
  }
  const timings = await takeTurns(contenders, firstTimes, effort)
  contenders.forEach(({ id, kind }, i) => {
    rows.push({ id, kind, ...timings[i]! })
  })
  for (const contender of contenders) contender.close?.()
  const { bytesRead, bytesWritten } = problem
  const order = all.map((entrant) => entrant.id)
  return {
    workload,
    bytesRead,
    bytesWritten,
    rows: rows.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
  }
}

async function enter(entered: () => Contender | string | Promise<Contender | string>) {
  try {
    return await entered()
  } catch (error) {
    return (error as Error).message
  }
}

/** The milliseconds of the first call, or what is wrong with its answer. */
async function firstCall(problem: Problem, expected: Answer, contender: Contender): Promise<number | string> {
  try {
    const time = await contender.measure(1)
    if (!contender.answer) return time
    return findError(problem, expected, await contender.answer()) ?? time
  } catch (error) {
    return (error as Error).message
  }
}

const series = await runSeries(JSON.parse(process.argv[2]!) as SeriesRequest)
process.send!(series, () => process.exit())
