/**
 * @file Windows written out as tables of positions, some outputs at a time. Flat loops run on them for any plan.
 */
import { divisorOf, firstOf, tapsOf } from '../../plan/axis.ts'
import { outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { largestWindow } from '../../plan/tables.ts'

export interface WindowTable {
  /** The first output of the table, and the number of outputs. */
  readonly start: number
  readonly count: number
  /** Output `i` of the table reads the positions from `ends[i - 1]` to `ends[i]`, in row-major order. */
  readonly ends: Int32Array
  /** Offsets in elements: positions in the plane times `inner`. */
  readonly positions: Int32Array
  /** For each axis one divisor per output; 1 for windows without taps, so that they give 0. */
  readonly divisors: readonly Float64Array[]
  /** The products of the divisors. */
  readonly divisor: Float64Array
}

/** A table to run for `count` outer indices. Sizes count the elements of one outer index. */
export interface Chunk {
  readonly table: WindowTable
  readonly count: number
  readonly inner: number
  readonly inSize: number
  readonly outSize: number
}

/** The most positions in a table, unless a single window has more. */
export const tablePositions = 2 ** 16
const remembered = new WeakMap<PoolPlan, readonly WindowTable[]>()

/** The tables of a plan. Cached if there is only one. */
export function windowTablesOf(plan: PoolPlan): Iterable<WindowTable> {
  const known = remembered.get(plan)
  if (known !== undefined) return known
  const largest = largestWindow(plan)
  const count = Math.max(1, Math.floor(tablePositions / Math.max(1, largest)))
  const outputs = outPlane(plan)
  if (count < outputs) return writeTables(plan, outputs, count, largest)
  const tables = [writeTable(plan, 0, outputs, largest)]
  remembered.set(plan, tables)
  return tables
}

function* writeTables(
  plan: PoolPlan,
  outputs: number,
  count: number,
  largest: number,
): Generator<WindowTable> {
  for (let start = 0; start < outputs; start += count) {
    yield writeTable(plan, start, Math.min(count, outputs - start), largest)
  }
}

function writeTable({ axes, inner }: PoolPlan, start: number, count: number, largest: number): WindowTable {
  const ends = new Int32Array(count)
  const positions = new Int32Array(count * largest)
  const divisors = axes.map(() => new Float64Array(count))
  const divisor = new Float64Array(count).fill(1)
  const position = new Array<number>(axes.length)
  for (let i = 0; i < count; i++) {
    let rest = start + i
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { outSize } = axes[axis]!
      position[axis] = rest % outSize
      rest = Math.floor(rest / outSize)
      divisors[axis]![i] = Math.max(1, divisorOf(axes[axis]!, position[axis]!))
      divisor[i]! *= divisors[axis]![i]!
    }
    const begin = i === 0 ? 0 : ends[i - 1]!
    ends[i] = begin + writeWindow(axes, position, positions, begin)
  }
  return { start, count, ends, positions: positions.map((position) => position * inner), divisors, divisor }
}

/**
 * Writes the positions of a window from `at` on and returns their number. Each axis multiplies the positions of the
 * axes before it, from the last to the first, so that they can be replaced in place.
 */
function writeWindow(
  axes: PoolPlan['axes'],
  position: readonly number[],
  positions: Int32Array,
  at: number,
): number {
  let written = 1
  positions[at] = 0
  for (let axis = 0; axis < axes.length; axis++) {
    const { inSize, step } = axes[axis]!
    const count = tapsOf(axes[axis]!, position[axis]!)
    const begin = firstOf(axes[axis]!, position[axis]!)
    for (let i = written - 1; i >= 0; i--) {
      const base = positions[at + i]! * inSize + begin
      for (let tap = count - 1; tap >= 0; tap--) positions[at + i * count + tap] = base + tap * step
    }
    written *= count
    if (written === 0) return 0
  }
  return written
}
