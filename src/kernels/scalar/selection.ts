/**
 * @file The elements of one or two ranks among the first `n` values, by sorting.
 */
import { type OrderSpec, type Ranks, ranksFor } from '../../reducers/order.ts'

/** Values of more elements are sorted by the engine. */
const mostInserted = 32

export interface Selection {
  /** The two elements, NaN if some value is, and the weight of the second. */
  low: number
  high: number
  weight: number
  /** Selects among one value or more. */
  select(values: Float64Array, n: number): void
}

/** @param most  the most values to select from */
export function selectionOf(spec: OrderSpec, most: number): Selection {
  const sorted = new Float64Array(most)
  const known: Ranks[] = []
  return {
    low: 0,
    high: 0,
    weight: 0,
    select(values, n) {
      known[n] ??= ranksFor(spec, n)
      const { low, high, weight } = known[n]
      const isOrdered = n <= mostInserted ? insert(values, n, sorted) : sort(values, n, sorted)
      this.low = isOrdered ? elementOf(sorted, values, n, low) : Number.NaN
      this.high = low === high ? this.low : isOrdered ? elementOf(sorted, values, n, high) : Number.NaN
      this.weight = weight
    },
  }
}

/** Returns false for values with a NaN, which are left unsorted. */
function insert(values: Float64Array, n: number, sorted: Float64Array): boolean {
  for (let i = 0; i < n; i++) {
    const value = values[i]!
    if (value !== value) return false
    let at = i
    for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!
    sorted[at] = value
  }
  return true
}

function sort(values: Float64Array, n: number, sorted: Float64Array): boolean {
  sorted.set(values.subarray(0, n))
  sorted.subarray(0, n).sort()
  return !Number.isNaN(sorted[n - 1]!)
}

/** Insertion leaves zeros as they came, and -0 comes before +0. */
function elementOf(sorted: Float64Array, values: Float64Array, n: number, rank: number): number {
  const value = sorted[rank]!
  if (value !== 0) return value
  let below = 0
  for (let i = 0; i < n; i++) if (values[i]! < 0 || Object.is(values[i], -0)) below++
  return rank < below ? -0 : 0
}
