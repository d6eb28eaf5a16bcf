/**
 * @file Runs a series in a separate process, and reads its results.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Kind } from './candidates/candidate.ts'
import type { Budget, Timing } from './timing.ts'
import type { Workload } from './workloads.ts'

export interface SeriesRequest {
  readonly workload: Workload
  readonly budget: Budget
  /** Who takes no part. */
  readonly without: readonly string[]
  /** Also each kernel of the registry alone. */
  readonly kernels?: boolean
}

export type TimedRow = { readonly id: string; readonly kind: Kind } & Timing
/** The times, or the reason why it was left out, or the error in its answer. */
export type Row =
  | TimedRow
  | { readonly id: string; readonly absent: string }
  | { readonly id: string; readonly kind: Kind; readonly wrong: string }

export interface Series {
  readonly workload: Workload
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly rows: readonly Row[]
}

const program = fileURLToPath(new URL('series.js', import.meta.url))

export function runSeries(request: SeriesRequest): Promise<Series> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [JSON.stringify(request)], { execArgv: ['--max-old-space-size=8192'] })
    let series: Series | undefined
    child.once('message', (message) => {
      series = message as Series
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      if (series) resolve(series)
      else reject(new Error(`${request.workload.id}: the series ended with ${signal ?? `exit code ${code}`}`))
    })
  })
}

export function isTimed(row: Row): row is TimedRow {
  return 'min' in row
}
