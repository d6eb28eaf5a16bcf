/**
 * @file The race: one worker a lane, every lane the same numbers, equality checked bit by bit through hashes.
 */
import type { Pooling } from '../../../src/render/pooling.ts'
import type { RaceBackend, RaceReason } from '../model/timing.ts'
import { LibraryWorker } from '../worker/client.ts'
import gpuScript from '../worker/gpu-script.ts?worker&url'

export interface RaceSettings {
  readonly pooling: Pooling
  readonly side: number
}

export interface Lane {
  readonly backend: RaceBackend
  readonly threads: number
}

export interface RaceResult extends Lane {
  readonly milliseconds: number
  /** Read and written in one run. */
  readonly bytes: number
  readonly hashes: readonly number[]
  /** Why it does not run here. */
  readonly reason: RaceReason | null
}

const channels = 16
const runs = 5

export function lanes(): readonly Lane[] {
  const threads = Math.max(2, Math.min(8, navigator.hardwareConcurrency || 2))
  return [
    { backend: 'reference', threads: 1 },
    { backend: 'wasm', threads: 1 },
    { backend: 'simd', threads: 1 },
    { backend: 'simd', threads },
    { backend: 'webgpu', threads: 1 },
  ]
}

export async function runLane(settings: RaceSettings, lane: Lane): Promise<RaceResult> {
  const workers = Array.from({ length: lane.threads }, () => new LibraryWorker())
  try {
    const ready = await Promise.all(
      workers.map((worker, i) =>
        worker.run('prepareRace', {
          ...settings,
          backend: lane.backend,
          gpuScript,
          from: Math.floor((channels * i) / lane.threads),
          to: Math.floor((channels * (i + 1)) / lane.threads),
        }),
      ),
    )
    const bytes = 4 * ready.reduce((sum, { elements }) => sum + elements, 0)
    const reason = ready.find((each) => each.reason !== null)?.reason ?? null
    if (reason !== null) return { ...lane, milliseconds: Number.NaN, bytes, hashes: [], reason }
    const times: number[] = []
    for (let run = 0; run < runs; run++) times.push(await timeOnce(workers))
    const hashes = (await Promise.all(workers.map((worker) => worker.run('hashRace')))).flat()
    return { ...lane, milliseconds: median(times), bytes, hashes, reason: null }
  } finally {
    for (const worker of workers) worker.close()
  }
}

/** One thread times itself; several are timed from outside, messages included, from the first start to the last end. */
async function timeOnce(workers: readonly LibraryWorker[]): Promise<number> {
  if (workers.length === 1) return workers[0]!.run('runRace')
  const began = performance.now()
  await Promise.all(workers.map((worker) => worker.run('runRace')))
  return performance.now() - began
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!
}
