/**
 * @file The counts of windows: how many elements are not left out, and how many positions are padding.
 */
import { countMarks } from '../../kernels/count.ts'
import type { CountArray } from '../../kernels/job.ts'
import { runJob } from '../../kernels/run.ts'
import type { Shared } from '../../kernels/shared-planes.ts'
import { divisorOf, tapsOf } from '../../plan/axis.ts'
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { allocateArray, copyArray, temporary, withinMemory } from '../../tensor/allocate.ts'
import type { DType } from '../../tensor/dtype.ts'
import { memoizeWeak } from '../../tensor/memoize-weak.ts'
import type { Layout, TensorAxes } from '../geometry/tensor-axes.ts'
import { spread } from './mask.ts'

type Storage<A> = { new (length: number): A }

/** The plan of a pooling of planes that samples and channels may share: the same object for the same planes. */
export function sharedPlan(plan: PoolPlan, layout: Layout, { batch, channels }: Shared): PoolPlan {
  const [outer, inner] = layout === 'NCHW' ? [batch * channels, 1] : [batch, channels]
  if (outer === plan.outer && inner === plan.inner) return plan
  const known = sharedPlans(plan)
  const name = `${outer} ${inner}`
  let shared = known.get(name)
  if (shared === undefined) {
    shared = { outer, axes: plan.axes, inner }
    known.set(name, shared)
  }
  return shared
}

const sharedPlans = /* @__PURE__ */ memoizeWeak((_: PoolPlan) => new Map<string, PoolPlan>())

/** The counts of windows, with what was found on the way: null if it was not looked for. */
export interface CountedWindows {
  readonly counts: Shared<CountArray>
  /** True if every mark is 0 or 1. */
  readonly areBits: boolean | null
  /** The least count. */
  readonly fewest: number | null
}

/** For each window the number of elements that are not left out. */
export function countWindows(op: string, plan: PoolPlan, elements: Shared<Uint8Array>): CountedWindows {
  const { data, batch, channels } = elements
  const size = plan.outer * outPlane(plan) * plan.inner
  const most = mostIn(plan)
  if (most < 2 ** 31 && size > 0) {
    const storage = most <= 255 ? Uint8Array : Int32Array
    const counts = allocateArray<Uint8Array | Int32Array>(op, storage, size, temporary)
    const found = withinMemory(op, () => countMarks(plan, data, counts))
    if (found !== null)
      return { counts: { data: counts, batch, channels }, areBits: found.areBits, fewest: found.least }
  }
  return {
    counts: { data: countByPooling(op, plan, data, size), batch, channels },
    areBits: null,
    fewest: null,
  }
}

function countByPooling(op: string, plan: PoolPlan, data: Uint8Array, size: number): CountArray {
  const most = mostIn(plan)
  if (most <= 255) return sums('uint8', plan, data, new Uint8Array(size))
  // float32 holds all integers up to 2^24.
  const [dtype, storage] =
    most <= 2 ** 24 ? (['float32', Float32Array] as const) : (['float64', Float64Array] as const)
  const x = allocateArray(op, storage as Storage<Float32Array>, data.length, temporary)
  x.set(data)
  const y = sums(dtype, plan, x, allocateArray(op, storage as Storage<Float32Array>, size, temporary))
  const counts = allocateArray<CountArray>(op, most < 2 ** 31 ? Int32Array : Float64Array, size, temporary)
  counts.set(y)
  return counts
}

function sums<A extends Uint8Array | Float32Array>(dtype: DType, plan: PoolPlan, x: A, y: A): A {
  const spec = { reducer: 'average', pass: 'forward', division: 1, rounding: 'trunc', exact: false } as const
  if (y.length > 0) runJob({ ...spec, dtype, plan, x, y })
  return y
}

/** The largest possible count of a window, with its padding. */
export function mostIn({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * Math.max(statsOf(axis).mostTaps, statsOf(axis).mostDivisor), 1)
}

/** The divisors of averages, where 0 stands for 1: the counts, plus the padded positions if `countsPadding`. */
export function divisorsOf(
  op: string,
  counts: Shared<CountArray>,
  plan: PoolPlan,
  countsPadding: boolean,
): Shared<CountArray> {
  if (!countsPadding) return counts
  const data = copyArray<CountArray>(op, counts.data)
  addPadding(data, plan)
  return { ...counts, data }
}

/** Divisors in the layout of a whole tensor with planes of `size` elements; at least 1. */
export function wholeDivisorsOf(
  op: string,
  divisors: Shared<CountArray>,
  axes: TensorAxes,
  size: number,
): CountArray {
  const whole = spread(op, divisors, axes, size)
  const own = whole === divisors.data ? copyArray<CountArray>(op, whole) : whole
  for (let at = 0; at < own.length; at++) if (own[at] === 0) own[at] = 1
  return own
}

/** Adds the padded positions of each window, which the plan's divisors include. */
function addPadding(counts: CountArray, { axes, outer, inner }: PoolPlan): void {
  const padded = axes.reduce<readonly (readonly [divisor: number, taps: number])[]>(
    (lead, axis) =>
      lead.flatMap(([divisor, taps]) =>
        Array.from(
          { length: axis.outSize },
          (_, i) => [divisor * divisorOf(axis, i), taps * tapsOf(axis, i)] as const,
        ),
      ),
    [[1, 1]],
  )
  for (let o = 0, at = 0; o < outer; o++)
    for (const [divisor, taps] of padded) for (let c = 0; c < inner; c++, at++) counts[at]! += divisor - taps
}
