/**
 * @file Float64Array copies of operands: one loop serves every dtype, and is compiled for one class of array.
 */
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import type { TypedArray } from '../../tensor/dtype.ts'

/** Elements of scratch that are kept between calls, for each operand. */
const kept = 2 ** 16
const scratch = [new Float64Array(kept), new Float64Array(kept)] as const

/** An array of a job, and how many of its elements belong to one outer index. */
export interface Operand {
  readonly data: TypedArray
  readonly size: number
}

/** The operands of a plan, x's side and y's. */
export function operandsOf(
  plan: PoolPlan,
  x: TypedArray,
  y: TypedArray,
): { source: Operand; target: Operand } {
  return {
    source: { data: x, size: inPlane(plan) * plan.inner },
    target: { data: y, size: outPlane(plan) * plan.inner },
  }
}

/** Copies in `source`, runs, copies out `target`; as many outer indices at a time as scratch holds. */
export function throughCopies(
  outer: number,
  source: Operand,
  target: Operand,
  run: (from: Float64Array, to: Float64Array, start: number, count: number) => void,
): void {
  const step = Math.max(1, Math.min(outer, Math.floor(kept / Math.max(source.size, target.size, 1))))
  const from = scratchOf(0, step * source.size)
  const to = scratchOf(1, step * target.size)
  for (let start = 0; start < outer; start += step) {
    const count = Math.min(step, outer - start)
    from.set(part(source.data, start * source.size, count * source.size))
    to.fill(0, 0, count * target.size)
    run(from, to, start, count)
    target.data.set(part(to, 0, count * target.size) as never, start * target.size)
  }
}

function scratchOf(slot: 0 | 1, length: number): Float64Array {
  return length <= kept ? scratch[slot] : new Float64Array(length)
}

function part(data: TypedArray, start: number, length: number): ArrayLike<number> {
  return (length === data.length ? data : data.subarray(start, start + length)) as ArrayLike<number>
}
