/**
 * @file Iterates over the windows of any number of axes, in row-major order.
 */
import { type AxisPlan, divisorOf, firstOf, tapsOf } from '../../plan/axis.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'

/** One window: the positions of its taps in the plane, in row-major order, and its divisor along each axis. */
export interface Window {
  /** Position of the output in its plane. */
  readonly output: number
  readonly places: Places
  readonly divisors: readonly number[]
}

/**
 * The members that arrays and typed arrays share. Long lists are typed arrays: an array that grows past 2^27 elements
 * ends the process.
 */
export interface Places extends Iterable<number> {
  readonly length: number
  readonly [at: number]: number
  map(to: (place: number) => number): Places
  filter(keep: (place: number) => boolean): Places
  find(is: (place: number) => boolean): number | undefined
  findLast(is: (place: number) => boolean): number | undefined
  reduce(next: (before: number, place: number) => number, first: number): number
}

/** Longer lists are typed arrays. */
const mostGrown = 2 ** 16

export function* windowsOf(axes: readonly AxisPlan[]): Generator<Window> {
  let output = 0
  for (const { places, divisors } of product(axes)) yield { output: output++, places, divisors }
}

function* product(axes: readonly AxisPlan[]): Generator<Omit<Window, 'output'>> {
  if (axes.length === 0) {
    yield { places: [0], divisors: [] }
    return
  }
  const last = axes[axes.length - 1]!
  for (const lead of product(axes.slice(0, -1))) {
    for (let i = 0; i < last.outSize; i++) {
      const [first, taps] = [firstOf(last, i), tapsOf(last, i)]
      const places = listOf(lead.places.length * taps)
      let at = 0
      for (const place of lead.places) {
        for (let tap = 0; tap < taps; tap++) places[at++] = place * last.inSize + first + tap * last.step
      }
      yield { places, divisors: [...lead.divisors, divisorOf(last, i)] }
    }
  }
}

function listOf(length: number): number[] | Float64Array {
  return length <= mostGrown ? [] : allocateArray('pooling', Float64Array, length, temporary)
}
