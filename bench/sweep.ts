/**
 * @file One measure after another along a growing quantity, kept in results/ and drawn from there.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isTimed, runSeries, type Series } from './run-series.ts'
import type { Budget } from './timing.ts'
import type { Workload } from './workloads.ts'

export interface Step {
  /** The growing quantity. */
  readonly at: number
  readonly workload: Workload
}

/** Milliseconds by candidate, along one line of steps. */
export interface Sweep {
  readonly name: string
  readonly points: readonly {
    readonly at: number
    readonly bytes: number
    readonly ms: Record<string, number>
  }[]
}

/** A candidate that takes longer than `longest` milliseconds for a step is left out of the following ones. */
export async function measureSweep(
  name: string,
  steps: readonly Step[],
  without: readonly string[],
  budget: Budget,
  longest: number,
): Promise<Sweep> {
  const points: Sweep['points'][number][] = []
  let left = without
  for (const { at, workload } of steps) {
    const series = await runSeries({ workload, budget, without: left })
    const ms = timesOf(series)
    points.push({ at, bytes: series.bytesRead + series.bytesWritten, ms })
    left = [...left, ...Object.keys(ms).filter((id) => ms[id]! > longest)]
    console.error(`${name} ${workload.id}: ${JSON.stringify(ms)}`)
  }
  return { name, points }
}

function timesOf({ workload, rows }: Series): Record<string, number> {
  for (const row of rows) {
    if ('wrong' in row) throw new Error(`${workload.id}, ${row.id}: ${row.wrong}`)
  }
  return Object.fromEntries(rows.filter(isTimed).map(({ id, min }) => [id, Number(min.toPrecision(4))]))
}

export function loadSweeps(name: string): Sweep[] {
  return JSON.parse(readFileSync(pathOf(`results/${name}.json`), 'utf8'))
}

export function saveSweeps(name: string, sweeps: readonly Sweep[]): void {
  save(`results/${name}.json`, `${JSON.stringify(sweeps, null, 2)}\n`)
}

export function saveImage(name: string, svg: string): void {
  save(`../docs/images/${name}.svg`, svg)
}

function save(path: string, text: string): void {
  mkdirSync(dirname(pathOf(path)), { recursive: true })
  writeFileSync(pathOf(path), text)
}

/** Of a path in the bench's folder, seen from out/. */
function pathOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}
