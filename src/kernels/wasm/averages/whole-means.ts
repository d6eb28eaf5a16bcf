/**
 * @file Means of integers of 8, 16 and 32 bits: which jobs they fit, and the parts of a row with one divisor.
 */
import type { PoolPlan } from '../../../plan/pool-plan.ts'
import { statsOf } from '../../../plan/tables.ts'
import type { Division } from '../../../reducers/average.ts'
import type { Rounding } from '../../../reducers/rounding.ts'
import type { DType } from '../../../tensor/dtype.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import type { AverageForward } from '../../job.ts'
import { writeBlock } from '../block.ts'
import { countedTiles } from '../counted/count-in-tiles.ts'
import { computeType, type ElementType, f64, i16, i32 } from '../element-type.ts'
import { columnOf, isColumn } from '../folds/column.ts'
import { downAcrossPass } from '../folds/down-across.ts'
import type { DownAcross } from '../folds/down-across-op.ts'
import { layersOf, sharesLayers } from '../folds/layers.ts'
import { runsOf } from '../folds/segments.ts'
import { divisorOf, is1x2s2, is2x2s2, rowsOf2x2s2 } from '../folds/specialized.ts'
import { chain, type Pass } from '../pass.ts'
import { largestSum } from '../supports.ts'
import { type Axes, type LoweredPlan, lowerPlan, outSizeOf } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { type WholeDivision, type WholeType, wholeDivision } from './whole-division.ts'

/** Elements, and the sums that hold all windows of a job. */
export interface WholeMeans {
  readonly kind: ElementType
  readonly type: WholeType | LongType
  readonly sums: ElementType
  readonly division: Division
  readonly rounding: Rounding
  /** The most elements of a window. */
  readonly taps: number
  /** Given if each output has a divisor of its own. */
  readonly each?: DownAcross['each']
}

/** Sums of 32-bit integers are float64, and divided as such. */
interface LongType {
  readonly bits: 32
  readonly signed: boolean
}

const longTypes: Partial<Record<DType, LongType>> = {
  int32: { bits: 32, signed: true },
  uint32: { bits: 32, signed: false },
}

const types: Partial<Record<DType, WholeType>> = {
  int8: { bits: 8, signed: true },
  uint8: { bits: 8, signed: false },
  int16: { bits: 16, signed: true },
  uint16: { bits: 16, signed: false },
}

/** The steps that compute the means of a job, or null if its sums or divisors are too large. */
export function wholeMeansOf(job: AverageForward, { isSimd }: WasmInstance): WholeMeans | null {
  const { dtype, plan, division, rounding } = job
  if (!isSimd) return null
  const long = longTypes[dtype]
  if (long !== undefined) return longMeansOf(job, long)
  const type = types[dtype]
  if (type === undefined) return null
  const { axes } = lowerPlan(plan, true)
  const most = (of: 'mostTaps' | 'mostDivisor') =>
    axes.reduce((product, axis) => product * Math.max(1, statsOf(axis)[of]), 1)
  const taps = most('mostTaps')
  const largest = typeof division === 'number' ? division : most('mostDivisor')
  if (largest < taps && (largest < 1 || type.signed)) return null
  const divisors = typeof division === 'number' ? [division] : divisorsOf(axes)
  for (const sums of type.bits === 8 ? [i16, i32] : [i32]) {
    const means = { kind: computeType[dtype]!, type, sums, division, rounding, taps }
    if (divisors.every((divisor) => wholeDivisionOf(means, type, divisor) !== null)) return means
  }
  return null
}

/** Elements of a row up to which its sums stay in the cache. */
const mostOfRow = 2 ** 15

/** Divisors are at least 1 and have 32 bits. */
function longMeansOf({ dtype, plan, division, rounding }: AverageForward, type: LongType): WholeMeans | null {
  if (typeof division === 'number' && !(division >= 1 && division < 2 ** 32)) return null
  const lowered = lowerPlan(plan, true)
  const { axes, inner } = lowered
  const row = axes[2]
  if (row.regular === null && row.inSize * inner > mostOfRow && !isColumn(lowered, f64.bytes)) return null
  const taps = plan.axes.reduce((product, axis) => product * Math.max(1, statsOf(axis).mostTaps), 1)
  return { kind: computeType[dtype]!, type, sums: f64, division, rounding, taps }
}

/** Divisors up to which assembly/means-each.ts multiplies. */
const fewDivided = 12

/** The largest divisor of a window, with its padding. */
function mostDivided({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * Math.max(statsOf(axis).mostTaps, statsOf(axis).mostDivisor), 1)
}

/** The same for jobs that divide by what counts in each window. */
export function countedMeansOf(job: AverageForward, instance: WasmInstance): WholeMeans | null {
  const { dtype, plan, rounding, counted } = job
  if (!instance.isSimd) return null
  const divisorBytes = countedTiles(counted, instance)?.countBytes ?? (counted!.copyDivisors === null ? 4 : 1)
  const long = longTypes[dtype]
  if (long !== undefined) {
    const means = longMeansOf({ ...job, division: 1 }, long)
    return means && { ...means, each: { divisorBytes, isShort: false, isFew: false } }
  }
  const type = types[dtype]
  if (type === undefined) return null
  const taps = plan.axes.reduce((product, axis) => product * Math.max(1, statsOf(axis).mostTaps), 1)
  const bits = type.bits + Math.log2(taps)
  if (bits > 32) return null
  const sums = type.bits === 8 && bits <= 16 ? i16 : i32
  const isShort = largestSum(dtype, plan) <= (rounding.startsWith('half') ? 2 ** 23 : 2 ** 24)
  const isFew = type.bits === 8 && mostDivided(plan) <= fewDivided
  const each = { divisorBytes, isShort, isFew } as const
  return { kind: computeType[dtype]!, type, sums, division: 1, rounding, taps, each }
}

function wholeDivisionOf(
  { sums, rounding, taps }: Omit<WholeMeans, 'type'>,
  type: WholeType,
  divisor: number,
): WholeDivision | null {
  return wholeDivision(type, sums === i16 ? 16 : 32, divisor, rounding, taps)
}

/** Null for sums that are divided as float64. */
function divide(means: WholeMeans, divisor: number): WholeDivision | null {
  const { type } = means
  return type.bits === 32 ? null : wholeDivisionOf(means, type, divisor)
}

/** All divisors of the windows of a plan. */
const divisorsOf = memoizeWeak((axes: Axes): readonly number[] =>
  axes.reduce<readonly number[]>(
    (lead, axis) => [
      ...new Set(lead.flatMap((before) => runsOf(axis).map(({ divisor }) => before * divisor))),
    ],
    [1],
  ),
)

/** What rounds a quarter: added to every sum, to negative ones as well, and to those whose quotient is odd. */
const quarterBiases: Readonly<Record<Rounding, readonly [all: number, negative: number, odd: number]>> = {
  trunc: [0, 3, 0],
  floor: [0, 0, 0],
  'half-up': [2, -1, 0],
  'half-even': [1, 0, 1],
}

/**
 * True for small integers in windows of 2 by 2 at stride 2 whose sums are divided by 4, or of 2 whose sums are halved. Pixels fill a vector, or two of
 * them fit in one.
 */
export function isQuarter({ kind, type, division, each }: WholeMeans, tile: LoweredPlan): boolean {
  if (type.bits === 32 || each !== undefined) return false
  const pixel = tile.inner * kind.bytes
  const plane = { ...tile, inner: 1 }
  const taps = is2x2s2(plane) ? 4 : is1x2s2(plane) ? 2 : 0
  return (
    (2 * pixel <= vector || pixel >= vector) &&
    taps > 0 &&
    divisorOf(tile, { division, whole: null }) === taps
  )
}

const vector = 16

export function quarterMeansPass(
  instance: WasmInstance,
  { kind, type, rounding }: WholeMeans,
  tile: LoweredPlan,
): Pass {
  const { planes, axes, inner } = tile
  const [, rows, cols] = axes
  const run = instance.kernel(`mean2x2s2${type.signed ? 'I' : 'U'}${type.bits}`)
  const sizes = [planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize]
  const pixel = inner * kind.bytes
  const pairs = pairsOf(inner, kind)
  const block = writeBlock(instance, [
    ...sizes,
    ...rowsOf2x2s2({ ...tile, inner: 1 }, { bytes: pixel }),
    ...quarterBiases[rounding],
    ...[inner, pairs, pairs === 0 ? 0 : writePairs(instance, kind.bytes, inner)],
  ])
  return (src, dst) => void run(block(src, dst))
}

/** The pairs of pixels of a few channels that a vector holds. */
export function pairsOf(inner: number, { bytes }: Pick<ElementType, 'bytes'>): number {
  return inner === 1 ? 0 : Math.floor(vector / (2 * inner * bytes))
}

/** The mask of a swizzle that brings the elements of each pair of pixels side by side, channel by channel. */
export function writePairs(instance: WasmInstance, bytes: number, inner: number): number {
  const address = instance.alloc(vector)
  const mask = instance.view(Uint8Array, address, vector).fill(0x80)
  for (let at = 0; at + 2 * inner * bytes <= vector; at += 2 * inner * bytes)
    for (let i = 0; i < 2 * inner * bytes; i++) {
      const [channel, second, byte] = [Math.floor(i / (2 * bytes)), Math.floor(i / bytes) % 2, i % bytes]
      mask[at + i] = at + (second * inner + channel) * bytes + byte
    }
  return address
}

export function wholeMeansPass(instance: WasmInstance, means: WholeMeans, tile: LoweredPlan): Pass {
  const { sums, each } = means
  if (isColumn(tile, sums.bytes))
    return downAcrossPass(meansOp(instance, means, columnOf(tile)), columnOf(tile))
  if (each !== undefined) return downAcrossPass(meansOp(instance, means, tile), tile)
  const { leastDivisor, mostDivisor } = statsOf(tile.axes[0])
  if (!sharesLayers(tile) || leastDivisor !== mostDivisor)
    return downAcrossPass(meansOp(instance, means, tile), tile)
  const [layers, rest] = layersOf(tile)
  const run = { from: 0, to: layers.axes[2].outSize, divisor: 1, division: null }
  const ofLayers = { ...meansOp(instance, means, layers), isRaw: true, partsOf: () => [run] }
  const ofRest = { ...meansOp(instance, means, rest, mostDivisor || 1), isFolded: true }
  return chain(
    instance,
    sums,
    [downAcrossPass(ofLayers, layers), downAcrossPass(ofRest, rest)],
    [layers.planes * outSizeOf(layers)],
  )
}

/** @param layers  the divisor of an axis that is folded already */
function meansOp(
  instance: WasmInstance,
  means: WholeMeans,
  { axes: [, , row] }: LoweredPlan,
  layers = 1,
): DownAcross {
  const { kind, type, sums, division, rounding, each } = means
  const sign = type.signed ? 'I' : 'U'
  const whole = { from: 0, to: row.outSize }
  return {
    instance,
    kernel: `downAcrossSum${sign}${type.bits}${sums.float ? 'F' : sign}${8 * sums.bytes}`,
    kind,
    folds: sums,
    orderMask: 0,
    neutral: 0,
    slides: true,
    rounding,
    ...(each && { each }),
    partsOf: (rowDivisor) =>
      each !== undefined
        ? [{ ...whole, divisor: 1, division: null }]
        : typeof division === 'number'
          ? [{ ...whole, divisor: division, division: divide(means, division) }]
          : runsOf(row).map(({ from, to, divisor }) => {
              const by = rowDivisor * layers * divisor
              return { from, to, divisor: by, division: divide(means, by) }
            }),
  }
}
