/**
 * @file Checks marks, counts the elements that are left in windows, and finds the windows with too few.
 */
import type { PoolPlan } from '../plan/pool-plan.ts'
import type { CountArray, IndexArray } from './job.ts'
import {
  areBitsInVectors,
  countInVectors,
  type Found,
  positionsInVectors,
} from './wasm/counted/count-marks.ts'

export { areBitsInPlace } from './wasm/counted/count-marks.ts'

/** Counts the marks in each window. Returns null, having written nothing, where a pooling must count them. */
export function countMarks(plan: PoolPlan, marks: Uint8Array, counts: Uint8Array | Int32Array): Found | null {
  return countInVectors(plan, marks, counts)
}

/** True if every byte is 0 or 1. */
export function areBits(bytes: Uint8Array): boolean {
  return areBitsInVectors(bytes) ?? bytes.every((byte) => byte < 2)
}

/** The positions of the counts below a bound, in order. */
export function positionsBelow(counts: CountArray, bound: number): IndexArray {
  const isShort = counts instanceof Uint8Array && bound <= 255 && counts.length < 2 ** 31
  return (isShort ? positionsInVectors(counts, bound) : null) ?? searchEach(counts, bound)
}

function searchEach(counts: CountArray, bound: number): IndexArray {
  let found = 0
  for (let i = 0; i < counts.length; i++) if (counts[i]! < bound) found++
  const positions = counts.length < 2 ** 31 ? new Int32Array(found) : new Float64Array(found)
  for (let i = 0, at = 0; at < found; i++) if (counts[i]! < bound) positions[at++] = i
  return positions
}
