/**
 * @file Exact means of integers for windows and planes of any size. Reads elements in place.
 */
import { divisorOf, firstOf, tapsOf } from '../../plan/axis.ts'
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { largestWindow } from '../../plan/tables.ts'
import { integerAverage } from '../../reducers/average.ts'
import { memoizeWeak } from '../../tensor/memoize-weak.ts'
import type { AverageForward } from '../job.ts'
import { largestPlane, planeOf } from './copies.ts'
import { tablePositions } from './window-table.ts'

/** True if planes are too large to copy, or windows too large to list. */
export const isLarge = memoizeWeak(
  (plan: PoolPlan) => planeOf(plan) > largestPlane || largestWindow(plan) > tablePositions,
)

/** The most 32-bit integers whose float64 sum stays exact, below 2^53. Longer sums continue in bigints. */
const most = 2 ** 20

export function integerMeans({ dtype, division, rounding, plan, x, y }: AverageForward): void {
  const { outer, axes, inner } = plan
  const { finish } = integerAverage(dtype, division, rounding)
  const lows = new Float64Array(inner)
  const highs = new Array<bigint>(inner).fill(0n)
  let held = 0
  const putBy = (): void => {
    highs.forEach((high, c) => {
      highs[c] = high + BigInt(lows[c]!)
    })
    lows.fill(0)
    held = 0
  }
  const addRun = (first: number, taps: number, step: number): void => {
    for (let tap = 0; tap < taps; tap += most) {
      const count = Math.min(most, taps - tap)
      if (held + count > most) putBy()
      held += count
      const from = (first + tap * step) * inner
      for (let c = 0; c < inner; c++) lows[c]! += sumOf(x as Int32Array, from + c, count, step * inner)
    }
  }
  const outputs = outPlane(plan)
  for (let i = 0; i < outer * outputs; i++) {
    const window = windowAt(axes, i % outputs)
    const longer = window.filter(({ inSize, taps }) => inSize > 1 || taps !== 1)
    visitRuns(longer.length > 0 ? longer : window, Math.floor(i / outputs), addRun)
    putBy()
    const divisors = window.some(({ taps }) => taps === 0) ? [] : window.map(({ divisor }) => divisor)
    highs.forEach((sum, c) => {
      y[i * inner + c] = finish(sum, divisors) as number
    })
    highs.fill(0n)
  }
}

/** A window along one axis. */
interface Span {
  readonly first: number
  readonly taps: number
  readonly divisor: number
  readonly step: number
  readonly inSize: number
}

function windowAt(axes: PoolPlan['axes'], output: number): readonly Span[] {
  let rest = output
  return axes
    .toReversed()
    .map((axis) => {
      const i = rest % axis.outSize
      rest = Math.floor(rest / axis.outSize)
      const { step, inSize } = axis
      return { first: firstOf(axis, i), taps: tapsOf(axis, i), divisor: divisorOf(axis, i), step, inSize }
    })
    .reverse()
}

/** Visits the runs of a window along the last axis. `lead` is the position along all axes before `depth`. */
function visitRuns(
  window: readonly Span[],
  lead: number,
  visit: (first: number, taps: number, step: number) => void,
  depth = 0,
): void {
  const { inSize, first, taps, step } = window[depth]!
  const begin = lead * inSize + first
  if (depth === window.length - 1) visit(begin, taps, step)
  else for (let tap = 0; tap < taps; tap++) visitRuns(window, begin + tap * step, visit, depth + 1)
}

function sumOf(x: Int32Array, from: number, count: number, pitch: number): number {
  let [even, odd, at] = [0, 0, from]
  for (let i = 1; i < count; i += 2, at += 2 * pitch) {
    even += x[at]!
    odd += x[at + pitch]!
  }
  return count % 2 === 0 ? even + odd : even + odd + x[at]!
}
