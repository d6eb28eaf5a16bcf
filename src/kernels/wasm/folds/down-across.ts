/**
 * @file Folds windows down their rows and then across, see assembly/down-across.ts: maxima and means of integers, and
 * norms, of any number of interleaved channels.
 */
import { statsOf, tablesOf } from '../../../plan/tables.ts'
import { roundings } from '../../../reducers/rounding.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import { writeBlock } from '../block.ts'
import type { Axis, LoweredPlan } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import type { DownAcross } from './down-across-op.ts'
import { type IndirectionTable, writeLists, writeWindows } from './indirection.ts'
import { type Phase, phasesOf } from './phases.ts'
import { writeSegments } from './segments.ts'

const vector = 16

/**
 * @returns a pass that is true if a slope or a share left the range of powers. Its third operand are the elements of slopes, divisors, or
 *   the gradients of norms
 */
export function downAcrossPass(
  op: DownAcross,
  tile: LoweredPlan,
): (src: number, dst: number, values: number) => boolean {
  const { instance, kind, folds, orderMask, norm, each, isRaw = false, isFolded = false } = op
  const { planes, axes, inner } = tile
  const [a, b, c] = axes
  const n = c.inSize * inner
  const stored = isRaw || norm?.sends ? folds : kind
  const [row, outRow] = [n * (isFolded ? folds : kind).bytes, c.outSize * inner * stored.bytes]
  const { rows, leaving } = writeRows(op, tile, row)
  const taps = tapsAcross(op, c, inner)
  const most = taps.phases.length > 0 ? c.outSize : outputsOfSegment(op, inner)
  const pixels = pixelsOf(op, c, inner)
  const picks = picksOf(op, c, inner)
  const lists = writeSegments(op, tile, most, pixels === 0 && picks.count === 0)
  const block = writeBlock(instance, [
    ...[planes, a.inSize * b.inSize * row, a.outSize * b.outSize * outRow],
    ...[rows.count, rows.ends, rows.items, leaving?.ends ?? 0, leaving?.items ?? 0],
    ...[n, writeTail(instance, n * folds.bytes), taps.folds, inner, outRow],
    ...[taps.first, taps.pitch, taps.count, c.step * inner * folds.bytes, taps.firsts, taps.counts],
    ...[lists.addresses, lists.count, picks.count, picks.vectors, picks.masks, orderMask],
    ...[writeResults(op, c, inner, most), writeSumsAlong(op, tile, most)],
    ...[norm?.power ?? 0, norm?.fullWindow ?? 0, norm?.slope?.kind.bytes ?? 0, norm?.slope?.p ?? 0],
    ...[taps.phases.length, ...writePhases(op, taps.phases, inner)],
    ...[each?.divisorBytes ?? 0, op.rounding === undefined ? 0 : roundings.indexOf(op.rounding) + 1],
    Number(each?.isShort ?? false),
    ...[Number(isRaw), pixels, pixels === 0 ? 0 : instance.alloc(2 * vector), Number(norm?.sends ?? false)],
    ...[Number(each?.isFew ?? false), Number(isFolded)],
  ])
  const run = instance.kernel(op.kernel)
  return (src, dst, values) => run(block(src, dst, values)) !== 0
}

interface Rows {
  readonly rows: IndirectionTable
  /** For rows that slide, the input rows that leave; `rows` then lists those that enter. */
  readonly leaving: IndirectionTable | null
}

function writeRows({ instance, slides }: DownAcross, { axes }: LoweredPlan, row: number): Rows {
  const [a, b] = axes
  const isSingle = a.inSize === 1 && a.outSize === 1 && statsOf(a).fewestTaps === 1
  const overlaps = b.regular !== null && b.step === 1 && b.regular.window > 3 * b.regular.stride
  if (!slides || !isSingle || !overlaps)
    return { rows: writeWindows(instance, [a, b], [b.inSize * row, row]), leaving: null }
  const { entering, leaving } = slidingRows(b)
  const inBytes = (lists: readonly (readonly number[])[]) => lists.map((list) => list.map((at) => at * row))
  return {
    rows: writeLists(instance, inBytes(entering)),
    leaving: writeLists(instance, inBytes(leaving)),
  }
}

/** The rows that enter and leave each window of an axis as it slides. */
const slidingRows = memoizeWeak((axis: Axis) => {
  const { first, taps } = tablesOf(axis)
  const range = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
  const endOf = (i: number): number => (i < 0 ? 0 : first[i]! + taps[i]!)
  const beginOf = (i: number): number => (i < 0 || taps[i] === 0 ? 0 : first[i]!)
  const outputs = Array.from({ length: axis.outSize }, (_, i) => i)
  return {
    entering: outputs.map((i) => range(Math.max(endOf(i - 1), beginOf(i)), endOf(i))),
    leaving: outputs.map((i) => range(beginOf(i - 1), Math.min(endOf(i - 1), beginOf(i)))),
  }
})

/** Taps of windows at stride 1 from which sums along the row pay, with pixels smaller than a vector, and with others. */
const leastSliding = { small: 6, large: 4 }
/** Sums of so many 32-bit integers are exact in float64. */
const mostExact = 2 ** 20

/** Allocates sums along rows, see assembly/sums-along.ts; 0 if windows are short, or overlap too little. */
function writeSumsAlong(
  { instance, slides, folds }: DownAcross,
  { axes, inner }: LoweredPlan,
  most: number,
): number {
  const [a, b, { outSize, regular, step }] = axes
  const pixel = inner * folds.bytes
  const least = pixel < vector ? leastSliding.small : leastSliding.large
  if (!slides || step !== 1 || regular?.stride !== 1 || regular.window < least) return 0
  const count = Math.min(most, outSize) + regular.window
  if (folds.float && count * statsOf(a).mostTaps * statsOf(b).mostTaps > mostExact) return 0
  const sums = instance.alloc(count * pixel + 2 * vector)
  const pixels = Math.max(1, Math.floor(vector / pixel))
  const doublings = Math.ceil(Math.log2(pixels))
  return writeInts(
    instance,
    Int32Array.of(sums, pixel, pixels * pixel, doublings, writeShifts(instance, pixel, pixels)),
  )
}

/** The masks of swizzles that move pixels on by 1, 2, 4 and 8, and of the one that repeats the last pixel. */
function writeShifts(instance: WasmInstance, pixel: number, pixels: number): number {
  const address = instance.alloc(5 * vector)
  const table = instance.view(Uint8Array, address, 5 * vector).fill(0x80)
  for (let i = 0; i < pixels * pixel; i++) {
    for (let k = 0; k < 4; k++) if (i >= pixel << k) table[k * vector + i] = i - (pixel << k)
    table[4 * vector + i] = (pixels - 1) * pixel + (i % pixel)
  }
  return address
}

interface Taps {
  readonly folds: number
  readonly first: number
  readonly pitch: number
  readonly count: number
  readonly firsts: number
  readonly counts: number
  readonly phases: readonly Phase[]
}

/** Bytes that vectors read or write past the last tap. */
const spare = 16 * vector

/** Allocates the row of folds. Windows that reach beyond the ends read the margins. */
function tapsAcross(op: DownAcross, axis: Axis, inner: number): Taps {
  const { inSize, outSize, regular, step } = axis
  const pixel = inner * op.folds.bytes
  const phases = op.norm === undefined ? [] : phasesOf(axis)
  if (phases.length > 0) {
    const before = Math.max(0, ...phases.map(({ first }) => -first))
    const reach = Math.max(
      inSize,
      ...phases.map(({ first, taps, count }) => first + (taps - 1) * step + count),
    )
    const folds = writeFolds(op, before * pixel, reach * pixel)
    const inBytes = phases.map((phase) => ({ ...phase, first: phase.first * pixel }))
    return { folds, first: 0, pitch: 0, count: 0, firsts: 0, counts: 0, phases: inBytes }
  }
  if (regular === null) {
    const { first, taps } = tablesOf(axis)
    const firsts = first.map((at, i) => (taps[i] === 0 ? inSize : at) * pixel)
    const [at, counts] = [
      writeInts(op.instance, firsts),
      writeInts(
        op.instance,
        taps.map((count) => count || 1),
      ),
    ]
    return {
      // A window without taps reads a pixel past the row.
      folds: writeFolds(op, 0, (inSize + 1) * pixel),
      first: 0,
      pitch: 0,
      count: 0,
      firsts: at,
      counts,
      phases,
    }
  }
  const { window, stride, padBefore } = regular
  const reach = (outSize - 1) * stride - padBefore + (window - 1) * step + 1
  const folds = writeFolds(op, Math.max(0, padBefore) * pixel, Math.max(inSize, reach) * pixel)
  const [first, pitch] = [-padBefore * pixel, stride * pixel]
  return { folds, first, pitch, count: window, firsts: 0, counts: 0, phases }
}

/** Writes the phases, and allocates their results: the address of each, and the bytes from one to the next. */
function writePhases({ instance, folds }: DownAcross, phases: readonly Phase[], inner: number): number[] {
  if (phases.length === 0) return [0, 0, 0]
  const table = writeInts(
    instance,
    Int32Array.from(phases.flatMap(({ first, taps, count }) => [first, taps, count])),
  )
  const pitch = vector * Math.ceil((phases[0]!.count * inner * folds.bytes) / vector) + vector
  return [table, instance.alloc(phases.length * pitch), pitch]
}

/** @returns the address of the first fold, which `before` bytes of margin precede */
function writeFolds({ instance, folds, neutral }: DownAcross, before: number, bytes: number): number {
  const margin = Math.ceil(before / vector) * vector
  const address = instance.alloc(margin + bytes + spare)
  instance.view(folds.array, address, (margin + bytes + spare) / folds.bytes).fill(neutral)
  return address + margin
}

function writeInts(instance: WasmInstance, values: Int32Array): number {
  const address = instance.alloc(values.byteLength)
  instance.ints.set(values, address >> 2)
  return address
}

/** Writes the mask of the elements of a row in its last vector. */
function writeTail(instance: WasmInstance, bytes: number): number {
  const address = instance.alloc(vector)
  const inside = bytes % vector || vector
  instance.view(Int8Array, address, vector).fill(0).fill(-1, 0, inside)
  return address
}

/** Bytes of folds that one segment reads: they and the results stay in the first-level cache. */
const segmentFolds = 8192

/** The most outputs of a segment. */
function outputsOfSegment({ folds }: DownAcross, inner: number): number {
  return vector * Math.max(1, Math.floor(segmentFolds / (vector * inner * folds.bytes)))
}

/** Allocates the results of a segment, and of the steps that join windows. */
function writeResults({ instance, folds }: DownAcross, axis: Axis, inner: number, most: number): number {
  const window = axis.regular === null ? 0 : (axis.regular.window - 1) * axis.step
  return instance.alloc((Math.min(most, axis.outSize) + window) * inner * folds.bytes + spare)
}

/** Taps from which a window pays for the vector that is stored and read again. */
const leastLong = 8

/** The pixels of a vector, if windows are long, have no gaps, hardly overlap, and may be folded in any order; else 0. */
function pixelsOf({ folds, norm }: DownAcross, axis: Axis, inner: number): number {
  const count = Math.floor(vector / (inner * folds.bytes))
  const { mostTaps, reads } = statsOf(axis)
  const isLong = axis.step === 1 && count > 1 && mostTaps >= Math.max(leastLong, 2 * count)
  return norm === undefined && isLong && reads <= 2 * axis.inSize ? count : 0
}

interface Picks {
  /** Outputs that one vector holds; 0 if outputs are not picked. */
  readonly count: number
  readonly vectors: number
  readonly masks: number
}

/** The bytes of every `stride`th pixel, as masks of swizzles. A pixel that fills a vector needs no swizzle. */
function picksOf({ instance, folds }: DownAcross, { regular }: Axis, inner: number): Picks {
  const pixel = inner * folds.bytes
  if (regular === null || regular.stride === 1 || pixel > vector) return { count: 0, vectors: 0, masks: 0 }
  const count = Math.floor(vector / pixel)
  const apart = regular.stride * pixel
  const vectors = Math.ceil(((count - 1) * apart + pixel) / vector)
  const masks = instance.alloc(vectors * vector)
  const table = instance.view(Uint8Array, masks, vectors * vector).fill(0x80)
  for (let i = 0; i < count; i++) {
    for (let byte = 0; byte < pixel; byte++) {
      const from = i * apart + byte
      table[Math.floor(from / vector) * vector + i * pixel + byte] = from % vector
    }
  }
  return { count, vectors, masks }
}
