/**
 * @file Picks one element of each window at random, with a probability that is proportional to it.
 */
import { inPlane, outPlane, type PoolPlan } from '../plan/pool-plan.ts'
import type { Scalar } from '../tensor/dtype.ts'
import type { Counted, IndexArray } from './job.ts'
import { type Places, windowsOf } from './reference/windows.ts'

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
  for (const { output, places } of windowsOf(plan.axes)) {
    for (let o = 0; o < outer; o++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * outSize + output) * inner + c
        const from = (place: number): number => (o * inSize + place) * inner + c
        const isFew = counted !== undefined && counted.counts[at]! < counted.least
        const own = counted === undefined ? places : places.filter((place) => counted.map[from(place)] === 1)
        indices[at] = isFew ? -1 : pick(own, (place) => Number(x[from(place)]), samples[at]!)
      }
    }
  }
}

/** The first element up to which the weights add up to more than the sample's part of their sum; the last NaN if there is one. */
function pick(places: Places, valueAt: (place: number) => number, sample: number): number {
  const largest = places.reduce((most, place) => Math.max(most, valueAt(place)), 0)
  if (Number.isNaN(largest)) return places.findLast((place) => Number.isNaN(valueAt(place)))!
  if (largest === 0) return -1
  const weightOf = (place: number): number => {
    const value = valueAt(place)
    if (value <= 0) return 0
    return value === largest ? 1 : value / largest
  }
  const threshold = sample * places.reduce((sum, place) => sum + weightOf(place), 0)
  let sum = 0
  return places.find((place) => {
    sum += weightOf(place)
    return sum > threshold
  })!
}
