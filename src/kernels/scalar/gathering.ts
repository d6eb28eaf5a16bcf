/**
 * @file The elements of a window that count, gathered in row-major order.
 */
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { largestWindow } from '../../plan/tables.ts'
import type { HalfArray, TypedArray } from '../../tensor/dtype.ts'

/** Elements that are no bigints. */
export type Numbers = Exclude<TypedArray, BigInt64Array | BigUint64Array | HalfArray>

/** The elements of a job, and room for those of one window. */
export interface Gathering {
  readonly x: Numbers
  /** 1 for elements that count; null if all do. */
  readonly map: Uint8Array | null
  readonly values: Float64Array
  readonly positions: Float64Array
}

export function gatheringOf(plan: PoolPlan, x: Numbers, map: Uint8Array | null): Gathering {
  const size = largestWindow(plan)
  const [values, positions] = [new Float64Array(size), new Float64Array(size)]
  return { x, map, values, positions }
}

/** Gathers the elements that count of those that lie `taps` from `first`, and returns their number. */
export function gather({ x, map, values, positions }: Gathering, taps: Int32Array, first: number): number {
  let n = 0
  for (let i = 0; i < taps.length; i++) {
    const at = first + taps[i]!
    if (map !== null && map[at] === 0) continue
    values[n] = x[at]!
    positions[n++] = at
  }
  return n
}
