/**
 * @file Medians and quantiles that lie between two elements or are located: the taps of the two elements of each window are selected
 * first, or their values, where values are counted.
 */
import { betweenBy, type OrderSpec, ranksFor } from '../../../reducers/order.ts'
import { allocateArray, temporary } from '../../../tensor/allocate.ts'
import type { ArrayClass, TypedArray } from '../../../tensor/dtype.ts'
import type { OrderForward } from '../../job.ts'
import { visitWindows } from '../../scalar/window-visits.ts'
import { locateIn, writePositions } from './located.ts'
import { countsValues, picksElements } from './select.ts'
import { tapsOf } from './taps.ts'

/** Runs a job that picks elements and locates none. */
type Find = (job: OrderForward) => void

export function forwardBetween(job: OrderForward, find: Find): void {
  if (countsValues(job)) byValues(job, find)
  else byTaps(job)
}

function byTaps(job: OrderForward): void {
  const { plan, dtype, x, y, indices } = job
  const picked = tapsOf(job, y.length)
  const between = betweenBy(job, dtype)
  const weightOf = weights(job)
  visitWindows(plan, (at, first, taps, plane) => {
    const pair = picked[at]!
    const tap = taps[pair & 0xff]!
    const isOne = (pair & 0xff) === pair >> 8
    const low = x[first + tap]!
    if (!isOne) y[at] = between(low, x[first + taps[pair >> 8]!]!, weightOf(taps.length))
    else y[at] = low === low ? low : Number.NaN
    if (indices !== null) indices[at] = isOne ? (first + tap - plane) / plan.inner : -1
  })
}

function byValues(job: OrderForward, find: Find): void {
  const { plan, dtype, x, y, indices } = job
  if (picksElements(job)) {
    find({ ...job, indices: null })
    if (indices !== null) writePositions(plan, x, y, indices)
    return
  }
  const { low, high } = pairOf(job, y.length, find)
  const between = betweenBy(job, dtype)
  const weightOf = weights(job)
  const locate = locateIn(x, low)
  y.set(low as never)
  visitWindows(plan, (at, first, taps, plane) => {
    const isPicked = low[at] === high[at]
    if (!isPicked) y[at] = between(low[at]!, high[at]!, weightOf(taps.length))
    if (indices !== null) indices[at] = isPicked ? (locate(at, first, taps) - plane) / plan.inner : -1
  })
}

/** The lower and the higher elements of all windows. */
function pairOf(
  job: OrderForward,
  outputs: number,
  find: Find,
): { readonly low: TypedArray; readonly high: TypedArray } {
  const { plan, dtype, x } = job
  const q = job.reducer === 'median' ? 0.5 : job.q
  const pick = (interpolation: 'lower' | 'higher'): TypedArray => {
    const y = allocateArray(`${job.reducer} pooling`, x.constructor as ArrayClass, outputs, temporary)
    find({ pass: 'forward', plan, dtype, x, y, indices: null, reducer: 'quantile', q, interpolation })
    return y
  }
  return { low: pick('lower'), high: pick('higher') }
}

/** The weight of the higher element, by the number of elements in a window. */
function weights(spec: OrderSpec): (count: number) => number {
  const known: number[] = []
  return (count) => (known[count] ??= ranksFor(spec, count).weight)
}
