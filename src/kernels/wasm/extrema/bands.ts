/**
 * @file Planes of gradients that do not fit a tile, band by band: sums to which later bands add too are carried on.
 */
import { overlapOf, sliceAxis } from '../../../plan/slice.ts'
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { ExtremumAgain, ExtremumBackward } from '../../job.ts'
import { tuning } from '../../tuning.ts'
import { computeType, type ElementType, u16 } from '../element-type.ts'
import {
  type Axes,
  type Axis,
  inSizeOf,
  type LoweredPlan,
  lowerPlan,
  outSizeOf,
} from '../tiles/lowered-plan.ts'
import { type Side, stageIn, stageOut } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'

type Job = ExtremumAgain | ExtremumBackward

/** Some rows of outputs, and the rows of inputs that no later band reads. Elements from the first of those on. */
export interface Band {
  readonly tile: LoweredPlan
  /** Elements in front of the first row that the band reads, and of its outputs. */
  readonly readAt: number
  readonly outputsAt: number
  /** Elements in front of the first row that the band still adds to, of those rows, and of the rows that are done then. */
  readonly addsAt: number
  readonly adds: number
  readonly done: number
}

/** Adds the gradients at `dy` to the sums of the rows of a band. False if it cannot. */
export type AddBand = (band: Band, plane: number, dy: number, sums: number) => boolean

export interface Bands {
  /** True if gradients are the bits of halves. */
  readonly areBits: boolean
  /** Prepares bands that are alike. */
  readonly prepare: (band: Band) => AddBand
}

/** @returns false if a band could not be added, and then `dx` is wrong */
export function runBands(job: Job, instance: WasmInstance, { areBits, prepare }: Bands): boolean {
  const lowered = lowerPlan(job.plan, false)
  const bands = bandsOf(lowered, computeType[job.dtype]!)
  let ready: Band | null = null
  let run: RunBand | null = null
  for (let plane = 0; plane < lowered.planes; plane++) {
    let carry: TypedArray | null = new Float64Array(0)
    for (const band of bands) {
      if (ready === null || !areAlike(ready, band)) {
        ready = band
        run = stageBand(job, instance, lowered, band, areBits, prepare)
      }
      carry = run!(band, plane, carry)
      if (carry === null) return false
    }
  }
  return true
}

/** Runs a band of a plane, and gives the gradients of rows to which later bands add too; null if it cannot. */
type RunBand = (band: Band, plane: number, carry: TypedArray) => TypedArray | null

function stageBand(
  { dx, dy, dtype, half }: Job,
  instance: WasmInstance,
  lowered: LoweredPlan,
  band: Band,
  areBits: boolean,
  prepare: Bands['prepare'],
): RunBand {
  const { tile, adds, done } = band
  const kind = areBits ? u16 : computeType[dtype]!
  const [inPlane, outPlane] = [inSizeOf(lowered), outSizeOf(lowered)]
  instance.release()
  const type = areBits ? undefined : half
  const output = stageOut(instance, () => dx, kind, sideOf(adds, type, done))
  const gradients = stageIn(instance, () => dy, kind, sideOf(outSizeOf(tile), type))
  const add = prepare(band)
  return (own, plane, carry) => {
    const to = plane * inPlane + own.addsAt
    const sums = output.address(to)
    instance
      .view(kind.array, sums, adds)
      .fill(0)
      .set(carry as Float32Array)
    if (!add(own, plane, gradients(plane * outPlane + own.outputsAt), sums)) return null
    output.copy(to)
    // A band with a NaN takes more memory, which replaces the views from before.
    return instance.view(kind.array, sums, adds).slice(done)
  }
}

/** A run of elements, of which the first `length` are copied out. */
export function sideOf(size: number, half: Side['half'], length = size): Side {
  return { size, runs: { length, loops: [] }, half }
}

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

export function fitsTile({ plan, dtype }: Job): boolean {
  const lowered = lowerPlan(plan, false)
  return (inSizeOf(lowered) + outSizeOf(lowered)) * computeType[dtype]!.bytes <= tuning.tileBytes
}

/** The bytes of the largest band. */
export function largestBand({ plan, dtype }: Job): number {
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
