/**
 * @file Line plots on logarithmic axes as SVG that stands alone: its own background, and colours for light and dark.
 */

export interface Line {
  readonly label: string
  readonly look: Look
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** `own` is this library's line, the one to look at. */
export type Look = 'own' | 'own-second' | 'limit' | 'peer-1' | 'peer-2' | 'baseline'

export interface Axis {
  readonly label: string
  readonly domain: readonly [number, number]
  readonly ticks: readonly number[]
  format(value: number): string
}

export interface Panel {
  readonly title: string
  readonly lines: readonly Line[]
}

export interface Plot {
  readonly title: string
  readonly subtitle: string
  readonly x: Axis
  readonly y: Axis
  readonly panels: readonly Panel[]
}

const size = { width: 900, height: 470 }
const margin = { top: 132, bottom: 52, left: 74, right: 28, between: 34 }
const legend = { left: 24, top: 80, stroke: 22, gap: 7, character: 6.9, between: 20 }

const colours: Record<Look, readonly [light: string, dark: string]> = {
  own: ['#c2410c', '#fb923c'],
  'own-second': ['#e0904f', '#b9743f'],
  limit: ['#6b7280', '#8b949e'],
  'peer-1': ['#1d4ed8', '#7aa7ff'],
  'peer-2': ['#0f766e', '#4fd1c5'],
  baseline: ['#7c3aed', '#c4a5fb'],
}

const style = `
text { font: 12px system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif; fill: #4b5563 }
.title { font-size: 17px; font-weight: 600; fill: #111827 }
.panel { font-size: 13px; font-weight: 600; fill: #111827 }
.back { fill: #ffffff }
.grid { stroke: #e5e7eb }
.line { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round }
.own { stroke-width: 3 }
.limit { stroke-dasharray: 2 5 }
.label { font-weight: 600 }
${looks(0)}
@media (prefers-color-scheme: dark) {
text { fill: #9ca3af }
.title, .panel { fill: #f3f4f6 }
.back { fill: #0d1117 }
.grid { stroke: #262c36 }
${looks(1)}
}`

function looks(theme: 0 | 1): string {
  return Object.entries(colours)
    .map(([look, pair]) => `.${look} { stroke: ${pair[theme]} } .${look}-ink { fill: ${pair[theme]} }`)
    .join('\n')
}

export function drawPlot(plot: Plot): string {
  const count = plot.panels.length
  const width = (size.width - margin.left - margin.right - margin.between * (count - 1)) / count
  const panels = plot.panels.map((panel, i) =>
    drawPanel(plot, panel, margin.left + i * (width + margin.between), width, i === 0),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="${escapeText(plot.title)}">
<style>${style}
</style>
<rect class="back" width="${size.width}" height="${size.height}" rx="8"/>
${textAt(24, 34, plot.title, 'title')}
${textAt(24, 55, plot.subtitle)}
${drawLegend(plot.panels)}
${panels.join('\n')}
</svg>
`
}

function drawPanel(plot: Plot, panel: Panel, left: number, width: number, isFirst: boolean): string {
  const bottom = size.height - margin.bottom
  const x = scale(plot.x.domain, [left, left + width])
  const y = scale(plot.y.domain, [bottom, margin.top])
  const rows = plot.y.ticks.map(
    (tick) =>
      `<path class="grid" d="M${left} ${round(y(tick))}H${round(left + width)}"/>` +
      (isFirst ? textAt(left - 8, y(tick) + 4, plot.y.format(tick), '', 'end') : ''),
  )
  const columns = plot.x.ticks.map((tick) => textAt(x(tick), bottom + 18, plot.x.format(tick), '', 'middle'))
  return [
    textAt(left, margin.top - 12, panel.title, 'panel'),
    ...rows,
    ...columns,
    textAt(left + width / 2, bottom + 38, plot.x.label, '', 'middle'),
    ...panel.lines.map((line) => drawLine(line, x, y)),
  ].join('\n')
}

function drawLine({ look, points }: Line, x: Scale, y: Scale): string {
  const at = points.map(([a, b]) => [round(x(a)), round(y(b))] as const)
  const path = `<path class="line ${look}" d="M${at.map(([a, b]) => `${a} ${b}`).join('L')}"/>`
  if (look === 'limit') return path
  const radius = look === 'own' ? 3 : 2
  return path + at.map(([a, b]) => `<circle class="${look}-ink" cx="${a}" cy="${b}" r="${radius}"/>`).join('')
}

/** Each line's name once, with a stroke of it. */
function drawLegend(panels: readonly Panel[]): string {
  const named = new Map(panels.flatMap(({ lines }) => lines.map(({ label, look }) => [label, look] as const)))
  let left = legend.left
  const entries = [...named].map(([label, look]) => {
    const from = left
    left += legend.stroke + legend.gap + label.length * legend.character + legend.between
    return (
      `<path class="line ${look}" d="M${from} ${legend.top - 4}h${legend.stroke}"/>` +
      textAt(from + legend.stroke + legend.gap, legend.top, label, `label ${look}-ink`)
    )
  })
  return entries.join('\n')
}

type Scale = (value: number) => number

function scale([low, high]: readonly [number, number], [from, to]: readonly [number, number]): Scale {
  const span = Math.log(high / low)
  return (value) => from + (Math.log(value / low) / span) * (to - from)
}

function textAt(x: number, y: number, text: string, look = '', anchor = ''): string {
  const attributes = `${look ? ` class="${look}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}`
  return `<text x="${round(x)}" y="${round(y)}"${attributes}>${escapeText(text)}</text>`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Powers of `base` within a domain. */
export function powers(base: number, [low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log(low) / Math.log(base) - 1e-9)
  const last = Math.floor(Math.log(high) / Math.log(base) + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => base ** (first + i))
}
