/**
 * @file Summarises the surface as text.
 */
import { digits } from '../report.ts'
import { geometricMean, mostOnAverage, outcomesOf, type Result } from './aims.ts'
import { groupBy } from './group-by.ts'
import type { Measured } from './measure.ts'
import { exclusions, geometryOf, notInAxes, type Point } from './points.ts'

export type MeasuredPoint = Result & Measured

const groups: Readonly<Record<string, (point: Point) => string>> = {
  operation: ({ operation, pass }) => `${operation.id} ${pass}`,
  dtype: ({ dtype }) => dtype,
  layout: ({ layout }) => layout.id,
  place: ({ place }) => (place === 'cache' ? 'in the cache' : 'in memory'),
  geometry: geometryOf,
}

export function formatSummary(results: readonly MeasuredPoint[]): string {
  const ratios = results.map(({ ratio }) => ratio)
  const over = [5, 10, 30].map((limit) => `${ratios.filter((r) => r > limit).length} over ${limit} x`)
  const mean = geometricMean(ratios)
  return [
    `${results.length} points, geometric mean ${digits(mean)} x copy, ${over.join(', ')}`,
    '',
    'The ten worst:',
    ...worstOf(results).map(formatWorst),
    ...Object.entries(groups).flatMap(([name, keyOf]) => [
      '',
      `By ${name}:`,
      ...formatGroups(results, keyOf),
    ]),
    '',
    'Aims:',
    ...outcomesOf(results).map(({ title, most, points, missed }) => {
      if (points === 0) return `  not measured  ${title}`
      if (missed.length === 0) return `  holds         ${title}: at most ${most} x, ${points} points`
      const [worst] = missed
      return `  MISSED        ${title}: over ${most} x at ${missed.length} of ${points} points, worst ${digits(worst!.value)} x ${worst!.id}`
    }),
    `  ${mean <= mostOnAverage ? 'holds ' : 'MISSED'}        geometric mean: at most ${mostOnAverage} x, is ${digits(mean)} x`,
  ].join('\n')
}

export function worstOf(results: readonly MeasuredPoint[]): MeasuredPoint[] {
  return results.toSorted((a, b) => b.ratio - a.ratio).slice(0, 10)
}

function formatWorst({ id, ratio, ms, kernel, shape }: MeasuredPoint): string {
  const each = (ms * 1e6) / shape.reduce((a, b) => a * b)
  return `  ${digits(ratio).padStart(6)} x  ${digits(each)} ns an element  ${id}  [${shape}]  ${kernel}`
}

function formatGroups(results: readonly MeasuredPoint[], keyOf: (point: Point) => string): string[] {
  return [...groupBy(results, ({ point }) => keyOf(point))].map(
    ([key, members]) =>
      `  ${digits(geometricMean(members.map(({ ratio }) => ratio))).padStart(6)} x  ${key} (${members.length})`,
  )
}

export function formatExclusions(): string {
  const reasons = [...notInAxes, ...exclusions.map(({ reason }) => reason)]
  return ['Left out:', ...reasons.map((reason) => `  ${reason}`)].join('\n')
}
