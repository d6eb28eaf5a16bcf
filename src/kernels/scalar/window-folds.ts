/**
 * @file Variances, generalized means and means with exponential weights by flat loops, with the arithmetic of their reducers: the
 * elements of a window that count are gathered and then folded.
 */
import { inPlane, outPlane } from '../../plan/pool-plan.ts'
import { isDefined, type WindowSpec } from '../../reducers/table.ts'
import { type DType, dtypeNames, dtypes } from '../../tensor/dtype.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { Kernel, WindowBackward, WindowForward } from '../job.ts'
import { planeOf } from './copies.ts'
import { windowFoldOf } from './window-fold.ts'
import { largestWindow, windowTablesOf } from './window-table.ts'

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

/** The windows of a job, and room for the elements of one of them. */
interface Gathering {
  readonly x: Numbers
  /** 1 for elements that count; null if all do. */
  readonly map: Uint8Array | null
  readonly values: Float64Array
  readonly positions: Float64Array
}

function gatheringOf({ x, plan, counted }: WindowForward | WindowBackward): Gathering {
  const size = largestWindow(plan)
  const [values, positions] = [new Float64Array(size), new Float64Array(size)]
  return { x: x as Numbers, map: counted?.map ?? null, values, positions }
}

/** Gathers the elements that count of `taps[begin]` to `taps[end]`, and returns their number. */
function gather(
  { x, map, values, positions }: Gathering,
  taps: Int32Array,
  begin: number,
  end: number,
  first: number,
): number {
  let n = 0
  for (let i = begin; i < end; i++) {
    const at = first + taps[i]!
    if (map !== null && map[at] === 0) continue
    values[n] = x[at]!
    positions[n++] = at
  }
  return n
}

function forward(job: WindowForward): void {
  const { plan } = job
  const y = job.y as Numbers
  const fold = windowFoldOf(job)
  const gathering = gatheringOf(job)
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  for (const { start, count, ends, positions: taps } of windowTablesOf(plan))
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < count; i++) {
        const at = o * outSize + (start + i) * inner
        for (let c = 0; c < inner; c++) {
          const n = gather(gathering, taps, i === 0 ? 0 : ends[i - 1]!, ends[i]!, o * inSize + c)
          y[at + c] = fold.value(gathering.values, n)
        }
      }
}

function backward(job: WindowBackward): void {
  const { plan, counted } = job
  const [dy, dx] = [job.dy, job.dx] as [Numbers, Numbers]
  const fold = windowFoldOf(job)
  const gathering = gatheringOf(job)
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
