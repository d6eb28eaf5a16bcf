/**
 * @file Iterates over the windows of any number of axes, in row-major order.
 */
import { type AxisPlan, divisorOf, firstOf, tapsOf } from '../../plan/axis.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'

/** One window: the positions of its taps in the plane, in row-major order, and its divisor along each axis. */
export interface Window {
  /** Position of the output in its plane. */
  readonly output: number
  readonly positions: Positions
  readonly divisors: readonly number[]
}

/**
 * The members that arrays and typed arrays share. Long lists are typed arrays: an array that grows past 2^27 elements
 * ends the process.
 */
export interface Positions extends Iterable<number> {
  readonly length: number
  readonly [at: number]: number
  map(to: (position: number) => number): Positions
  filter(keep: (position: number) => boolean): Positions
  find(is: (position: number) => boolean): number | undefined
  findLast(is: (position: number) => boolean): number | undefined
  reduce(next: (before: number, position: number) => number, first: number): number
}

/** Longer lists are typed arrays. */
const mostGrown = 2 ** 16

export function* windowsOf(axes: readonly AxisPlan[]): Generator<Window> {
  let output = 0
  for (const { positions, divisors } of product(axes)) yield { output: output++, positions, divisors }
}

function* product(axes: readonly AxisPlan[]): Generator<Omit<Window, 'output'>> {
  if (axes.length === 0) {
    yield { positions: [0], divisors: [] }
    return
  }
  const last = axes[axes.length - 1]!
  for (const lead of product(axes.slice(0, -1))) {
    for (let i = 0; i < last.outSize; i++) {
      const [first, taps] = [firstOf(last, i), tapsOf(last, i)]
      const positions = listOf(lead.positions.length * taps)
      let at = 0
      for (const position of lead.positions) {
        for (let tap = 0; tap < taps; tap++)
          positions[at++] = position * last.inSize + first + tap * last.step
      }
      yield { positions, divisors: [...lead.divisors, divisorOf(last, i)] }
    }
  }
}

function listOf(length: number): number[] | Float64Array {
  return length <= mostGrown ? [] : allocateArray('pooling', Float64Array, length, temporary)
}
