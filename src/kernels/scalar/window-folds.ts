/**
 * @file Variances, generalized means and means with exponential weights by flat loops, with the arithmetic of their reducers: the
 * elements of a window that count are gathered and then folded.
 */
import { inPlane, outPlane, type PoolPlan, readsOf } from '../../plan/pool-plan.ts'
import { isDefined, type WindowSpec } from '../../reducers/table.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { type DType, dtypeNames, dtypes } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Kernel, WindowBackward, WindowForward } from '../job.ts'
import { planeOf } from './copies.ts'
import { type Gathering, gather, gatheringOf } from './gathering.ts'
import { type WindowFold, windowFoldOf } from './window-fold.ts'
import { windowTablesOf } from './window-table.ts'

export const windowKernels: readonly Kernel[] = /* @__PURE__ */ kernelsOf()

function kernelsOf(): Kernel[] {
  const reducers = ['variance', 'gem', 'soft', 'lse', 'stochastic-mean'] as const
  const numbers = dtypeNames.filter((dtype) => !isHalf(dtype) && isDefined('variance', 'forward', dtype))
  return reducers.flatMap((reducer) =>
    numbers.flatMap((dtype) =>
      (['forward', 'backward'] as const).map((pass) => kernelOf(reducer, dtype, pass)),
    ),
  )
}

function kernelOf(reducer: WindowSpec['reducer'], dtype: DType, pass: Kernel['pass']): Kernel {
  return {
    id: `${reducer}.${dtypes[dtype].short}.${pass}.scalar`,
    backend: 'scalar',
    reducer,
    pass,
    dtype,
    leavesOut: true,
    supports: ({ plan }) => planeOf(plan) < 2 ** 31 || 'planes of 2^31 elements or more',
    run: (pass === 'forward' ? forward : backward) as Kernel['run'],
  }
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
    foldPlanes(plan, planes, gathering, isShared ? { value } : fold, y.subarray(begin * outSize))
  }
}

function lifted(x: Numbers, lift: (value: number) => number): Float64Array {
  const values = allocateArray('pool2d', Float64Array, x.length, temporary)
  for (let at = 0; at < x.length; at++) values[at] = lift(x[at]!)
  return values
}

function foldPlanes(
  plan: PoolPlan,
  planes: number,
  gathering: Gathering,
  { lift, value }: Pick<WindowFold, 'lift' | 'value'>,
  y: Numbers,
): void {
  const { inner } = plan
  const { values } = gathering
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  for (const { start, count, ends, positions: taps } of windowTablesOf(plan))
    for (let o = 0; o < planes; o++)
      for (let i = 0; i < count; i++) {
        const at = o * outSize + (start + i) * inner
        for (let c = 0; c < inner; c++) {
          const n = gather(gathering, taps, i === 0 ? 0 : ends[i - 1]!, ends[i]!, o * inSize + c)
          if (lift !== undefined) for (let k = 0; k < n; k++) values[k] = lift(values[k]!)
          y[at + c] = value(values, n)
        }
      }
}

function backward(job: WindowBackward): void {
  const { plan, counted } = job
  const [dy, dx] = [job.dy, job.dx] as [Numbers, Numbers]
  const fold = windowFoldOf(job)
  const gathering = gatheringOf(plan, job.x as Numbers, counted?.map ?? null)
  const { values, positions } = gathering
  const shares = new Float64Array(values.length)
  const counts = counted?.counts ?? null
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  dx.fill(0)
  for (const { start, count, ends, positions: taps } of windowTablesOf(plan))
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < count; i++) {
        const at = o * outSize + (start + i) * inner
        for (let c = 0; c < inner; c++) {
          if (counts !== null && counts[at + c]! < counted!.least) continue
          const n = gather(gathering, taps, i === 0 ? 0 : ends[i - 1]!, ends[i]!, o * inSize + c)
          fold.share(values, n, dy[at + c]!, shares)
          for (let k = 0; k < n; k++) dx[positions[k]!]! += shares[k]!
        }
      }
}
