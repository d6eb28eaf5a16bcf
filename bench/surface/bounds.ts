/**
 * @file Says of the points that miss an aim whether the instructions that they execute are enough to miss it.
 */
import { digits } from '../report.ts'
import { outcomesOf, type Result } from './aims.ts'
import { groupBy } from './group-by.ts'
import { idOf } from './points.ts'

export interface CountedPoint extends Result {
  /** Instructions of vectors and scalars, and nanoseconds, for each element of the input. */
  readonly instructions: number
  readonly nanoseconds: number
}

/** Instructions a nanosecond that all but the fastest twentieth of the points stay below. */
export function bestRate(points: readonly CountedPoint[]): number {
  const rates = points.map(rateOf).sort((a, b) => a - b)
  return rates[Math.floor(0.95 * rates.length)]!
}

/** A point misses by its instructions if it misses even at the best rate. */
export function formatBounds(points: readonly CountedPoint[]): string {
  const byId = new Map(points.map((point) => [idOf(point.point), point]))
  const best = bestRate(points)
  const lines = outcomesOf(points).flatMap(({ title, most, points: all, missed }) => {
    const rows = missed.map(({ id, value }) => ({ counted: byId.get(id)!, value }))
    const groups = groupBy(rows, ({ counted: { point } }) => `${point.operation.id} ${point.pass}`)
    return [
      '',
      `${title}, at most ${most} x: ${missed.length} of ${all} missed`,
      ...[...groups].map(([name, members]) => formatGroup(name, members, most, best)),
    ]
  })
  return [`The fastest twentieth executes ${digits(best)} instructions a nanosecond or more.`, ...lines].join(
    '\n',
  )
}

type Missed = { readonly counted: CountedPoint; readonly value: number }

function formatGroup(name: string, members: readonly Missed[], most: number, best: number): string {
  const bound = members.filter(({ counted, value }) => (value * rateOf(counted)) / best > most)
  const counts = members.map(({ counted }) => counted.instructions).sort((a, b) => a - b)
  const rates = members.map(({ counted }) => rateOf(counted)).sort((a, b) => a - b)
  const median = (values: readonly number[]): string => digits(values[Math.floor(values.length / 2)]!)
  return `  ${name}: ${members.length}, ${bound.length} by instructions alone; ${median(counts)} an element (${digits(counts[0]!)} to ${digits(counts.at(-1)!)}), ${median(rates)} a nanosecond`
}

function rateOf({ instructions, nanoseconds }: CountedPoint): number {
  return instructions / nanoseconds
}
