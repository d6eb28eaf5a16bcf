/**
 * @file Counts the elements of each window that count, and the padded places.
 */
import type { IndexArray } from '../../kernels/job.ts'
import { runJob } from '../../kernels/run.ts'
import { divisorOf, tapsOf } from '../../plan/axis.ts'
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { statsOf } from '../../plan/tables.ts'
import { allocateArray, copyArray, temporary } from '../../tensor/allocate.ts'
import type { TensorAxes } from '../geometry/tensor-axes.ts'
import { type Shared, spread } from './mask.ts'

/** For each window the number of its elements that count, in the layout of the output. */
export function countWindows(
  op: string,
  { axes }: PoolPlan,
  tensor: TensorAxes,
  elements: Shared<Uint8Array>,
): IndexArray {
  const { batch, channels } = elements
  const plan: PoolPlan =
    tensor.layout === 'NCHW'
      ? { outer: batch * channels, axes, inner: 1 }
      : { outer: batch, axes, inner: channels }
  const outputs = outPlane(plan)
  const sums = sumsOf(op, plan, elements.data, batch * channels * outputs)
  const storage = largestWindow(plan) < 2 ** 31 ? Int32Array : Float64Array
  const counts = allocateArray<IndexArray>(op, storage, sums.length)
  counts.set(sums)
  return spread(op, { data: counts, batch, channels }, tensor, outputs)
}

/** float32 holds all integers up to 2^24. */
function sumsOf(op: string, plan: PoolPlan, elements: Uint8Array, size: number): Float32Array | Float64Array {
  const isSingle = largestWindow(plan) <= 2 ** 24
  const storage: new (length: number) => Float32Array | Float64Array = isSingle ? Float32Array : Float64Array
  const [x, y] = [elements.length, size].map((length) => allocateArray(op, storage, length, temporary)) as [
    Float32Array,
    Float32Array,
  ]
  x.set(elements)
  runJob({
    reducer: 'average',
    pass: 'forward',
    division: 1,
    rounding: 'trunc',
    exact: false,
    dtype: isSingle ? 'float32' : 'float64',
    plan,
    x,
    y,
  })
  return y
}

function largestWindow({ axes }: PoolPlan): number {
  return axes.reduce((size, axis) => size * statsOf(axis).mostTaps, 1)
}

/** What averages divide by: the counts, with the padded places if `padded` is a plan whose divisors include them; at least 1. */
export function divisorsOf(op: string, counts: IndexArray, padded: PoolPlan | null): IndexArray {
  const sums = padded === null ? counts : withPadding(op, counts, padded)
  const divisors = sums === counts && sums.includes(0) ? copyArray(op, sums) : sums
  for (let at = divisors.indexOf(0); at >= 0; at = divisors.indexOf(0, at + 1)) divisors[at] = 1
  return divisors
}

/** The counts with the padded places of each window, which the plan's divisors include. */
function withPadding(op: string, counts: IndexArray, { axes, outer, inner }: PoolPlan): IndexArray {
  const sum = allocateArray(
    op,
    counts.constructor as new (
      length: number,
    ) => IndexArray,
    counts.length,
    temporary,
  )
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
    for (const [divisor, taps] of padded)
      for (let c = 0; c < inner; c++, at++) sum[at] = counts[at]! + divisor - taps
  return sum
}
