/**
 * @file The picture of a pooling as one SVG text: input, window, output and formula. The page and the command line draw this.
 */
import { captions, describe, formatSize } from './captions.ts'
import {
  bracketMargin,
  cell,
  drawBorder,
  drawBrackets,
  drawCells,
  drawGrounds,
  drawNumbers,
  drawRegion,
  drawStar,
  drawWindow,
  type Origin,
  outline,
  patterns,
} from './draw-grid.ts'
import { type Formula, formulaOf } from './formula.ts'
import { gridAt, gridsOf } from './grids.ts'
import { fonts, type Palette, palettes, type Theme } from './palette.ts'
import { isBinned } from './pooling.ts'
import type { Plane } from './presets.ts'
import { regionOf } from './region-windows.ts'
import type { Scene } from './scene.ts'
import type { Language } from './state.ts'
import { element, line, rect, text, textWidth } from './svg.ts'
import { sourceOf } from './term.ts'

export interface FigureOptions {
  readonly channel: number
  /** The selected output. */
  readonly at: number
  readonly language: Language
  readonly theme: Theme
}

const margin = 24
const gap = 72
/** Between the levels of a spatial pyramid. */
const between = 26
const head = 104
const foot = 56

export function figure(whole: Scene, options: FigureOptions): string {
  const { channel, language, theme } = options
  const palette = palettes[theme]
  const faces = fonts[language]
  const last = whole.output[channel]!.values.length - 1
  const place = Math.min(options.at, last)
  const { scene, first } = gridAt(whole, place)
  const at = place - first
  const formula = formulaOf(scene, channel, at)
  const grids = gridsOf(whole)
  const outputs = grids.map((grid) => grid.scene.output[channel]!)
  const places = layOut(scene, channel, outputs)
  const title = captions[language].operations[whole.pooling.op]
  const subtitle = describe(whole.pooling, language)
  const widest = Math.max(
    textWidth(title, 20),
    textWidth(subtitle, 14),
    textWidth(formula.text, 18.5),
    places.width,
  )
  const width = Math.ceil(widest + 2 * margin)
  const height = places.height
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      lang: language === 'zh' ? 'zh-Hans' : 'en',
      'font-family': faces.label,
    },
    element('title', {}, `${title}: ${formula.text}`.replaceAll('&', '&amp;').replaceAll('<', '&lt;')),
    patterns(palette),
    rect(0, 0, width, height, { fill: palette.card }),
    text(margin, margin + 16, title, {
      'font-size': 20,
      'font-weight': 600,
      'font-family': faces.text,
      fill: palette.ink,
    }),
    text(margin, margin + 38, subtitle, { 'font-size': 14, fill: palette.soft }),
    drawInput(scene, { channel, at }, formula, places.input, palette),
    ...grids.map((grid, i) =>
      drawOutput(grid.scene, channel, place - grid.first, places.outputs[i]!, palette),
    ),
    scene.unpooled === null ? '' : drawUnpooled(scene, channel, at, places, palette),
    drawLabels(scene, { ...options, at }, outputs, places, palette),
    text(margin, height - margin, formula.text, {
      'font-size': 17,
      'font-family': faces.code,
      fill: palette.ink,
    }),
  )
}

interface Places {
  readonly input: Origin
  /** One for each level of a spatial pyramid. */
  readonly outputs: readonly Origin[]
  /** The grid of the unpooled plane. */
  readonly last: Origin
  /** Room that the brackets of bins take beside the input. */
  readonly brackets: number
  readonly width: number
  readonly height: number
}

/** The position of each grid's cell (0, 0). Grids are centred vertically. */
function layOut(
  { windows, input, unpooled, pooling }: Scene,
  channel: number,
  outputs: readonly Plane[],
): Places {
  const [rows, columns] = windows[channel]!
  const brackets = isBinned(pooling) ? bracketMargin : 0
  const inputSize = { rows: rows.end - rows.begin, columns: columns.end - columns.begin }
  const restored = unpooled === null ? 0 : unpooled[channel]!.rows
  const tallest = Math.max(inputSize.rows, restored, ...outputs.map(({ rows }) => rows)) * cell + brackets
  const top = (height: number): number => head + brackets + (tallest - brackets - height * cell) / 2
  const inputLeft = margin + brackets
  let lastLeft = inputLeft + inputSize.columns * cell + gap
  const origins = outputs.map(({ rows, columns }) => {
    const origin = { x: lastLeft, y: top(rows) }
    lastLeft += columns * cell + between
    return origin
  })
  lastLeft += gap - between
  const right = unpooled === null ? lastLeft - gap : lastLeft + input[channel]!.columns * cell
  return {
    input: { x: inputLeft - columns.begin * cell, y: top(inputSize.rows) - rows.begin * cell },
    outputs: origins,
    last: { x: lastLeft, y: top(input[channel]!.rows) },
    brackets,
    width: right - margin,
    height: head + tallest + foot,
  }
}

function drawInput(
  { input, windows, pooling }: Scene,
  { channel, at }: { readonly channel: number; readonly at: number },
  { terms, picked }: Formula,
  origin: Origin,
  palette: Palette,
): string {
  const region = regionOf(pooling, input[channel]!)
  return [
    drawBorder(windows[channel]!, origin, palette),
    drawCells(input[sourceOf(pooling, channel, at)]!, origin, palette, pooling.nodata),
    isBinned(pooling) ? drawBrackets(windows[channel]!, origin, palette) : '',
    region === null ? '' : drawRegion(region, origin, palette),
    drawWindow(terms, origin, palette),
    picked === null ? '' : drawStar(picked.row, picked.column, origin, palette),
  ].join('')
}

/** Numbers that arrows point to appear after the arrows. `at` may lie outside, in another level. */
function drawOutput(
  { output, unpooled, pooling }: Scene,
  channel: number,
  at: number,
  origin: Origin,
  palette: Palette,
): string {
  const plane = output[channel]!
  const [row, column] = [Math.floor(at / plane.columns), at % plane.columns]
  const draw = unpooled === null ? drawCells : drawGrounds
  const isCurrent = at >= 0 && at < plane.values.length
  const current = isCurrent ? outline(column, row, 1, 1, origin, palette.accent) : ''
  return draw(plane, origin, palette, pooling.nodata) + current
}

/** The restored plane, an arrow from every pooled value to its place, the current one strong. */
function drawUnpooled(scene: Scene, channel: number, at: number, places: Places, palette: Palette): string {
  const plane = scene.unpooled![channel]!
  const pooled = scene.output[channel]!
  const arrows = scene.indices![channel]!.map((index, i) => {
    const from = centre(places.outputs[0]!, i, pooled.columns)
    const to = centre(places.last, index, plane.columns)
    const isCurrent = i === at
    return line(from.x + 12, from.y, to.x - 14, to.y, {
      stroke: isCurrent ? palette.accent : palette.soft,
      'stroke-width': isCurrent ? 2.5 : 1,
      opacity: isCurrent ? undefined : 0.6,
      'marker-end': `url(#${isCurrent ? 'tip-strong' : 'tip'})`,
    })
  })
  const marker = (id: string, fill: string) =>
    element(
      'marker',
      { id, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
      element('path', { d: 'M0 0 8 4 0 8Z', fill }),
    )
  return [
    element('defs', {}, marker('tip', palette.soft), marker('tip-strong', palette.accent)),
    drawGrounds(plane, places.last, palette),
    ...arrows,
    drawNumbers(pooled, places.outputs[0]!, palette, palette.card),
    drawNumbers(plane, places.last, palette, palette.card),
  ].join('')
}

function centre({ x, y }: Origin, place: number, columns: number): Origin {
  return {
    x: x + ((place % columns) + 0.5) * cell,
    y: y + (Math.floor(place / columns) + 0.5) * cell,
  }
}

function drawLabels(
  { input, unpooled, windows, pooling }: Scene,
  { channel, at, language }: FigureOptions,
  outputs: readonly Plane[],
  places: Places,
  palette: Palette,
): string {
  const words = captions[language]
  const style = { 'font-size': 13, fill: palette.soft }
  const [rows, columns] = windows[channel]!
  const size = ({ rows, columns }: Plane) => formatSize(rows, columns)
  const outputLabel = unpooled === null ? words.output : words.pooled
  const inputLabel =
    input.length > 1
      ? `${words.input(size(input[channel]!))}${words.gap}${words.channel(sourceOf(pooling, channel, at) + 1, input.length)}`
      : words.input(size(input[channel]!))
  const inputTop = places.input.y + rows.begin * cell - 8 - places.brackets * 0.75
  return [
    text(places.input.x + columns.begin * cell, inputTop, inputLabel, style),
    ...outputs.map((plane, i) => {
      const { x, y } = places.outputs[i]!
      return text(x, y - 8, outputs.length === 1 ? outputLabel(size(plane)) : size(plane), style)
    }),
    unpooled === null
      ? ''
      : text(places.last.x, places.last.y - 8, words.output(size(unpooled[channel]!)), style),
    unpooled === null ? arrowBetween(places, palette, columns) : '',
  ].join('')
}

/** A plain arrow from the input to the output. */
function arrowBetween(
  { input, outputs: [output] }: Places,
  palette: Palette,
  columns: { readonly end: number },
): string {
  const from = input.x + columns.end * cell + 16
  const to = output!.x - 16
  const middle = output!.y + cell / 2
  return element('path', {
    d: `M${from} ${middle}H${to}M${to - 7} ${middle - 6}L${to} ${middle}L${to - 7} ${middle + 6}`,
    fill: 'none',
    stroke: palette.soft,
    'stroke-width': 1.75,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  })
}
