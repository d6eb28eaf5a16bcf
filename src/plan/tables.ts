/**
 * @file Tables of all windows of an axis or a slice, for loops that need random access; and their statistics.
 */
import { memoizeWeak } from '../tensor/memoize-weak.ts'
import { type AxisPlan, divisorOf, firstOf, tapsOf } from './axis.ts'

/** One entry per output. */
export interface WindowTables {
  readonly first: Int32Array
  readonly taps: Int32Array
  readonly divisor: Int32Array
}

/** Tables of axes with more outputs are not cached: they would take more memory than the data. */
export const mostKept = 4096

/** Cached for short axes, computed at each call for long ones. */
export function tablesOf(axis: AxisPlan): WindowTables {
  return axis.outSize <= mostKept ? keptTables(axis) : writeTables(axis)
}

const keptTables = memoizeWeak(writeTables)

function writeTables(axis: AxisPlan): WindowTables {
  const { outSize, rule } = axis
  const { period, shift } = rule.periodic
  const [from, to] = periodicIn(axis, 0, outSize)
  const first = new Int32Array(outSize)
  const taps = new Int32Array(outSize)
  const divisor = new Int32Array(outSize)
  for (let i = 0; i < outSize; i++) {
    if (i >= from + period && i < to) {
      first[i] = first[i - period]! + shift
      taps[i] = taps[i - period]!
      divisor[i] = divisor[i - period]!
    } else {
      first[i] = firstOf(axis, i)
      taps[i] = tapsOf(axis, i)
      divisor[i] = divisorOf(axis, i)
    }
  }
  return { first, taps, divisor }
}

/** The part of outputs `[begin, end)` whose windows repeat. Counts from the first output of the axis or slice. */
export function periodicIn(
  { rule: { periodic }, begin: offset }: AxisPlan,
  begin: number,
  end: number,
): readonly [from: number, to: number] {
  const from = Math.max(begin, Math.min(end, periodic.from - offset))
  return [from, Math.max(from, Math.min(end, periodic.to - offset))]
}

/** True if the windows of all outputs `[begin, end)` repeat. */
export function isPeriodicIn(axis: AxisPlan, begin: number, end: number): boolean {
  const [from, to] = periodicIn(axis, begin, end)
  return from === begin && to === end
}

export interface WindowStats {
  readonly fewestTaps: number
  readonly mostTaps: number
  /** Taps of all outputs. */
  readonly reads: number
  readonly leastDivisor: number
  readonly mostDivisor: number
}

/** Statistics of all windows of an axis; all 0 for an axis without outputs. */
export const statsOf = memoizeWeak((axis: AxisPlan): WindowStats => {
  const { outSize, rule } = axis
  const { period } = rule.periodic
  const [from, to] = periodicIn(axis, 0, outSize)
  let [fewestTaps, mostTaps, reads] = [Number.POSITIVE_INFINITY, 0, 0]
  let [leastDivisor, mostDivisor] = [Number.POSITIVE_INFINITY, 0]
  const count = (i: number, times: number): void => {
    const [taps, divisor] = [tapsOf(axis, i), divisorOf(axis, i)]
    fewestTaps = Math.min(fewestTaps, taps)
    mostTaps = Math.max(mostTaps, taps)
    reads += times * taps
    leastDivisor = Math.min(leastDivisor, divisor)
    mostDivisor = Math.max(mostDivisor, divisor)
  }
  for (let i = 0; i < from; i++) count(i, 1)
  for (let i = from; i < Math.min(from + period, to); i++) count(i, Math.ceil((to - i) / period))
  for (let i = to; i < outSize; i++) count(i, 1)
  return outSize === 0
    ? { fewestTaps: 0, mostTaps: 0, reads: 0, leastDivisor: 0, mostDivisor: 0 }
    : { fewestTaps, mostTaps, reads, leastDivisor, mostDivisor }
})

/** Elements of the largest window. */
export function largestWindow({ axes }: { readonly axes: readonly AxisPlan[] }): number {
  return axes.reduce((size, axis) => size * statsOf(axis).mostTaps, 1)
}
