/**
 * @file Picks one element of each window at random, with a probability that is proportional to it.
 */
import { inPlane, outPlane, type PoolPlan } from '../plan/pool-plan.ts'
import type { Scalar } from '../tensor/dtype.ts'
import type { Counted, IndexArray } from './job.ts'
import { type Positions, windowsOf } from './reference/windows.ts'

export interface StochasticPicks {
  readonly plan: PoolPlan
  readonly x: ArrayLike<Scalar>
  /** A number in [0, 1) for each output. */
  readonly samples: ArrayLike<number>
  /** Receives the position of each picked element; -1 for a window without positive elements. */
  readonly indices: IndexArray
  readonly counted?: Counted | undefined
}

export function pickStochastically({ plan, x, samples, indices, counted }: StochasticPicks): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan), outPlane(plan)]
  for (const { output, positions } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        const from = (position: number): number => (o * inSize + position) * inner + c
        const isFew = counted !== undefined && counted.counts[at]! < counted.least
        const own =
          counted === undefined
            ? positions
            : positions.filter((position) => counted.map[from(position)] === 1)
        indices[at] = isFew ? -1 : pick(own, (position) => Number(x[from(position)]), samples[at]!)
      }
    }
  }
}

/** The first element up to which the weights add up to more than the sample's part of their sum; the last NaN if there is one. */
function pick(positions: Positions, valueAt: (position: number) => number, sample: number): number {
  const largest = positions.reduce((most, position) => Math.max(most, valueAt(position)), 0)
  if (Number.isNaN(largest)) return positions.findLast((position) => Number.isNaN(valueAt(position)))!
  if (largest === 0) return -1
  const weightOf = (position: number): number => {
    const value = valueAt(position)
    if (value <= 0) return 0
    return value === largest ? 1 : value / largest
  }
  const threshold = sample * positions.reduce((sum, position) => sum + weightOf(position), 0)
  let sum = 0
  return positions.find((position) => {
    sum += weightOf(position)
    return sum > threshold
  })!
}
