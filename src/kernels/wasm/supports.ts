/**
 * @file The jobs that WebAssembly kernels support, and the reasons why others are refused.
 */
import { hasEmptyWindow, inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { type DType, dtypes, integerRange } from '../../tensor/dtype.ts'
import { memoizeWeak } from '../../tensor/memoize-weak.ts'
import type {
  AverageBackward,
  AverageForward,
  ExtremumAgain,
  ExtremumBackward,
  ExtremumForward,
  Job,
} from '../job.ts'
import { addsWide } from '../sum-order.ts'
import { tuning } from '../tuning.ts'
import { argComputeType, computeType } from './element-type.ts'
import { largestTile, lowerPlan, lowerTransposed, mostBytes } from './tiles/lowered-plan.ts'

type Fit = true | string

export function axesFit({ plan }: Job): Fit {
  return plan.axes.length <= 3 || `${plan.axes.length} pooled axes; these kernels know at most 3`
}

/** For jobs that run in tiles. */
export function tilesFit(job: Job): Fit {
  const { plan } = job
  const plane = Math.max(inPlane(plan), outPlane(plan)) * plan.inner
  if (plane * 8 <= mostBytes) return true
  const bytes = bytesOf(job)
  const lowered = job.pass === 'backward' ? lowerTransposed(plan) : lowerPlan(plan, !hasIndices(job))
  const elements = largestTile(lowered, tuning.tileBytes / bytes)
  if (elements * bytes <= mostBytes) return true
  return `windows that read ${elements} elements of a plane at a time do not fit 32-bit memory`
}

function hasIndices(job: Job): boolean {
  return 'indices' in job && job.indices !== null
}

/** Bytes of the largest elements that the job is computed in. */
function bytesOf(job: Job): number {
  if (job.reducer === 'lp') return 8
  if (job.reducer === 'average') return job.dtype === 'float32' ? 4 : 8
  return (hasIndices(job) ? argComputeType : computeType)[job.dtype]!.bytes
}

export function selectFits(job: ExtremumForward | ExtremumBackward | ExtremumAgain): Fit {
  const { indices, dtype, plan } = job
  if (indices === null)
    return job.pass === 'forward' || inPlane(plan) < 2 ** 31 || 'positions of more than 31 bits'
  if (!(indices instanceof Int32Array)) return 'indices are not an Int32Array'
  if (computeType[dtype] !== argComputeType[dtype] && hasEmptyWindow(plan))
    return `${dtype} competes as int32, whose smallest value would stand for empty windows`
  return true
}

/** float32 holds all integers up to here. */
const mostExact = 2 ** 24

/**
 * Larger windows of 16-bit integers are not listed as tables, nor copied to scratch: 32 bits do not hold their sums.
 */
export const mostListed = 2 ** 16
/** The same for all other integers. Sums of 32-bit integers stay below 2^52, where float64 distinguishes quotients from whole numbers and halves. */
const mostCopied = 2 ** 20

/** The largest divisors of the axes; of the last axis or of those before it together; and the taps of the largest window. */
const divisorsOf = memoizeWeak(({ axes }: PoolPlan) => {
  const counts = axes.map((axis) => Math.max(1, statsOf(axis).mostDivisor))
  const lead = counts.slice(0, -1).reduce((product, count) => product * count, 1)
  const taps = axes.reduce((product, axis) => product * statsOf(axis).mostTaps, 1)
  return { counts, largest: Math.max(lead, counts.at(-1)!), taps }
})

export function averageFits(job: AverageForward | AverageBackward): Fit {
  const { plan, dtype, counted } = job
  const { counts, largest, taps } = divisorsOf(plan)
  if (dtype === 'float32' && largest > mostExact && !addsWide(job))
    return `float32 divisors of more than ${mostExact}`
  if (dtypes[dtype].float) return true
  const hasPlainLoops = counted === undefined && !isLong(dtype)
  const isShort = dtypes[dtype].storage.BYTES_PER_ELEMENT === 2
  if (hasPlainLoops && isShort && taps > mostListed && !sumsRows(plan))
    return `windows of ${taps} integers; plain loops read those of more than ${mostListed} in place`
  if (taps > mostCopied)
    return `windows of ${taps} integers; those of more than ${mostCopied} are not copied to scratch`
  return !isLong(dtype) || longFits(job, counts)
}

/** True if 32 bits hold the sums of 16-bit integers along the last axis, and those are few. */
export function sumsRows({ axes }: PoolPlan): boolean {
  const row = axes.at(-1)!
  return statsOf(row).mostTaps <= mostListed && row.inSize >= leastOfSum * row.outSize && axes.length <= 3
}

/** Elements of a row for each of its sums. */
const leastOfSum = 16

/** 64-bit integers. */
export function isLong(dtype: DType): boolean {
  const { float, storage } = dtypes[dtype]
  return !float && storage.BYTES_PER_ELEMENT === 8
}

/** Long division divides by at most 31 bits. */
function longFits({ division }: AverageForward | AverageBackward, counts: readonly number[]): Fit {
  const divisor = typeof division === 'number' ? division : counts.reduce((product, n) => product * n, 1)
  return Math.abs(divisor) < 2 ** 31 || `divisors of 2^31 and more`
}

/** The largest absolute value that the sum of a window can have. */
export function largestSum(dtype: DType, { axes }: PoolPlan): number {
  const [least, most] = integerRange(dtype).map(Number) as [number, number]
  return axes.reduce((sum, axis) => sum * Math.max(1, statsOf(axis).mostTaps), Math.max(-least, most))
}
