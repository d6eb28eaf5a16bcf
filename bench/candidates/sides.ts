/**
 * @file The library's job under other crossovers than those in use, or by other threads: one side of a comparison with itself.
 */
import { type TypedArray, WasmMemory } from '../../src/index.ts'
import type { Job } from '../../src/kernels/job.ts'
import { ownerOf } from '../../src/kernels/memory/wasm-memory.ts'
import { runJob } from '../../src/kernels/run.ts'
import type { startThreads } from '../../src/kernels/threads/start.ts'
import { type Tuning, withTuning } from '../../src/kernels/tuning.ts'
import type { Answer } from '../expected.ts'
import type { Data, Problem } from '../problem.ts'
import { type Candidate, measureCalls, type PreparedCandidate } from './candidate.ts'
import { jobOf } from './kernels.ts'

/** Runs under these thresholds. A new plan avoids choices cached under other thresholds. */
export function forced(id: string, values: Partial<Tuning>): Candidate {
  return {
    id,
    prepare(problem) {
      const { job, answer } = jobOf(problem)
      return forcedOn(id, values, job, answer)
    },
  }
}

/** The same for a forward pass that reads and writes in the kernels' memory. */
export function forcedInMemory(id: string, values: Partial<Tuning>): Candidate {
  return {
    id,
    prepare(problem) {
      const { job, answer } = jobOf(problem)
      const memory = new WasmMemory({ bytes: problem.bytesRead + problem.bytesWritten + 256 })
      const [x, y] = [problem.x, answer.y as Data].map((data) => {
        const array = memory.allocate(data.constructor as Float32ArrayConstructor, data.length)
        array.set(data)
        return array
      }) as [Float32Array, Float32Array]
      return forcedOn(id, values, { ...job, x, y } as Job, { y })
    },
  }
}

function forcedOn(id: string, values: Partial<Tuning>, job: Job, answer: Answer): PreparedCandidate {
  const measure = measureCalls(() => runJob(job))
  return {
    id,
    kind: 'ours',
    measure: (calls) => withTuning(values, () => measure(calls)),
    answer: () => answer,
  }
}

type StartedThreads = Awaited<ReturnType<typeof startThreads>>

/** A forward pass of these threads, or of the caller's alone, in the memory that they share. */
export function inShared(id: string, group: StartedThreads, isAlone: boolean): Candidate {
  return { id, prepare: (problem) => prepareShared(id, group, isAlone, problem) }
}

function prepareShared(
  id: string,
  group: StartedThreads,
  isAlone: boolean,
  problem: Problem,
): PreparedCandidate {
  const [x, y] = [problem.x, jobOf(problem).answer.y].map((data) => {
    const array = group.allocate(data.constructor as Float32ArrayConstructor, data.length)
    array.set(data)
    return array
  }) as [Float32Array, Float32Array]
  const job = { ...jobOf(problem).job, x, y } as Job
  const instance = ownerOf([x, y] as TypedArray[])!
  const run = measureCalls(() => runJob(job))
  const measure = (calls: number): number => {
    const { executor } = instance
    if (isAlone) instance.executor = null
    const time = run(calls)
    instance.executor = executor
    return time
  }
  const close = (): void => {
    for (const array of [x, y]) group.free(array)
  }
  return { id, kind: 'ours', measure, answer: () => ({ y }), close }
}
