/**
 * @file Variances, generalized means and means with exponential weights by flat loops, with the arithmetic of their reducers: the
 * elements of a window that count are gathered and then folded.
 */
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { isDefined } from '../../reducers/table.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { dtypeNames } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Kernel, WindowBackward, WindowForward } from '../job.ts'
import { type Gathering, gather, gatheringOf } from './gathering.ts'
import { type WindowFold, windowFoldOf } from './window-fold.ts'
import { windowKernel } from './window-kernel.ts'
import { visitWindows } from './window-visits.ts'

export const windowKernels: readonly Kernel[] = /* @__PURE__ */ kernelsOf()

function kernelsOf(): Kernel[] {
  const reducers = ['variance', 'gem', 'soft', 'lse', 'stochastic-mean'] as const
  const numbers = dtypeNames.filter((dtype) => !isHalf(dtype) && isDefined('variance', 'forward', dtype))
  return reducers.flatMap((reducer) =>
    numbers.flatMap((dtype) => [
      windowKernel(reducer, dtype, 'forward', forward as Kernel['run']),
      windowKernel(reducer, dtype, 'backward', backward as Kernel['run']),
    ]),
  )
}

type Numbers = Float32Array | Float64Array

/** The most elements that are lifted at a time, unless a plane has more. */
const mostLifted = 2 ** 22

function forward(job: WindowForward): void {
  const { plan, counted } = job
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const fold = windowFoldOf(job)
  const map = counted?.map ?? null
  const x = job.x as Numbers
  const y = job.y as Numbers
  const { lift, value } = fold
  // Where windows overlap, an element is lifted once for all that read it.
  const isShared = lift !== undefined && readsOf(plan) > outer * inSize
  const together = isShared ? Math.max(1, Math.floor(mostLifted / inSize)) : outer
  for (let begin = 0; begin < outer; begin += together) {
    const planes = Math.min(together, outer - begin)
    const part = <A extends Numbers | Uint8Array>(array: A): A =>
      array.subarray(begin * inSize, (begin + planes) * inSize) as A
    const elements = isShared ? lifted(part(x), lift) : part(x)
    const gathering = gatheringOf(plan, elements, map && part(map))
    foldPlanes(
      { ...plan, outer: planes },
      gathering,
      isShared ? { value } : fold,
      y.subarray(begin * outSize),
    )
  }
}

function lifted(x: Numbers, lift: (value: number) => number): Float64Array {
  const values = allocateArray('pool2d', Float64Array, x.length, temporary)
  for (let at = 0; at < x.length; at++) values[at] = lift(x[at]!)
  return values
}

function foldPlanes(
  plan: PoolPlan,
  gathering: Gathering,
  { lift, value }: Pick<WindowFold, 'lift' | 'value'>,
  y: Numbers,
): void {
  const { values } = gathering
  visitWindows(plan, (at, first, taps) => {
    const n = gather(gathering, taps, first)
    if (lift !== undefined) for (let k = 0; k < n; k++) values[k] = lift(values[k]!)
    y[at] = value(values, n)
  })
}

function backward({ plan, counted, ...job }: WindowBackward): void {
  const [dy, dx] = [job.dy, job.dx] as [Numbers, Numbers]
  const fold = windowFoldOf(job)
  const gathering = gatheringOf(plan, job.x as Numbers, counted?.map ?? null)
  const { values, positions } = gathering
  const shares = new Float64Array(values.length)
  dx.fill(0)
  visitWindows(plan, (at, first, taps) => {
    if (counted !== undefined && counted.counts[at]! < counted.least) return
    const n = gather(gathering, taps, first)
    fold.share(values, n, dy[at]!, shares)
    for (let k = 0; k < n; k++) dx[positions[k]!]! += shares[k]!
  })
}
