/**
 * @file Strategies: the ways to run a kind of job, in order of preference. The first one that fits runs a tile.
 */
import type { Job } from '../job.ts'
import { tuning } from '../tuning.ts'
import { type CountedTile, countedTiles, countInTile, marksInTiles } from './counted/count-in-tiles.ts'
import { leaveOut, leaveOutValue, marksOf, unitsOf } from './counted/leave-out.ts'
import { runAgain } from './tiles/kept-jobs.ts'
import { type LoweredPlan, tilesOf } from './tiles/lowered-plan.ts'
import {
  type Bytes,
  type Held,
  liesInside,
  type Operands,
  prepareTiles,
  runTiles,
  type TilePass,
} from './tiles/tiling.ts'
import type { Share, WasmInstance } from './wasm-instance.ts'

/** One way to run tiles. `S` is the setup that a method computes once per job. */
export interface Strategy<S> {
  readonly name: string
  /** True if it gives the right bits and is worthwhile. */
  readonly fits: (setup: S, tile: LoweredPlan) => boolean
  /** Allocates all scratch and writes all tables. Only the addresses of the operands remain open. */
  readonly compile: (setup: S, tile: LoweredPlan) => TilePass
  /** The names of the passes along each pooled axis, the last axis first. */
  readonly parts?: (setup: S, tile: LoweredPlan) => readonly string[]
}

/** One way to run a whole job on one thread, without tiles. Preferred to tiles if it fits and pays. */
export interface JobStrategy<J extends Job> {
  readonly name: string
  /** True if it gives the right bits. */
  readonly fits: (job: J) => boolean
  /** True if it is faster than tiles, or needs less memory. */
  readonly pays: (job: J, instance: WasmInstance) => boolean
  readonly run: (job: J, instance: WasmInstance) => void
}

/** The strategies for a kind of job. The last strategy fits every tile that no other fits. */
export interface Method<J extends Job, S> {
  readonly jobStrategies: readonly JobStrategy<J>[]
  readonly strategies: readonly Strategy<S>[]
  readonly setup: (job: J, instance: WasmInstance) => S
  readonly lower: (job: J) => LoweredPlan
  readonly operands: (job: J, setup: S) => Operands
  /** True if planes must not be cut. */
  readonly keepsPlanes: boolean
  /** The element that changes no result and replaces those that are left out. Absent if the method does not leave elements out. */
  readonly neutral?: (setup: S) => number | bigint
  /** One pass that leaves elements out, counts and fills; null where a tile takes several. */
  readonly countedPass?: (setup: S, tile: LoweredPlan, counting: CountedTile) => TilePass | null
  /** One pass that leaves out the elements without a mark; null where a tile takes two, as `general` does. */
  readonly keptPass?: (setup: S, tile: LoweredPlan, general: () => TilePass) => TilePass | null
}

/** True if threads can share the job: its tiles are independent of each other. */
export function isShareable<J extends Job, S>(method: Method<J, S>, job: J, instance: WasmInstance): boolean {
  return jobStrategyOf(method, job, instance) === undefined
}

/** @param share  only for shareable jobs */
export function runBy<J extends Job, S>(
  method: Method<J, S>,
  job: J,
  instance: WasmInstance,
  share?: Share,
): void {
  if (share === undefined && runAgain(instance, method, job, (form) => prepareJob(method, form, instance)))
    return
  const preferred = jobStrategyOf(method, job, instance)
  if (preferred !== undefined) {
    preferred.run(job, instance)
    return
  }
  const { operandsOf, compile } = passesOf(method, job, instance)
  runTiles(instance, method.lower(job), operandsOf(job), method.keepsPlanes, compile, share)
}

interface Passes<J extends Job> {
  readonly operandsOf: (job: J) => Operands
  readonly compile: (tile: LoweredPlan) => TilePass
}

/** The passes of jobs that are of the kind of `form`. */
function passesOf<J extends Job, S>(method: Method<J, S>, form: J, instance: WasmInstance): Passes<J> {
  const setup = method.setup(form, instance)
  // A spread that comes last is several times faster in V8 than one that comes first.
  const operandsOf = (job: J): Operands => ({ half: job.half, ...method.operands(job, setup) })
  const compile = (tile: LoweredPlan): TilePass => strategyOf(method, setup, tile).compile(setup, tile)
  const { counted } = form
  if (counted === undefined) return { operandsOf, compile }
  const operands = operandsOf(form)
  const neutral = method.neutral!(setup)
  const { array, bytes } = operands.read ?? operands.kind
  const isOwned = !liesInside(instance, operands.x, array)
  const tiles = countedTiles(counted, instance)
  if (tiles !== null) {
    const how = { tiles, least: counted.least, neutral, isOwned }
    return {
      operandsOf: (job) => markedBy(operandsOf(job), marksInTiles(job.counted!)),
      compile: (tile) =>
        method.countedPass?.(setup, tile, how) ??
        countInTile(instance, tile, operands.kind, how, compile(tile)),
    }
  }
  const { nodata } = counted
  if (nodata !== undefined) {
    return {
      operandsOf: (job) => markedBy(operandsOf(job), undefined),
      compile: (tile) =>
        leaveOutValue(instance, tile, operands.kind, { neutral, nodata, isOwned }, compile(tile)),
    }
  }
  const unitIn = unitsOf(counted)
  const { least } = marksOf(form, counted)
  return {
    operandsOf(job) {
      const { copy } = marksOf(job, job.counted!)
      return markedBy(operandsOf(job), { unitIn, group: counted.group, copy })
    },
    compile(tile) {
      const unit = unitIn(tile)
      const general = (): TilePass =>
        leaveOut(instance, tile, { array, bytes, neutral, unit, least, isOwned }, compile(tile))
      return (unit === 1 && least === 1 && method.keptPass?.(setup, tile, general)) || general()
    },
  }
}

function markedBy(operands: Operands, map: Bytes | undefined): Operands {
  const left: Operands = { ...operands, leavesOut: true }
  return map === undefined ? left : { ...left, map }
}

/** Prepares jobs that are of the kind of `form`, for this thread alone; null if they run without tiles. */
function prepareJob<J extends Job, S>(
  method: Method<J, S>,
  form: J,
  instance: WasmInstance,
): ((job: J) => void) | null {
  if (jobStrategyOf(method, form, instance) !== undefined) return null
  const { operandsOf, compile } = passesOf(method, form, instance)
  const held: Held = { operands: operandsOf(form) }
  const run = prepareTiles(instance, method.lower(form), held, method.keepsPlanes, compile)
  const none = held.operands
  return (job) => {
    held.operands = operandsOf(job)
    run()
    held.operands = none
  }
}

/** The name of the strategy that runs a job, or its first tile. Reads no data. */
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
  if (job.counted !== undefined) return undefined
  return jobStrategies.find(({ fits, pays }) => fits(job) && pays(job, instance))
}

/** The first strategy that fits a tile. */
export function strategyOf<J extends Job, S>(
  { strategies }: Method<J, S>,
  setup: S,
  tile: LoweredPlan,
): Strategy<S> {
  return strategies.find(({ fits }) => fits(setup, tile))!
}
