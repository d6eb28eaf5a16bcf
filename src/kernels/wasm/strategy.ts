/**
 * @file Strategies: the ways in which jobs of a kind are run, in order of preference. The first that fits runs a tile.
 */
import type { Job } from '../job.ts'
import { tuning } from '../tuning.ts'
import { type LoweredPlan, tilesOf } from './lowered-plan.ts'
import { type Operands, runTiles, type TilePass } from './tiling.ts'
import type { WasmInstance } from './wasm-instance.ts'

/** One way to run tiles. `S` is what a method settles for a job beforehand. */
export interface Strategy<S> {
  readonly name: string
  /** Whether it gives the right bits, and is worth it. */
  readonly fits: (setup: S, tile: LoweredPlan) => boolean
  /** Takes all scratch and writes all tables: only the addresses of operands are left open. */
  readonly compile: (setup: S, tile: LoweredPlan) => TilePass
  /** What it does along each axis that pools, the last one first. */
  readonly parts?: (setup: S, tile: LoweredPlan) => readonly string[]
}

/** One way to run a job that is preferred to tiles: in parts of its own, or in place. */
export interface JobStrategy<J extends Job> {
  readonly name: string
  /** Whether it gives the right bits. */
  readonly fits: (job: J) => boolean
  /** Whether it is better than tiles. */
  readonly pays: (job: J, instance: WasmInstance) => boolean
  readonly run: (job: J, instance: WasmInstance) => void
}

/** How jobs of a kind are run. The last strategy fits whatever no other fits. */
export interface Method<J extends Job, S> {
  readonly jobStrategies: readonly JobStrategy<J>[]
  readonly strategies: readonly Strategy<S>[]
  readonly setup: (job: J, instance: WasmInstance) => S
  readonly lower: (job: J) => LoweredPlan
  readonly operands: (job: J, setup: S) => Operands
  /** Whether planes are never cut. */
  readonly keepsPlanes: boolean
}

export function runBy<J extends Job, S>(method: Method<J, S>, job: J, instance: WasmInstance): void {
  const preferred = jobStrategyOf(method, job, instance)
  if (preferred !== undefined) {
    preferred.run(job, instance)
    return
  }
  const setup = method.setup(job, instance)
  runTiles(instance, method.lower(job), method.operands(job, setup), method.keepsPlanes, (tile) =>
    strategyOf(method, setup, tile).compile(setup, tile),
  )
}

/** The name of what runs a job, or its first tile. Reads no data. */
export function nameOfStrategy<J extends Job, S>(
  method: Method<J, S>,
  job: J,
  instance: WasmInstance,
): string | null {
  const preferred = jobStrategyOf(method, job, instance)
  if (preferred !== undefined) return preferred.name
  const setup = method.setup(job, instance)
  const { bytes } = method.operands(job, setup).kind
  for (const tile of tilesOf(method.lower(job), tuning.tileBytes / bytes, method.keepsPlanes)) {
    const { name, parts } = strategyOf(method, setup, tile)
    const along = parts?.(setup, tile) ?? []
    return along.length === 0 ? name : `${name}: ${along.join(', ')}`
  }
  return null
}

function jobStrategyOf<J extends Job, S>(
  { jobStrategies }: Method<J, S>,
  job: J,
  instance: WasmInstance,
): JobStrategy<J> | undefined {
  return jobStrategies.find(({ fits, pays }) => fits(job) && pays(job, instance))
}

function strategyOf<J extends Job, S>(
  { strategies }: Method<J, S>,
  setup: S,
  tile: LoweredPlan,
): Strategy<S> {
  return strategies.find(({ fits }) => fits(setup, tile))!
}
