/**
 * @file Finds and prints the crossing of two measured lines.
 */
import { digits } from './report.ts'
import type { Sweep } from './sweep.ts'

/** The second of each point's times is below the first from here on, whatever comes between; in words. */
export function crossingOf({ points }: Sweep): string {
  const isAbove = points.map(({ ms }) => {
    const [below, above] = Object.values(ms) as [number, number]
    return above < below
  })
  const from = isAbove.lastIndexOf(false) + 1
  if (from === 0) return `below ${points[0]!.at}`
  if (from === points.length) return `above ${points.at(-1)!.at}`
  return `between ${points[from - 1]!.at} and ${points[from]!.at}`
}

/** Milliseconds of both sides, and their ratio. */
export function sidesTable({ points }: Sweep, unit: string): string {
  const rows = points.map(({ at, ms }) => {
    const times = Object.values(ms) as [number, number]
    return [`${at}`, ...times.map(digits), (times[0] / times[1]).toFixed(2)]
  })
  return aligned([[unit, ...Object.keys(points[0]!.ms), 'ratio'], ...rows])
}

/** Milliseconds of each value, and the ratio to the value in use. */
export function valuesTable({ points }: Sweep, unit: string, inUse: number): string {
  const names = Object.keys(points[0]!.ms)
  const usual = points.find(({ at }) => at === inUse)!.ms
  const rows = points.map(({ at, ms }) => [
    `${at}${at === inUse ? ' *' : ''}`,
    ...names.flatMap((name) => [digits(ms[name]!), (ms[name]! / usual[name]!).toFixed(2)]),
  ])
  return aligned([[unit, ...names.flatMap((name) => [name, 'ratio'])], ...rows])
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => `  ${row.map((cell, i) => cell.padStart(widths[i]!)).join('  ')}`).join('\n')
}
