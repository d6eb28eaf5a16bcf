/**
 * @file Picks one element of each window at random, with a probability that is proportional to it.
 */
import { inPlane, outPlane, type PoolPlan } from '../plan/pool-plan.ts'
import { largestWindow } from '../plan/tables.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import type { Counted, IndexArray } from './job.ts'
import { windowsOf } from './reference/windows.ts'
import { windowTablesOf } from './scalar/window-table.ts'
import { open, pickInVectors } from './wasm/order/pick.ts'

export interface StochasticPicks {
  readonly plan: PoolPlan
  readonly x: TypedArray
  /** A number in [0, 1) for each output. */
  readonly samples: Float32Array | Float64Array
  /** Receives the position of each picked element; -1 for a window without positive elements. */
  readonly indices: IndexArray
  readonly counted?: Counted | undefined
}

/**
 * Elements weigh as much as they are large. Sums that are not finite, very large or very small are left to plain loops, which scale.
 */
export function pickStochastically(picks: StochasticPicks): void {
  const { x, indices, counted } = picks
  const numbers =
    typeof x[0] === 'bigint' ? Float64Array.from(x as BigInt64Array, Number) : (x as Float64Array)
  if (counted !== undefined || !pickInVectors({ ...picks, x: numbers })) pickEach(picks, numbers, false)
  else if ((indices as Int32Array).includes(open)) pickEach(picks, numbers, true)
}

/** Picks in all windows, or in those that are open. */
function pickEach(
  { plan, samples, indices, counted }: StochasticPicks,
  numbers: ArrayLike<number>,
  areOpen: boolean,
): void {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  const window = new Window(largestWindow(plan))
  for (const { start, ends, positions } of tablesOf(plan))
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < ends.length; i++)
        for (let c = 0; c < inner; c++) {
          const at = o * outSize + (start + i) * inner + c
          if (areOpen && indices[at] !== open) continue
          if (counted !== undefined && counted.counts[at]! < counted.least) {
            indices[at] = -1
            continue
          }
          const first = o * inSize + c
          window.clear()
          for (let k = i === 0 ? 0 : ends[i - 1]!; k < ends[i]!; k++) {
            const from = first + positions[k]!
            if (counted === undefined || counted.map[from] === 1) window.add(numbers[from]!, positions[k]!)
          }
          const picked = window.pick(samples[at]!)
          indices[at] = picked < 0 ? -1 : picked / inner
        }
}

/** Windows as tables; one by one if their positions do not fit these. */
function* tablesOf(plan: PoolPlan): Iterable<{
  readonly start: number
  readonly ends: ArrayLike<number>
  readonly positions: ArrayLike<number>
}> {
  const { axes, inner } = plan
  if (inPlane(plan) * inner < 2 ** 31) yield* windowTablesOf(plan)
  else
    for (const { output, positions } of windowsOf(axes))
      yield { start: output, ends: [positions.length], positions: positions.map((at) => at * inner) }
}

/** The elements of a window and their positions. */
class Window {
  readonly #values: Float64Array
  readonly #positions: Float64Array
  #length = 0
  #largest = 0
  /** The position of the last NaN, or -1. */
  #nan = -1

  constructor(most: number) {
    this.#values = new Float64Array(most)
    this.#positions = new Float64Array(most)
  }

  clear(): void {
    this.#length = 0
    this.#largest = 0
    this.#nan = -1
  }

  add(value: number, position: number): void {
    this.#values[this.#length] = value
    this.#positions[this.#length++] = position
    if (value > this.#largest) this.#largest = value
    if (value !== value) this.#nan = position
  }

  /** The first position up to which the weights add up to more than the sample's part of their sum; the last NaN; or -1. */
  pick(sample: number): number {
    if (this.#nan >= 0) return this.#nan
    if (this.#largest === 0) return -1
    const values = this.#values
    const isInfinite = this.#largest === Number.POSITIVE_INFINITY
    const scale = scaleOf(this.#largest)
    let sum = 0
    for (let k = 0; k < this.#length; k++) {
      const value = values[k]!
      values[k] = isInfinite ? Number(value === this.#largest) : Math.max(value, 0) * scale
      sum += values[k]!
    }
    const threshold = sample * sum
    let k = 0
    for (let part = values[0]!; part <= threshold; part += values[k]!) k++
    return this.#positions[k]!
  }
}

/** A power of two by which sums neither overflow nor lose digits. */
function scaleOf(largest: number): number {
  return largest > 2 ** 900 ? 2 ** -200 : largest < 2 ** -900 ? 2 ** 200 : 1
}
