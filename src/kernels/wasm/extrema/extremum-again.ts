/**
 * @file The gradients of max and min whose elements are found again: planes or bands of them are located and sent back while they lie in the
 * cache.
 */
import { overlapOf, sliceAxis } from '../../../plan/slice.ts'
import { statsOf } from '../../../plan/tables.ts'
import type { TypedArray } from '../../../tensor/dtype.ts'
import { findAgain } from '../../find-again.ts'
import type { ExtremumAgain } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { writeBlock } from '../block.ts'
import { computeType, type ElementType, f32, i32, u16 } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import { type JobStrategy, type Method, runBy, strategyOf } from '../strategy.ts'
import {
  type Axes,
  type Axis,
  inSizeOf,
  type LoweredPlan,
  lowerPlan,
  lowerTransposed,
  outSizeOf,
} from '../tiles/lowered-plan.ts'
import { stageIn, stageOut, type TilePass } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { argExtremum } from './arg-extremum.ts'
import { bitsPass, extremumGrad, halfExtremumGrad, readsRepeat, sendsBits } from './extremum-grad.ts'
import { findHalves, findWidened, type Send } from './find-halves.ts'

/** Some rows of outputs, and the rows of inputs that no later band reads. Elements from the first of those on. */
interface Band {
  readonly tile: LoweredPlan
  /** Elements in front of the first row that the band reads, and of its outputs. */
  readonly readAt: number
  readonly outputsAt: number
  /** Elements in front of the first row that the band still adds to, of those rows, and of the rows that are done then. */
  readonly addsAt: number
  readonly adds: number
  readonly done: number
}

export const inBands: JobStrategy<ExtremumAgain> = {
  name: 'findInBands',
  fits: () => true,
  pays: (job) => !fitsTile(job) && largestBand(job) <= tuning.windowBytes,
  run(job, instance) {
    const lowered = lowerPlan(job.plan, false)
    const bands = bandsOf(lowered, computeType[job.dtype]!)
    let ready: Band | null = null
    let run: RunBand | null = null
    for (let plane = 0; plane < lowered.planes; plane++) {
      let carry: TypedArray = new Float64Array(0)
      for (const band of bands) {
        if (ready === null || !areAlike(ready, band)) {
          ready = band
          run = stageBand(job, instance, lowered, band)
        }
        carry = run!(band, plane, carry)
      }
    }
  },
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

function scatterPass(
  instance: WasmInstance,
  tile: LoweredPlan,
  { name, bytes }: ElementType,
  indices: 'I32' | 'U16',
  plane: number,
): Pass {
  const scatter = instance.kernel(`scatter${name}${indices}`)
  const along = tile.axes[2]
  const block = writeBlock(instance, [
    ...[tile.planes, outSizeOf(tile) / tile.inner, tile.inner, plane * bytes],
    readsRepeat(statsOf(along).reads / along.inSize),
  ])
  return (dy, dx, at) => void scatter(block(dy, dx, at))
}

/** Runs a band of a plane, and gives the gradients of rows to which later bands add too. */
type RunBand = (band: Band, plane: number, carry: TypedArray) => TypedArray

/** True if the windows of two bands differ only in where they lie. */
function areAlike(one: Band, other: Band): boolean {
  return (
    one.adds === other.adds &&
    one.done === other.done &&
    one.addsAt - one.readAt === other.addsAt - other.readAt &&
    one.tile.axes.every((axis, i) => areAlikeAlong(axis, other.tile.axes[i]!))
  )
}

function areAlikeAlong(one: Axis, other: Axis): boolean {
  if (one === other) return true
  const isSame = one.inSize === other.inSize && one.outSize === other.outSize
  return isSame && one.regular !== null && one.regular.padBefore === other.regular!.padBefore
}

/** Prepares bands that are alike. */
function stageBand(
  job: ExtremumAgain,
  instance: WasmInstance,
  lowered: LoweredPlan,
  { tile, adds, done, readAt }: Band,
): RunBand {
  const { x, dy, dx, dtype } = job
  const isBits = sendsBits(job)
  const kind = isBits ? u16 : computeType[dtype]!
  const half = isBits ? undefined : job.half
  const [inPlane, outPlane] = [inSizeOf(lowered), outSizeOf(lowered)]
  instance.release()
  const side = (size: number, length = size) => ({ size, runs: { length, loops: [] }, half })
  const output = stageOut(instance, () => dx, kind, side(adds, done))
  const input = stageIn(instance, () => x, job.half === undefined ? kind : u16, side(inSizeOf(tile)))
  const gradients = stageIn(instance, () => dy, kind, side(outSizeOf(tile)))
  const send = findPass(instance, job, tile, inPlane)
  return (band, plane, carry) => {
    const to = plane * inPlane + band.addsAt
    const sums = output.address(to)
    instance
      .view(kind.array, sums, adds)
      .fill(0)
      .set(carry as Float32Array)
    const [from, given] = [input(plane * inPlane + band.readAt), gradients(plane * outPlane + band.outputsAt)]
    // Elements are found where those of the prepared band lie.
    send(from, given, sums - (band.addsAt - band.readAt + readAt) * kind.bytes)
    output.copy(to)
    // A band with a NaN takes more memory, which replaces the views from before.
    return instance.view(kind.array, sums, adds).slice(done)
  }
}

function fitsTile({ plan, dtype }: ExtremumAgain): boolean {
  const lowered = lowerPlan(plan, false)
  return (inSizeOf(lowered) + outSizeOf(lowered)) * computeType[dtype]!.bytes <= tuning.tileBytes
}

/** The bytes of the largest band. */
export function largestBand({ plan, dtype }: ExtremumAgain): number {
  const kind = computeType[dtype]!
  const bands = bandsOf(lowerPlan(plan, false), kind)
  return Math.max(...bands.map(({ tile, adds }) => Math.max(adds, outSizeOf(tile)))) * kind.bytes
}

/** Cuts a plane along its first axis longer than 1. */
function bandsOf({ axes, inner }: LoweredPlan, { bytes }: ElementType): readonly Band[] {
  const along = Math.max(
    0,
    axes.findIndex(({ inSize, outSize }) => inSize > 1 || outSize > 1),
  )
  const axis = axes[along]!
  const after = axes.slice(along + 1)
  const inPitch = after.reduce((pitch, { inSize }) => pitch * inSize, inner)
  const outPitch = after.reduce((pitch, { outSize }) => pitch * outSize, inner)
  const row = (inPitch * axis.inSize) / axis.outSize + outPitch
  const most = Math.max(1, Math.floor(tuning.tileBytes / bytes / row), tuning.minBandHalos * overlapOf(axis))
  const slices: Axis[] = []
  for (let begin = 0; begin < axis.outSize; begin += most)
    slices.push(sliceAxis(axis, begin, Math.min(axis.outSize, begin + most)))
  let adds = 0
  return slices.map((slice, i) => {
    const next = slices[i + 1]
    const from = slice.origin - axis.origin
    const to = from + slice.inSize
    const start = adds
    adds = next === undefined ? axis.inSize : Math.max(start, next.origin - axis.origin)
    return {
      tile: { planes: 1, axes: axes.with(along, slice) as unknown as Axes, inner },
      readAt: from * inPitch,
      outputsAt: (slice.begin - axis.begin) * outPitch,
      addsAt: start * inPitch,
      adds: (Math.max(adds, to) - start) * inPitch,
      done: (adds - start) * inPitch,
    }
  })
}
