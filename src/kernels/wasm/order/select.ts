/**
 * @file Medians and quantiles without indices: the elements of one or two ranks, selected, or found in histograms.
 */
import type { PoolPlan } from '../../../plan/pool-plan.ts'
import { largestWindow, tablesOf } from '../../../plan/tables.ts'
import { extrema } from '../../../reducers/extremum.ts'
import { type OrderSpec, ranksFor } from '../../../reducers/order.ts'
import type { Rounding } from '../../../reducers/rounding.ts'
import { type DType, dtypes } from '../../../tensor/dtype.ts'
import { memoizeWeak } from '../../../tensor/memoize-weak.ts'
import type { Counted, OrderForward } from '../../job.ts'
import { computeType, type ElementType, f64, orderOf, u16 } from '../element-type.ts'
import type { Pass } from '../pass.ts'
import type { Method } from '../strategy.ts'
import { isLong } from '../supports.ts'
import { type LoweredPlan, lowerPlan } from '../tiles/lowered-plan.ts'
import type { Operands } from '../tiles/tiling.ts'
import type { WasmInstance } from '../wasm-instance.ts'
import { areRanges, histogramPass, leastTaps, mostTaps as mostCounted } from './histogram.ts'
import { type WindowKernel, windowsPass } from './windows.ts'

/** Selection compares every element with every other; sorting is faster for larger windows. */
const mostTaps = 256

export function orderFits(job: Pick<OrderForward, 'plan' | 'dtype' | 'counted'>): true | string {
  if (job.counted !== undefined && job.counted.copyCounts === null) return 'counts that are not bytes'
  if (largestWindow(job.plan) > mostTaps && !hasHistogram(job))
    return `windows of more than ${mostTaps} elements are sorted`
  return true
}

/** True if no value lies between two elements. */
export function picksElements(job: Pick<OrderForward, 'plan' | 'counted'> & OrderSpec): boolean {
  return countsOf(job).every((count) => {
    const { low, high } = ranksFor(job, count)
    return low === high
  })
}

/** True if a value between two elements, if there is any, is their mean. */
function isMiddle(job: OrderForward): boolean {
  return job.reducer === 'median' || picksElements(job)
}

/** True if one pass gives the values: it mixes elements in float64, and histograms do not. */
export function isOnePass(job: OrderForward): boolean {
  if (isMiddle(job)) return true
  return !isLong(job.dtype) && !countsValues(job)
}

/** True if histograms are faster than comparisons. */
export function countsValues(job: Pick<OrderForward, 'dtype' | 'plan'>): boolean {
  return hasHistogram(job) && largestWindow(job.plan) >= leastTaps
}

/** True for small integers in windows that are not dilated. */
function hasHistogram({ dtype, plan, counted }: Pick<OrderForward, 'dtype' | 'plan' | 'counted'>): boolean {
  return (
    counted === undefined &&
    !dtypes[dtype].float &&
    dtypes[dtype].storage.BYTES_PER_ELEMENT <= 2 &&
    plan.axes.every(({ step }) => step === 1) &&
    largestWindow(plan) <= mostCounted
  )
}

/** The numbers of elements that windows may have. */
function countsOf({ plan, counted }: Pick<OrderForward, 'plan' | 'counted'>): readonly number[] {
  return counted === undefined ? tapsOf(plan) : Array.from({ length: largestWindow(plan) }, (_, i) => i + 1)
}

const tapsOf = memoizeWeak(({ axes }: Pick<PoolPlan, 'axes'>): readonly number[] =>
  axes.reduce<readonly number[]>(
    (lead, axis) => {
      const taps = [...new Set(tablesOf(axis).taps)]
      return [...new Set(lead.flatMap((count) => taps.map((own) => count * own)))]
    },
    [1],
  ),
)

interface Setup {
  readonly kind: ElementType
  readonly kernel: WindowKernel
  readonly hasHistogram: boolean
  /** The largest element, which the elements that are left out become: they are then the last ones. */
  readonly largest: number | bigint
  readonly counts: Operands['beside']
  /** The pass of a tile by histograms. */
  byHistogram(tile: LoweredPlan): Pass
}

export const order: Method<OrderForward, Setup> = {
  jobStrategies: [],
  strategies: [
    {
      name: 'histogram',
      fits: ({ hasHistogram }, tile) => hasHistogram && largestWindow(tile) >= leastTaps && areRanges(tile),
      compile: ({ byHistogram }, tile) => byHistogram(tile),
    },
    {
      name: 'select',
      fits: () => true,
      compile: ({ kernel, counts }, tile) => {
        const pass = windowsPass(kernel, tile)
        return counts === undefined ? pass : (src, dst, _, beside) => pass(src, dst, beside)
      },
    },
  ],
  setup(job, instance) {
    const kind = computeType[job.dtype]!
    const run = instance.kernel(`select${kind.name}`)
    const parameters = () => [...parametersOf(instance, job, kind), 0, 0, 0]
    const sortsColumns = job.counted === undefined && !isLong(job.dtype)
    const kernel = { instance, kind, run, sortsColumns, parameters }
    const rule = ruleOf(job.rounding ?? 'trunc', job.dtype)
    const isSigned = !job.dtype.startsWith('u')
    return {
      kind,
      kernel,
      hasHistogram: hasHistogram(job) && isMiddle(job),
      largest: extrema.min.identity(job.dtype),
      counts: job.counted && countsIn(job.counted),
      byHistogram: (tile) =>
        histogramPass(instance, kind, isSigned, tile, [writeRanks(instance, job, largestWindow(tile)), rule]),
    }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands({ x, y, counted }, { kind }) {
    return counted === undefined ? { x, y, kind } : { x, y, kind, beside: countsIn(counted) }
  },
  keepsPlanes: false,
  neutral: ({ largest }) => largest,
}

function countsIn({ copyCounts, group }: Counted): NonNullable<Operands['beside']> {
  return { copy: copyCounts!, group, unitIn: () => 1 }
}

/**
 * Jobs whose results are the taps that their windows pick, of at most 256: that of the lower element, and 256 times that of the higher
 * one, or of the same if these are equal.
 */
export const taps: Method<OrderForward, WindowKernel> = {
  jobStrategies: [],
  strategies: [{ name: 'select', fits: () => true, compile: windowsPass }],
  setup(job, instance) {
    const kind = computeType[job.dtype]!
    const run = instance.kernel(`select${kind.name}`)
    const parameters = (longest: number): readonly number[] => [
      ...parametersOf(instance, job, kind),
      ...[instance.alloc(16 * longest), 0, 0],
    ]
    return { instance, kind, to: u16, run, parameters }
  },
  lower: ({ plan }) => lowerPlan(plan, true),
  operands: ({ x, y }, { kind }) => ({ x, y, kind: u16, read: kind }),
  keepsPlanes: false,
}

function parametersOf(instance: WasmInstance, job: OrderForward, kind: ElementType): readonly number[] {
  const mask = instance.alloc(kind.bytes)
  const { orderMask } = orderOf(job.dtype, kind, 'max')
  // Of 64-bit integers it is the upper half.
  instance.ints.set(kind.bytes < 8 ? [orderMask] : [0, orderMask], mask >> 2)
  const ranks = writeRanks(instance, job, largestWindow(job.plan))
  return [mask, ranks, ruleOf(job.rounding ?? 'trunc', job.dtype), writeWeights(instance, job)]
}

/** The weights of the higher elements for each number of elements that a window has; 0 for medians. */
function writeWeights(instance: WasmInstance, job: OrderForward): number {
  if (job.reducer === 'median') return 0
  const length = largestWindow(job.plan) + 1
  const address = instance.alloc(length * f64.bytes)
  const weights = instance.view(Float64Array, address, length)
  for (const count of countsOf(job)) weights[count] = ranksFor(job, count).weight
  return address
}

/** The two ranks for each number of elements that a window has. */
function writeRanks(instance: WasmInstance, job: OrderForward, most: number): number {
  const ranks = instance.alloc(8 * (most + 1))
  for (const count of countsOf(job)) {
    if (count > most) continue
    const { low, high } = ranksFor(job, count)
    instance.ints.set([low, high], (ranks >> 2) + 2 * count)
  }
  return ranks
}

/** The rule of assembly/order/select.ts. Unsigned means are not negative. */
function ruleOf(rounding: Rounding, dtype: DType): number {
  if (dtypes[dtype].float) return 0
  const isUnsigned = dtype.startsWith('u')
  return { floor: 0, 'half-even': 2, trunc: isUnsigned ? 0 : 3, 'half-up': isUnsigned ? 1 : 4 }[rounding]
}
