/**
 * @file The gradients of max and min whose elements are found again: planes or bands of them are located and sent back while they lie in the
 * cache.
 */
import { findAgain } from '../../find-again.ts'
import type { ExtremumAgain } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { computeType, f32, i32, u16 } from '../element-type.ts'
import { type JobStrategy, type Method, runBy, strategyOf } from '../strategy.ts'
import { inSizeOf, type LoweredPlan, lowerPlan, lowerTransposed, outSizeOf } from '../tiles/lowered-plan.ts'
import { stageIn, type TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { argExtremum } from './arg-extremum.ts'
import { type AddBand, type Band, fitsTile, largestBand, runBands, sideOf } from './bands.ts'
import { extremumGrad, halfExtremumGrad } from './extremum-grad.ts'
import { findHalves, findWidened, type Send } from './find-halves.ts'
import { bitsPass, scatterPass, sendsBits } from './scatter.ts'

export const inBands: JobStrategy<ExtremumAgain> = {
  name: 'findInBands',
  fits: () => true,
  pays: (job) => !fitsTile(job) && largestBand(job) <= tuning.windowBytes,
  run: (job, instance) =>
    void runBands(job, instance, {
      areBits: sendsBits(job),
      prepare: (band) => findBand(job, instance, band),
    }),
}

function findBand(job: ExtremumAgain, instance: WasmInstance, { tile, readAt }: Band): AddBand {
  const { x, half, dtype } = job
  const { bytes } = sendsBits(job) ? u16 : computeType[dtype]!
  const lowered = lowerPlan(job.plan, false)
  const inPlane = inSizeOf(lowered)
  const kind = half === undefined ? computeType[dtype]! : u16
  const input = stageIn(instance, () => x, kind, sideOf(inSizeOf(tile), undefined))
  const send = findPass(instance, job, tile, inPlane)
  return (band, plane, dy, sums) => {
    // Elements are found where those of the prepared band lie.
    send(input(plane * inPlane + band.readAt), dy, sums - (band.addsAt - band.readAt + readAt) * bytes)
    return true
  }
}

export const inTwoJobs: JobStrategy<ExtremumAgain> = {
  name: 'findFirst',
  fits: () => true,
  pays: (job) => !fitsTile(job),
  run(job, instance) {
    findAgain(
      job,
      (find) => runBy(argExtremum, find, instance),
      (send) => runBy(sendsBits(send) ? halfExtremumGrad : extremumGrad, send, instance),
    )
  },
}

export interface Setup {
  readonly instance: WasmInstance
  readonly job: ExtremumAgain
}

export const extremumAgain: Method<ExtremumAgain, Setup> = {
  jobStrategies: [inBands, inTwoJobs],
  strategies: [{ name: 'find', fits: () => true, compile: planesPass }],
  setup: (job, instance) => ({ instance, job }),
  lower: ({ plan }) => lowerTransposed(plan),
  operands({ dtype, half, x, dy, dx }) {
    const kind = computeType[dtype]!
    return { x: dy, y: dx, kind, beside: { data: x, cell: half === undefined ? kind : u16 } }
  },
  keepsPlanes: true,
}

/** Whole planes. */
function planesPass({ instance, job }: Setup, { planes }: LoweredPlan): TilePass {
  const kind = computeType[job.dtype]!
  const tile = { ...lowerPlan(job.plan, false), planes }
  const send = findPass(instance, job, tile, inSizeOf(tile))
  return (src, dst, _, beside) => {
    instance.view(kind.array, dst, planes * inSizeOf(tile)).fill(0)
    send(beside, src, dst)
  }
}

/**
 * Finds the elements of a tile in scratch, and adds to those gradients, which are bits where `sendsBits` says so. `plane` is the elements of
 * a plane of gradients.
 */
function findPass(instance: WasmInstance, job: ExtremumAgain, tile: LoweredPlan, plane: number): Send {
  const { half, dtype } = job
  if (half !== undefined && sendsBits(job)) {
    const { planes, inner } = tile
    const scatter = bitsPass(instance, half, [planes, outSizeOf(tile) / inner, inner], plane)
    return findWidened(instance, job, tile, findFloats(instance, job, tile, scatter))
  }
  const floats = (): Send =>
    findFloats(instance, job, tile, scatterPass(instance, tile, computeType[dtype]!, 'I32', plane))
  if (half === undefined) return floats()
  return findHalves(instance, job, tile, scatterPass(instance, tile, f32, 'U16', plane), floats)
}

/** Adds gradients at the indices. */
type Scatter = (dy: number, dx: number, indices: number) => unknown

function findFloats(instance: WasmInstance, job: ExtremumAgain, tile: LoweredPlan, scatter: Scatter): Send {
  const indices = instance.alloc(tile.planes * outSizeOf(tile) * i32.bytes)
  const locate = locatePass(instance, job, tile)
  return (x, dy, dx) => {
    locate(x, indices)
    scatter(dy, dx, indices)
  }
}

/** Finds the indices of a tile. */
export function locatePass(
  instance: WasmInstance,
  { dtype, reducer }: ExtremumAgain,
  tile: LoweredPlan,
): (x: number, indices: number) => void {
  const setup = argExtremum.setup({ dtype, reducer } as never, instance)
  const y = instance.alloc(tile.planes * outSizeOf(tile) * computeType[dtype]!.bytes)
  const find = strategyOf(argExtremum, setup, tile).compile(setup, tile)
  return (x, indices) => find(x, y, indices, 0, 0)
}
