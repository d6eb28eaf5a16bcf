/**
 * @file Medians, quantiles and modes by flat loops: the elements of a window that count are gathered, and one or two of
 * them picked.
 */
import type { ModeSpec } from '../../reducers/mode.ts'
import { betweenBy, emptyOf } from '../../reducers/order.ts'
import { isDefined } from '../../reducers/table.ts'
import { dtypeNames } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Job, Kernel, ModeForward, OrderBackward, OrderForward } from '../job.ts'
import { gather, gatheringOf, type Numbers } from './gathering.ts'
import { selectionOf } from './selection.ts'
import { windowKernel } from './window-kernel.ts'
import { visitWindows } from './window-visits.ts'

export const orderLoops: readonly Kernel[] = /* @__PURE__ */ orderKernels()

export const modeLoops: readonly Kernel[] = /* @__PURE__ */ modeKernels()

function orderKernels(): Kernel[] {
  return (['median', 'quantile'] as const).flatMap((reducer) => [
    ...kernelsOf(reducer, 'forward', forwardOrder as never),
    ...kernelsOf(reducer, 'backward', backwardOrder as never),
  ])
}

/** Each label is compared with every other, up to 64 of them. */
function modeKernels(): Kernel[] {
  return kernelsOf('mode', 'forward', forwardMode as never, 64)
}

function kernelsOf(
  reducer: Job['reducer'],
  pass: Job['pass'],
  run: Kernel['run'],
  mostTaps?: number,
): Kernel[] {
  return dtypeNames
    .filter((dtype) => !isHalf(dtype) && !dtype.endsWith('int64') && isDefined(reducer, pass, dtype))
    .map((dtype) => windowKernel(reducer, dtype, pass, run, mostTaps))
}

/** The place of the first of `n` values that is `value`, or of the last NaN; -1 if there is none. -0 is not +0. */
function placeOf(values: Float64Array, n: number, value: number): number {
  if (Number.isNaN(value)) return values.subarray(0, n).findLastIndex(Number.isNaN)
  for (let i = 0; i < n; i++) if (Object.is(values[i], value)) return i
  return -1
}

function forwardOrder({ plan, dtype, x, y, indices, counted, ...spec }: OrderForward): void {
  const gathering = gatheringOf(plan, x as Numbers, counted?.map ?? null)
  const { values, positions } = gathering
  const selection = selectionOf(spec, values.length)
  const between = betweenBy(spec, dtype)
  const empty = emptyOf(dtype)
  visitWindows(plan, (at, first, taps, plane) => {
    const n = gather(gathering, taps, first)
    if (n > 0) selection.select(values, n)
    const { low, high, weight } = selection
    const isOne = Object.is(low, high)
    y[at] = n === 0 ? empty : isOne ? low : between(low, high, weight)
    if (indices === null) return
    const isLeftOut = n === 0 || !isOne || (counted !== undefined && counted.counts[at]! < counted.least)
    indices[at] = isLeftOut ? -1 : (positions[placeOf(values, n, low)]! - plane) / plan.inner
  })
}

function backwardOrder({ plan, x, dy, dx, indices, counted, ...spec }: OrderBackward): void {
  const gathering = gatheringOf(plan, x as Numbers, counted?.map ?? null)
  const { values, positions } = gathering
  const selection = selectionOf(spec, values.length)
  const [given, to] = [dy, dx] as [Numbers, Numbers]
  to.fill(0)
  visitWindows(plan, (at, first, taps, plane) => {
    const share = given[at]!
    if (indices !== null && indices[at]! >= 0) {
      to[plane + indices[at]! * plan.inner]! += share
      return
    }
    if (counted !== undefined && counted.counts[at]! < counted.least) return
    const n = gather(gathering, taps, first)
    if (n === 0) return
    selection.select(values, n)
    const { low, high, weight } = selection
    const isOne = Object.is(low, high)
    to[positions[placeOf(values, n, low)]!]! += isOne ? share : share * (1 - weight)
    if (!isOne) to[positions[placeOf(values, n, high)]!]! += share * weight
  })
}

function forwardMode({ plan, x, y, indices, counted, ...spec }: ModeForward): void {
  const gathering = gatheringOf(plan, x as Numbers, counted?.map ?? null)
  const { values, positions } = gathering
  const elect = electionOf(spec)
  const empty = Number(spec.ignore ?? 0)
  visitWindows(plan, (at, first, taps, plane) => {
    const n = gather(gathering, taps, first)
    const place = n === 0 ? -1 : elect(values, n)
    y[at] = place < 0 ? empty : values[place]!
    if (indices === null) return
    const isLeftOut = place < 0 || (counted !== undefined && counted.counts[at]! < counted.least)
    indices[at] = isLeftOut ? -1 : (positions[place]! - plane) / plan.inner
  })
}

/** Returns the place of the winner: the first of its kind. */
function electionOf({ ties, ignore }: ModeSpec): (values: Float64Array, n: number) => number {
  return (values, n) => {
    let best = 0
    let most = 0
    for (let i = 0; i < n; i++) {
      const label = values[i]!
      if (label === ignore) continue
      let times = 1
      for (let j = i + 1; j < n; j++) if (values[j] === label) times++
      const winsTie = ties !== 'first' && label < values[best]! === (ties === 'lowest')
      if (times > most || (times === most && winsTie)) {
        best = i
        most = times
      }
    }
    return best
  }
}
