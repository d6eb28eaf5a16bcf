/**
 * @file Runs one workload in a separate process, so that workloads do not share compiled code or memory: checks every
 * candidate's answer, then times those that were right. Started by run-series.ts.
 */
import type { PreparedCandidate } from './candidates/candidate.ts'
import { candidates } from './candidates/index.ts'
import { kernelCandidates } from './candidates/kernels.ts'
import { type Answer, expectedAnswer } from './expected.ts'
import { makeProblem, type Problem } from './problem.ts'
import type { Row, Series, SeriesRequest } from './run-series.ts'
import { timeInterleaved } from './timing.ts'
import { findError } from './verify.ts'

async function runSeries({ workload, without, kernels, budget }: SeriesRequest): Promise<Series> {
  const problem = makeProblem(workload)
  const expected = expectedAnswer(problem)
  const all = [...candidates, ...(kernels ? kernelCandidates(workload) : [])]
  const rows: Row[] = []
  const prepared: PreparedCandidate[] = []
  const firstTimes: number[] = []
  for (const candidate of all) {
    if (without.includes(candidate.id)) {
      rows.push({ id: candidate.id, absent: 'left out: too slow here' })
      continue
    }
    const ready = await prepareOrReason(() => candidate.prepare(problem))
    if (typeof ready === 'string') {
      rows.push({ id: candidate.id, absent: ready })
      continue
    }
    const first = await firstCall(problem, expected, ready)
    if (typeof first === 'string') {
      rows.push({ id: ready.id, kind: ready.kind, wrong: first })
      continue
    }
    prepared.push(ready)
    firstTimes.push(first)
  }
  const timings = await timeInterleaved(prepared, firstTimes, budget)
  prepared.forEach(({ id, kind }, i) => {
    rows.push({ id, kind, ...timings[i]! })
  })
  for (const ready of prepared) ready.close?.()
  const { bytesRead, bytesWritten } = problem
  const order = all.map((candidate) => candidate.id)
  return {
    workload,
    bytesRead,
    bytesWritten,
    rows: rows.toSorted((a, b) => order.indexOf(a.id) - order.indexOf(b.id)),
  }
}

async function prepareOrReason(
  prepare: () => PreparedCandidate | string | Promise<PreparedCandidate | string>,
) {
  try {
    return await prepare()
  } catch (error) {
    return (error as Error).message
  }
}

/** The milliseconds of the first call, or the error in its answer. */
async function firstCall(
  problem: Problem,
  expected: Answer,
  ready: PreparedCandidate,
): Promise<number | string> {
  try {
    const time = await ready.measure(1)
    if (!ready.answer) return time
    return findError(problem, expected, await ready.answer()) ?? time
  } catch (error) {
    return (error as Error).message
  }
}

const series = await runSeries(JSON.parse(process.argv[2]!) as SeriesRequest)
process.send!(series, () => process.exit())
