/**
 * @file Medians and quantiles that lie between two elements or are located, and their gradients: the lower and the higher
 * elements of all windows are selected first, and then mixed, located or sent back.
 */
import { betweenBy, type OrderSpec, ranksFor } from '../../../reducers/order.ts'
import { allocateArray, temporary } from '../../../tensor/allocate.ts'
import type { ArrayClass, TypedArray } from '../../../tensor/dtype.ts'
import type { OrderBackward, OrderForward } from '../../job.ts'
import { visitWindows } from '../../scalar/window-visits.ts'
import { type Locate, locateIn, writePositions } from './located.ts'
import { picksElements } from './select.ts'
import { sameBits } from './words.ts'

/** Runs a job that picks elements and locates none. */
type Find = (job: OrderForward) => void

/** The lower and the higher elements of all windows; the same array if no value lies between two elements. */
interface Pair {
  readonly low: TypedArray
  readonly high: TypedArray
}

type Windows = Pick<OrderForward, 'plan' | 'dtype' | 'x'> & OrderSpec

function pairOf(job: Windows, outputs: number, find: Find): Pair {
  const { plan, dtype, x } = job
  const pick = (spec: OrderSpec): TypedArray => {
    const y = allocateArray(`${job.reducer} pooling`, x.constructor as ArrayClass, outputs, temporary)
    find({ pass: 'forward', plan, dtype, x, y, indices: null, ...spec })
    return y
  }
  if (picksElements(job)) {
    const low = pick(job)
    return { low, high: low }
  }
  const q = job.reducer === 'median' ? 0.5 : job.q
  return {
    low: pick({ reducer: 'quantile', q, interpolation: 'lower' }),
    high: pick({ reducer: 'quantile', q, interpolation: 'higher' }),
  }
}

export function forwardBetween(job: OrderForward, find: Find): void {
  const { plan, dtype, x, y, indices } = job
  if (picksElements(job)) {
    find({ ...job, indices: null })
    if (indices !== null) writePositions(plan, x, y, indices)
    return
  }
  const { low, high } = pairOf(job, y.length, find)
  const isOne = sameBits(low, high)
  const between = betweenBy(job, dtype)
  const weightOf = weights(job)
  const locate = locateIn(x, low)
  y.set(low as never)
  visitWindows(plan, (at, first, taps, plane) => {
    const isPicked = isOne(at)
    if (!isPicked) y[at] = between(low[at]!, high[at]!, weightOf(taps.length))
    if (indices !== null) indices[at] = isPicked ? (locate(at, first, taps) - plane) / plan.inner : -1
  })
}

export function backwardBetween(job: OrderBackward, find: Find): void {
  const { plan, indices } = job
  const [dy, dx] = [job.dy, job.dx] as [Float32Array, Float32Array]
  const weightOf = weights(job)
  dx.fill(0)
  let found: Located | null = null
  visitWindows(plan, (at, first, taps, plane) => {
    const share = dy[at]!
    if (indices !== null && indices[at]! >= 0) {
      dx[plane + indices[at]! * plan.inner]! += share
      return
    }
    found ??= locatedPair(job, find)
    const { isOne, lower, higher } = found
    if (isOne(at)) {
      dx[lower(at, first, taps)]! += share
      return
    }
    const weight = weightOf(taps.length)
    dx[lower(at, first, taps)]! += share * (1 - weight)
    dx[higher(at, first, taps)]! += share * weight
  })
}

interface Located {
  readonly isOne: (at: number) => boolean
  readonly lower: Locate
  readonly higher: Locate
}

function locatedPair(job: OrderBackward, find: Find): Located {
  const { low, high } = pairOf(job, job.dy.length, find)
  return { isOne: sameBits(low, high), lower: locateIn(job.x, low), higher: locateIn(job.x, high) }
}

/** The weight of the higher element, by the number of elements in a window. */
function weights(spec: OrderSpec): (count: number) => number {
  const known: number[] = []
  return (count) => (known[count] ??= ranksFor(spec, count).weight)
}
