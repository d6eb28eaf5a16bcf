/**
 * @file The surface as SVG: operations and dtypes against geometries and layouts, for light and dark pages.
 */
import { groupBy } from './group-by.ts'

export interface Cell {
  readonly operation: string
  readonly dtype: string
  readonly geometry: string
  readonly layout: string
  readonly ratio: number
}

const size = 8
const pitch = 9
const between = 6
const left = 220
const top = 250
const margin = 24

/** The colour of ratios up to each limit. Larger ratios have the last colour. */
const steps: readonly (readonly [limit: number, light: string, dark: string])[] = [
  [2, '#d9f0e3', '#12372a'],
  [5, '#a3d9bb', '#1f5c43'],
  [8, '#f3e9a6', '#6b6420'],
  [12, '#f6c667', '#9a7416'],
  [20, '#f0974a', '#c86b1e'],
  [30, '#dd5a3a', '#ea4b35'],
  [100, '#a81f3d', '#ff7a9c'],
  [Infinity, '#4a0d33', '#ffd6f0'],
]

const style = `
text { font: 10px system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: #4b5563 }
.title { font-size: 17px; font-weight: 600; fill: #111827 }
.note { font-size: 12px }
.group { font-weight: 600; fill: #111827 }
.back { fill: #ffffff }
${colours(1)}
@media (prefers-color-scheme: dark) {
text { fill: #9ca3af }
.title, .group { fill: #f3f4f6 }
.back { fill: #0d1117 }
${colours(2)}
}`

function colours(theme: 1 | 2): string {
  return steps.map((step, i) => `.s${i} { fill: ${step[theme]} }`).join('\n')
}

/** Where each name lies along an axis: groups apart, members in the order in which they first come. */
interface Axis {
  readonly at: ReadonlyMap<string, number>
  readonly groups: readonly {
    readonly name: string
    readonly from: number
    readonly members: readonly string[]
  }[]
  readonly end: number
}

function layOut(start: number, pairs: readonly (readonly [group: string, member: string])[]): Axis {
  const at = new Map<string, number>()
  const groups = [...groupBy(pairs, ([group]) => group)]
  let place = start
  const laid = groups.map(([name, own]) => {
    const from = place
    const members = [...new Set(own.map(([, member]) => member))]
    for (const member of members) {
      at.set(`${name} ${member}`, place)
      place += pitch
    }
    place += between
    return { name, from, members }
  })
  return { at, groups: laid, end: place - between }
}

export function drawHeatMap(title: string, subtitle: string, cells: readonly Cell[]): string {
  const x = layOut(
    left,
    cells.map(({ geometry, layout }) => [geometry, layout]),
  )
  const y = layOut(
    top,
    cells.map(({ operation, dtype }) => [operation, dtype]),
  )
  const [width, height] = [Math.max(x.end, 700) + margin, y.end + margin]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">
<style>${style}
</style>
<rect class="back" width="${width}" height="${height}" rx="8"/>
${textAt(margin, 34, title, 'title')}
${textAt(margin, 54, subtitle, 'note')}
${drawLegend()}
${drawColumns(x)}
${drawRows(y)}
${drawCells(cells, x, y)}
</svg>
`
}

/** One path a colour. */
function drawCells(cells: readonly Cell[], x: Axis, y: Axis): string {
  return steps
    .map((_, step) => {
      const squares = cells
        .filter(({ ratio }) => stepOf(ratio) === step)
        .map(({ geometry, layout, operation, dtype }) => {
          const [column, row] = [x.at.get(`${geometry} ${layout}`)!, y.at.get(`${operation} ${dtype}`)!]
          return `M${column} ${row}h${size}v${size}h-${size}z`
        })
      return `<path class="s${step}" d="${squares.join('')}"/>`
    })
    .join('\n')
}

export function stepOf(ratio: number): number {
  return steps.findIndex(([limit]) => ratio <= limit)
}

function drawLegend(): string {
  return steps
    .map(([limit], i) => {
      const x = margin + i * 72
      const label = limit === Infinity ? `over ${steps[i - 1]![0]} ×` : `to ${limit} ×`
      return `<rect class="s${i}" x="${x}" y="68" width="12" height="12"/>${textAt(x + 16, 78, label)}`
    })
    .join('\n')
}

function drawColumns({ groups, at }: Axis): string {
  return groups
    .map(({ name, from, members }) => {
      const layouts = members.map((member) =>
        turnedAt(at.get(`${name} ${member}`)! + size, top - 6, member.replace('NHWC ', '×')),
      )
      return [turnedAt(from + size, top - 42, name, 'group'), ...layouts].join('')
    })
    .join('\n')
}

function drawRows({ groups, at }: Axis): string {
  return groups
    .map(({ name, from, members }) => {
      const dtypes = members.map((member) =>
        textAt(left - 6, at.get(`${name} ${member}`)! + size, member, '', 'end'),
      )
      return [textAt(margin, from + size, name, 'group'), ...dtypes].join('')
    })
    .join('\n')
}

function textAt(x: number, y: number, text: string, look = '', anchor = ''): string {
  const attributes = `${look ? ` class="${look}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`
  return `<text x="${x}" y="${y}"${attributes}>${text}</text>`
}

function turnedAt(x: number, y: number, text: string, look = ''): string {
  return `<text transform="translate(${x} ${y})rotate(-90)"${look ? ` class="${look}"` : ''}>${text}</text>`
}
