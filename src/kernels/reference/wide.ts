/**
 * @file Wide sums of averages: float64, one axis after another, in the order that kernels/sum-order.ts defines, rounded
 * once at the end. For float64 data the sums are compensated.
 */
import type { AxisPlan } from '../../plan/axis.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { tablesOf } from '../../plan/tables.ts'
import { transposeAxis } from '../../plan/transpose.ts'
import { productOf } from '../../reducers/reducer.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { AverageBackward, AverageForward } from '../job.ts'
import { sharesSums } from '../sum-order.ts'

export function wideForward({ plan, division, dtype, x, y, counted }: AverageForward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const divisorAt = divisorsIn({ plan, division, counted })
  for (let o = 0; o < outer; o++) {
    const part = partOf(x, o, inSize)
    if (counted !== undefined) clearOthers(part, counted.map.subarray(o * inSize))
    const sums = wideSums(plan, part, dtype === 'float64')
    for (let i = 0; i < outSize; i++) y[o * outSize + i] = quotient(sums, i, divisorAt(o * outSize + i))
  }
}

export function wideBackward({ plan, division, dtype, dy, dx, counted }: AverageBackward): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const divisorAt = divisorsIn({ plan, division, counted })
  const back = { ...plan, axes: plan.axes.map(transposeAxis) }
  for (let o = 0; o < outer; o++) {
    const shares = partOf(dy, o, outSize).map((given, i) => {
      const at = o * outSize + i
      return counted !== undefined && counted.counts[at]! < counted.least ? 0 : given / divisorAt(at) + 0
    })
    const sums = wideSums(back, shares, dtype === 'float64')
    for (let i = 0; i < inSize; i++) {
      const at = o * inSize + i
      dx[at] = counted === undefined || counted.map[at] === 1 ? quotient(sums, i, 1) : 0
    }
  }
}

/** Elements that are left out add 0. */
function clearOthers(values: Float64Array, map: Uint8Array): void {
  for (let i = 0; i < values.length; i++) if (map[i] === 0) values[i] = 0
}

/** The divisor of each output; 1 for windows without elements. */
function divisorsIn({
  plan,
  division,
  counted,
}: Pick<AverageForward, 'plan' | 'division' | 'counted'>): (at: number) => number {
  const counts = counted?.divisors
  if (counts && typeof division !== 'number') return (at) => counts[at] || 1
  const divisors = divisorsOf(plan, division)
  return (at) => divisors[Math.floor(at / plan.inner) % divisors.length]!
}

function partOf(data: TypedArray, index: number, size: number): Float64Array {
  return Float64Array.from(data.subarray(index * size, (index + 1) * size) as Float64Array)
}

/** The divisor of each output of a plane; 1 for windows without taps, so that they give 0. */
function divisorsOf({ axes }: PoolPlan, division: AverageForward['division']): readonly number[] {
  const counts = axes.reduce<readonly (readonly number[])[]>(
    (lead, axis) =>
      lead.flatMap((before) => Array.from(tablesOf(axis).divisor, (count) => [...before, count || 1])),
    [[]],
  )
  return counts.map((each) => (typeof division === 'number' ? division : productOf(each)))
}

/** Sums, and the rounding errors of their additions; null if those are not kept. */
interface Sums {
  readonly high: Float64Array
  readonly low: Float64Array | null
}

/**
 * Divides a sum and corrects the quotient by the rest that its product with the divisor leaves (Dekker's product). A
 * mean of -0 is +0.
 */
function quotient({ high, low }: Sums, i: number, divisor: number): number {
  const first = high[i]! / divisor
  if (low === null) return first + 0
  const [a, b] = [leading(first), leading(divisor)]
  const product = first * divisor
  const lost = a * b - product + a * (divisor - b) + (first - a) * b + (first - a) * (divisor - b)
  const total = first + (high[i]! - product - lost + low[i]!) / divisor
  return (Number.isNaN(total) ? first : total) + 0
}

/** The upper half of the mantissa. */
function leading(value: number): number {
  const scaled = value * (2 ** 27 + 1)
  return scaled - (scaled - value)
}

/** The sums of all windows of one outer index, the last axis first. */
function wideSums({ axes, inner }: PoolPlan, values: Float64Array, keeps: boolean): Sums {
  let sums: Sums = { high: values, low: keeps ? new Float64Array(values.length) : null }
  let n = inner
  for (let i = axes.length - 1; i >= 0; i--) {
    const lead = axes.slice(0, i).reduce((size, axis) => size * axis.inSize, 1)
    sums = alongAxis(sums, lead, axes[i]!, n)
    n *= axes[i]!.outSize
  }
  return sums
}

/** Sums along one axis of `[planes][axis][n]`. */
function alongAxis({ high, low }: Sums, planes: number, axis: AxisPlan, n: number): Sums {
  const { inSize, outSize, step, origin } = axis
  const { first, taps } = tablesOf(axis)
  const block = sharesSums(axis) ? axis.regular!.window : null
  const size = planes * outSize * n
  const sums: Sums = { high: new Float64Array(size), low: low && new Float64Array(size) }
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < outSize; i++) {
      for (let c = 0; c < n; c++) {
        const add = (sum: Sum, position: number): void => {
          const at = (plane * inSize + position - origin) * n + c
          sum.add(high[at]!, low === null ? 0 : low[at]!)
        }
        const begin = origin + first[i]!
        const sum =
          block === null
            ? partialSums(add, begin, taps[i]!, step)
            : blockSums(add, begin, begin + taps[i]!, block)
        const at = (plane * outSize + i) * n + c
        sums.high[at] = sum.high
        if (sums.low !== null) sums.low[at] = sum.low
      }
    }
  }
  return sums
}

/** A compensated sum: the sum, and the rounding error of its additions (Knuth's two-sum). */
class Sum {
  high = 0
  low = 0

  add(high: number, low: number): void {
    const sum = this.high + high
    const part = sum - this.high
    this.low = this.low + (this.high - (sum - part) + (high - part)) + low
    this.high = sum
  }
}

/** Adds the value at a position of the whole axis to a sum. */
type Add = (sum: Sum, position: number) => void

function partialSums(add: Add, first: number, taps: number, step: number): Sum {
  const sums = Array.from({ length: 8 }, () => new Sum())
  for (let tap = 0; tap < taps; tap++) add(sums[tap % 8]!, first + tap * step)
  for (const half of [4, 2, 1])
    for (let i = 0; i < half; i++) sums[i]!.add(sums[i + half]!.high, sums[i + half]!.low)
  return sums[0]!
}

/**
 * From the end of the first block down to `from`, then from the next block up to `to`. A window inside one block is
 * summed in one direction.
 */
function blockSums(add: Add, from: number, to: number, block: number): Sum {
  const begin = Math.ceil(from / block) * block
  const before = new Sum()
  for (let position = Math.min(begin, to) - 1; position >= from; position--) add(before, position)
  if (begin >= to) return before
  const after = new Sum()
  for (let position = begin; position < to; position++) add(after, position)
  before.add(after.high, after.low)
  return before
}
