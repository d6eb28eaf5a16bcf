/**
 * @file Means of 8-bit and 16-bit integers: which jobs they fit, and the parts of a row with one divisor.
 */
import { statsOf } from '../../plan/tables.ts'
import type { Division } from '../../reducers/average.ts'
import type { Rounding } from '../../reducers/rounding.ts'
import type { DType } from '../../tensor/dtype.ts'
import { memoizeWeak } from '../../tensor/memoize-weak.ts'
import type { AverageForward } from '../job.ts'
import { writeBlock } from './block.ts'
import { countedTiles } from './count-in-tiles.ts'
import { type DownAcross, downAcrossPass, runsOf } from './down-across.ts'
import { computeType, type ElementType, i16, i32 } from './element-type.ts'
import { type Axes, type LoweredPlan, lowerPlan } from './lowered-plan.ts'
import type { Pass } from './pass.ts'
import { divisorOf, is2x2s2 } from './specialized.ts'
import { largestSum } from './supports.ts'
import type { WasmInstance } from './wasm-instance.ts'
import { type WholeType, wholeDivision } from './whole-division.ts'

/** Elements, and the sums that hold all windows of a job. */
export interface WholeMeans {
  readonly kind: ElementType
  readonly type: WholeType
  readonly sums: ElementType
  readonly division: Division
  readonly rounding: Rounding
  /** The most elements of a window. */
  readonly taps: number
  /** Given if each output has a divisor of its own. */
  readonly each?: DownAcross['each']
}

const types: Partial<Record<DType, WholeType>> = {
  int8: { bits: 8, signed: true },
  uint8: { bits: 8, signed: false },
  int16: { bits: 16, signed: true },
  uint16: { bits: 16, signed: false },
}

/** The steps that compute the means of a job, or null if its sums or divisors are too large. */
export function wholeMeansOf(
  { dtype, plan, division, rounding }: AverageForward,
  { isSimd }: WasmInstance,
): WholeMeans | null {
  const type = types[dtype]
  if (!isSimd || type === undefined) return null
  const { axes } = lowerPlan(plan, true)
  const most = (of: 'mostTaps' | 'mostDivisor') =>
    axes.reduce((product, axis) => product * Math.max(1, statsOf(axis)[of]), 1)
  const taps = most('mostTaps')
  const largest = typeof division === 'number' ? division : most('mostDivisor')
  if (largest < taps && (largest < 1 || type.signed)) return null
  const divisors = typeof division === 'number' ? [division] : divisorsOf(axes)
  for (const sums of type.bits === 8 ? [i16, i32] : [i32]) {
    const means = { kind: computeType[dtype]!, type, sums, division, rounding, taps }
    if (divisors.every((divisor) => divide(means, divisor) !== null)) return means
  }
  return null
}

/** The same for jobs that divide by what counts in each window. */
export function countedMeansOf(job: AverageForward, instance: WasmInstance): WholeMeans | null {
  const { dtype, plan, division, rounding, counted } = job
  const type = types[dtype]
  if (!instance.isSimd || type === undefined) return null
  const taps = plan.axes.reduce((product, axis) => product * Math.max(1, statsOf(axis).mostTaps), 1)
  const bits = (8 * computeType[dtype]!.bytes + Math.log2(taps)) as number
  if (bits > 32) return null
  const sums = type.bits === 8 && bits <= 16 ? i16 : i32
  const isShort = largestSum(dtype, plan) <= (rounding.startsWith('half') ? 2 ** 23 : 2 ** 24)
  const divisorBytes = countedTiles(counted, instance)?.countBytes ?? (counted!.copyDivisors === null ? 4 : 1)
  const each = { divisorBytes, rounding, isShort } as const
  return { kind: computeType[dtype]!, type, sums, division, rounding, taps, each }
}

function divide({ type, sums, rounding, taps }: WholeMeans, divisor: number) {
  return wholeDivision(type, sums === i16 ? 16 : 32, divisor, rounding, taps)
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

/** True for windows of 2 by 2 at stride 2 whose sums are divided by 4. */
export function isQuarter({ division, each }: WholeMeans, tile: LoweredPlan): boolean {
  return each === undefined && is2x2s2(tile) && divisorOf(tile, { division, whole: null }) === 4
}

export function quarterMeansPass(
  instance: WasmInstance,
  { type, rounding }: WholeMeans,
  { planes, axes }: LoweredPlan,
): Pass {
  const [, rows, cols] = axes
  const run = instance.kernel(`mean2x2s2${type.signed ? 'I' : 'U'}${type.bits}`)
  const sizes = [planes, rows.inSize, cols.inSize, rows.outSize, cols.outSize]
  const block = writeBlock(instance, [...sizes, ...quarterBiases[rounding]])
  return (src, dst) => void run(block(src, dst))
}

export function wholeMeansPass(instance: WasmInstance, means: WholeMeans, tile: LoweredPlan): Pass {
  const { kind, type, sums, division, each } = means
  const sign = type.signed ? 'I' : 'U'
  const op: DownAcross = {
    instance,
    kernel: `downAcrossSum${sign}${type.bits}${sign}${8 * sums.bytes}`,
    kind,
    folds: sums,
    orderMask: 0,
    neutral: 0,
    slides: true,
    ...(each && { each }),
    partsOf: (rowDivisor) =>
      each !== undefined
        ? [{ from: 0, to: tile.axes[2].outSize, divisor: 1, division: null }]
        : typeof division === 'number'
          ? [{ from: 0, to: tile.axes[2].outSize, divisor: division, division: divide(means, division) }]
          : runsOf(tile.axes[2]).map(({ from, to, divisor }) => {
              const by = rowDivisor * divisor
              return { from, to, divisor: by, division: divide(means, by) }
            }),
  }
  return downAcrossPass(op, tile)
}
