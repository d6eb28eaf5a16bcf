/**
 * @file One matrix of the picture: cells, padding, the window and its gaps, the picked element, brackets of bins.
 */
import { formatCell, formatExact, widthOf } from './number.ts'
import type { Palette } from './palette.ts'
import type { Plane } from './presets.ts'
import type { Region } from './region-windows.ts'
import { blend, element, line, rect, text } from './svg.ts'
import { isLeftOut, type Term, worse, zoneOf } from './term.ts'
import type { AxisWindows, PlaneWindows } from './windows.ts'

export const cell = 44

/** Width of the margin that brackets need. */
export const bracketMargin = 22

/** The point at which cell (0, 0) of a grid is drawn. */
export interface Origin {
  readonly x: number
  readonly y: number
}

/** The tint of a value: 0 for the least of the plane and for values that are not finite, 1 for the greatest. */
export function shareOf(values: readonly number[]): (value: number) => number {
  const finite = values.filter(Number.isFinite)
  const [low, high] = [Math.min(...finite), Math.max(...finite)]
  return (value) => (Number.isFinite(value) && high > low ? (value - low) / (high - low) : 0)
}

export function drawCells(
  plane: Plane,
  origin: Origin,
  palette: Palette,
  nodata: number | null = null,
): string {
  return drawGrounds(plane, origin, palette, nodata) + drawNumbers(plane, origin, palette)
}

/** The cells without their numbers; those that are left out are hatched. */
export function drawGrounds(
  plane: Plane,
  { x, y }: Origin,
  palette: Palette,
  nodata: number | null = null,
): string {
  const share = shareOf(plane.values.filter((value) => !isLeftOut(nodata, value)))
  return plane.values
    .map((value, i) => {
      const [row, column] = [Math.floor(i / plane.columns), i % plane.columns]
      const fill = isLeftOut(nodata, value) ? 'url(#gap)' : blend(palette.card, palette.tint, share(value))
      return rect(x + column * cell, y + row * cell, cell, cell, { fill, stroke: palette.line })
    })
    .join('')
}

/** @param halo a colour around the numbers, for where lines pass behind them */
export function drawNumbers(plane: Plane, { x, y }: Origin, palette: Palette, halo?: string): string {
  const around = halo === undefined ? {} : { stroke: halo, 'stroke-width': 4, 'paint-order': 'stroke' }
  return plane.values
    .map((value, i) => {
      const [row, column] = [Math.floor(i / plane.columns), i % plane.columns]
      const [printed, exact] = [formatCell(value), formatExact(value)]
      return text(x + (column + 0.5) * cell, y + (row + 0.5) * cell + 5, printed, {
        'text-anchor': 'middle',
        'font-size': fontSizeOf(printed),
        'aria-label': exact === printed ? undefined : exact,
        fill: palette.ink,
        ...around,
      })
    })
    .join('')
}

/** The usual size, or smaller where the text would touch the rim. */
function fontSizeOf(text: string): number {
  return Math.min(15, (cell - 7) / widthOf(text))
}

/** Padding is hatched, the overhang of ceil mode dotted. */
export function drawBorder([rows, columns]: PlaneWindows, { x, y }: Origin, palette: Palette): string {
  const cells: string[] = []
  for (let row = rows.begin; row < rows.end; row++) {
    for (let column = columns.begin; column < columns.end; column++) {
      const zone = worse(zoneOf(rows, row), zoneOf(columns, column))
      if (zone === 'inside') continue
      const fill = zone === 'padding' ? 'url(#hatch)' : 'url(#dots)'
      const dash = zone === 'padding' ? undefined : '3 3'
      cells.push(
        rect(x + column * cell, y + row * cell, cell, cell, {
          fill,
          stroke: palette.line,
          'stroke-dasharray': dash,
        }),
      )
    }
  }
  return cells.join('')
}

export function drawWindow(terms: readonly Term[], { x, y }: Origin, palette: Palette): string {
  if (terms.length === 0) return ''
  const rows = [...new Set(terms.map(({ row }) => row))]
  const columns = [...new Set(terms.map(({ column }) => column))]
  const [top, left] = [Math.min(...rows), Math.min(...columns)]
  const [bottom, right] = [Math.max(...rows) + 1, Math.max(...columns) + 1]
  const parts: string[] = []
  const isDilated = (bottom - top) * (right - left) > terms.length
  for (let row = top; isDilated && row < bottom; row++) {
    for (let column = left; column < right; column++) {
      if (rows.includes(row) && columns.includes(column)) continue
      parts.push(rect(x + column * cell, y + row * cell, cell, cell, { fill: 'url(#gap)' }))
    }
  }
  if (isDilated) {
    for (const { row, column } of terms) {
      parts.push(
        rect(x + column * cell + 3, y + row * cell + 3, cell - 6, cell - 6, {
          fill: 'none',
          stroke: palette.accent,
          'stroke-width': 1.5,
        }),
      )
    }
  }
  parts.push(outline(left, top, right - left, bottom - top, { x, y }, palette.accent))
  return parts.join('')
}

export function outline(
  column: number,
  row: number,
  width: number,
  height: number,
  { x, y }: Origin,
  stroke: string,
): string {
  return rect(x + column * cell, y + row * cell, width * cell, height * cell, {
    fill: 'none',
    stroke,
    'stroke-width': 3,
    rx: 3,
  })
}

export function drawStar(row: number, column: number, { x, y }: Origin, palette: Palette): string {
  return text(x + column * cell + cell - 5, y + row * cell + 14, '★', {
    'text-anchor': 'end',
    'font-size': 12,
    fill: palette.picked,
  })
}

export function drawRegion({ left, top, width, height }: Region, { x, y }: Origin, palette: Palette): string {
  return rect(x + left * cell, y + top * cell, width * cell, height * cell, {
    fill: 'none',
    stroke: palette.picked,
    'stroke-width': 2,
    'stroke-dasharray': '5 4',
  })
}

/** Draws alternating brackets above and left of the input: each spans the elements that one output reads. */
export function drawBrackets([rows, columns]: PlaneWindows, { x, y }: Origin, palette: Palette): string {
  const along = (axis: AxisWindows, draw: (from: number, to: number, level: number) => string) =>
    axis.taps
      .map((taps, i) => draw(taps[0]! * cell + 3, (taps.at(-1)! + 1) * cell - 3, 6 + (i % 2) * 7))
      .join('')
  const stroke = { stroke: palette.soft, 'stroke-width': 1.5 }
  const tick = 4
  const above = along(columns, (from, to, level) => {
    const top = y - level
    return (
      line(x + from, top, x + to, top, stroke) +
      line(x + from, top, x + from, top + tick, stroke) +
      line(x + to, top, x + to, top + tick, stroke)
    )
  })
  const beside = along(rows, (from, to, level) => {
    const left = x - level
    return (
      line(left, y + from, left, y + to, stroke) +
      line(left, y + from, left + tick, y + from, stroke) +
      line(left, y + to, left + tick, y + to, stroke)
    )
  })
  return above + beside
}

/** Patterns for cells outside the input: hatched padding, dotted overhang, cross-hatched gaps of dilation. */
export function patterns(palette: Palette): string {
  const { hatch, hatchGround, soft } = palette
  const pattern = (id: string, size: number, ...content: string[]) =>
    element('pattern', { id, width: size, height: size, patternUnits: 'userSpaceOnUse' }, ...content)
  return element(
    'defs',
    {},
    pattern(
      'hatch',
      8,
      rect(0, 0, 8, 8, { fill: hatchGround }),
      element('path', { d: 'M-2 2 2 -2M0 8 8 0M6 10 10 6', stroke: hatch, 'stroke-width': 1 }),
    ),
    pattern(
      'dots',
      8,
      rect(0, 0, 8, 8, { fill: hatchGround }),
      element('circle', { cx: 4, cy: 4, r: 1, fill: hatch }),
    ),
    pattern(
      'gap',
      6,
      element('path', { d: 'M-1 1 1 -1M0 6 6 0M5 7 7 5', stroke: soft, 'stroke-width': 1, opacity: 0.55 }),
    ),
  )
}
