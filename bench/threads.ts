/**
 * @file `node bench/run.js threads`: several threads against one on tensors in the memory they share; `--threads 2 --only W1,W9 --rounds 60`.
 */
import { parseArgs } from 'node:util'
import type { TypedArray } from '../src/index.ts'
import { ownerOf } from '../src/kernels/memory/wasm-memory.ts'
import { startThreads } from '../src/kernels/threads/start.ts'
import type { ArrayMemory } from '../src/tensor/memory.ts'
import type { PreparedCandidate } from './candidates/candidate.ts'
import { native, nativeTogether } from './candidates/native.ts'
import { oursIn } from './candidates/ours.ts'
import { expectedAnswer } from './expected.ts'
import { makeProblem, type Problem } from './problem.ts'
import { timeInterleaved } from './timing.ts'
import { findError } from './verify.ts'
import { describe, type Workload, workloads } from './workloads.ts'

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '60' },
  },
})
const count = Number(values.threads)
const budget = { rounds: Number(values.rounds), milliseconds: 60_000 }
const selected = workloads.filter(({ id }) => values.only?.split(',').includes(id) ?? true)

const group = await startThreads(count, { bytes: 2 ** 29, backsOff: false })
console.log(`Node ${process.versions.node}; ${JSON.stringify(group.info())}\n`)
console.log(
  `workload                                   one thread  ${count} threads   of the best   of the medians       lim   ${count} x lim    of the best`,
)
for (const workload of selected) await compare(workload)
await group.dispose()

async function compare(workload: Workload): Promise<void> {
  const taken: TypedArray[] = []
  const memory: ArrayMemory = {
    allocate: (storage, length) => {
      const array = group.allocate(storage, length)
      taken.push(array)
      return array
    },
  }
  const problem = makeProblem(workload)
  const together = (await oursIn(memory).prepare(problem)) as PreparedCandidate
  const instance = ownerOf(taken)!
  const { executor } = instance
  const alone: PreparedCandidate = {
    ...together,
    measure: (calls) => {
      instance.executor = null
      const time = together.measure(calls)
      instance.executor = executor
      return time
    },
  }
  const expected = expectedAnswer(problem)
  for (const ready of [alone, together]) {
    await ready.measure(1)
    const error = findError(problem, expected, await ready.answer!())
    if (error !== null) throw new Error(`${workload.id}: ${error}`)
  }
  const limits = await limitsOf(problem)
  const prepared = [alone, together, ...limits]
  const firstTimes: number[] = []
  for (const ready of prepared) firstTimes.push(await ready.measure(3))
  const [one, many, ...least] = await timeInterleaved(prepared, firstTimes, budget)
  for (const limit of limits) limit.close!()
  for (const array of taken) group.free(array)
  const ms = (time: number): string => time.toFixed(3).padStart(10)
  const ratio = (a: number, b: number): string => `${(a / b).toFixed(2)}x`.padStart(13)
  const name = `${workload.id} ${describe(workload)}`.padEnd(42)
  const own = ms(one!.min) + ms(many!.min) + ratio(one!.min, many!.min) + ratio(one!.median, many!.median)
  const [lim, lims] = least.map(({ min }) => min)
  console.log(name + own + (lims ? `   ${ms(lim!)}${ms(lims)}${ratio(lim!, lims)}` : ''))
}

/** The limits of one process, and of as many processes as threads; empty if they cannot be measured. */
async function limitsOf(problem: Problem): Promise<PreparedCandidate[]> {
  const limits = [await native.prepare(problem), await nativeTogether(count).prepare(problem)]
  return limits.filter((limit): limit is PreparedCandidate => typeof limit !== 'string')
}
