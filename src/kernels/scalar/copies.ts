/**
 * @file Runs loops on Float64Array copies of the operands, so that one loop, compiled for one array class, serves every
 * dtype.
 */
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { type Chunk, windowTablesOf } from './window-table.ts'

/** The largest plane, in elements, that is copied: copies take 8 bytes per element, and positions 32 bits. */
export const largestPlane = 2 ** 27

/** Elements per outer index, in the input or the output, whichever has more. */
export function planeOf(plan: PoolPlan): number {
  return plan.inner * Math.max(inPlane(plan), outPlane(plan))
}

/** Elements of scratch that are kept between calls, for each operand. */
const kept = 2 ** 16
const scratch = [new Float64Array(kept), new Float64Array(kept)] as const

/** An array of a job, and its number of elements per outer index. */
interface Operand {
  readonly data: TypedArray
  readonly size: number
}

/** Copies `source` in, runs, and copies `target` out, for as many outer indices at a time as fit the scratch. */
function throughCopies(
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

/** Runs one table on copies of the operands. `start` is the first outer index of the copies. */
type Follow = (run: Chunk, from: Float64Array, to: Float64Array, start: number) => void

/** Runs `follow` from the input to the output. */
export function forwardChunks(plan: PoolPlan, x: TypedArray, y: TypedArray, follow: Follow): void {
  const inSize = inPlane(plan) * plan.inner
  const outSize = outPlane(plan) * plan.inner
  eachChunk(plan, { data: x, size: inSize }, { data: y, size: outSize }, inSize, outSize, follow)
}

/** Runs `follow` from the gradient of the output to that of the input. */
export function backwardChunks(plan: PoolPlan, dy: TypedArray, dx: TypedArray, follow: Follow): void {
  const inSize = inPlane(plan) * plan.inner
  const outSize = outPlane(plan) * plan.inner
  eachChunk(plan, { data: dy, size: outSize }, { data: dx, size: inSize }, inSize, outSize, follow)
}

function eachChunk(
  plan: PoolPlan,
  source: Operand,
  target: Operand,
  inSize: number,
  outSize: number,
  follow: Follow,
): void {
  const { outer, inner } = plan
  throughCopies(outer, source, target, (from, to, start, count) => {
    for (const table of windowTablesOf(plan))
      follow({ table, count, inner, inSize, outSize }, from, to, start)
  })
}
