/**
 * @file The left side of a formula: what is computed from a window's numbers, written out with them.
 */
import { sumOf, weightsOf } from './chance.ts'
import { formatNumber } from './number.ts'
import { type Kind, kindOf } from './pooling.ts'
import type { Scene } from './scene.ts'
import type { Term } from './term.ts'

/** One output, and the terms of its window. */
export interface Window {
  readonly scene: Scene
  readonly channel: number
  /** The position in the output plane. */
  readonly at: number
  readonly terms: readonly Term[]
}

/** The numbers that count. */
export function countedIn(terms: readonly Term[]): number[] {
  return terms.filter(({ zone }) => zone === 'inside').map(({ value }) => value)
}

export function expressionOf(window: Window): string {
  return write[kindOf(window.scene.pooling)](window, countedIn(window.terms))
}

const write: Readonly<Record<Kind, (window: Window, values: readonly number[]) => string>> = {
  max: (_, values) => `max(${list(values, ', ')})`,
  min: (_, values) => `min(${list(values, ', ')})`,
  median: (_, values) => `median(${list(values, ', ')})`,
  mode: (_, values) => `mode(${list(values, ', ')})`,
  quantile: ({ scene }, values) => `quantile ${formatNumber(scene.pooling.q)} of (${list(values, ', ')})`,
  sum: (_, values) => list(values, ' + '),
  avg: average,
  lp: norm,
  rms: (_, values) => `((${list(values, ' + ', (x) => `${magnitude(x)}^2`)}) / ${values.length})^(1/2)`,
  var: variance,
  std: (window, values) => `(${variance(window, values)})^(1/2)`,
  gem: generalizedMean,
  soft: (_, values) =>
    `(${list(values, ' + ', (x) => `${based(x)} × e^${based(x)}`)}) / (${list(values, ' + ', (x) => `e^${based(x)}`)})`,
  stochastic: randomPick,
  'stochastic-mean': expectedPick,
  lse: logMeanExp,
  blur: ({ terms, scene, channel }) =>
    `(${list(terms, ' + ', weighed)}) / ${formatNumber(totalOf(scene, channel))}`,
  area: ({ terms, scene, channel }) =>
    `(${list(terms, ' + ', weighed)}) / ${formatNumber(totalOf(scene, channel))}`,
  'roi-align': ({ terms, scene, channel }) =>
    `(${list(terms, ' + ', weighed)}) / ${formatNumber(totalOf(scene, channel))}`,
  'max-blur': ({ scene, channel, at }) =>
    `(${list(maximaOf(scene, channel, at), ' + ', weighed)}) / ${formatNumber(totalOf(scene, channel))}`,
}

function average({ scene, channel, at, terms }: Window, values: readonly number[]): string {
  const counts = ({ zone }: Term) => zone === 'inside' || zone === 'padding'
  const shown = countsPadding(scene) ? terms.filter(counts).map(({ value }) => value) : values
  return `(${list(shown, ' + ')}) / ${formatNumber(divisorOf({ scene, channel, at, terms }))}`
}

function norm(window: Window, values: readonly number[]): string {
  const p = window.scene.pooling.norm
  if (p === Number.POSITIVE_INFINITY) return `max(${list(values, ', ', magnitude)})`
  const power = formatNumber(p)
  const scale = scaleOf(window)
  const sum = list(values, ' + ', (value) => `${magnitude(value)}^${power}`)
  if (scale === null) return `(${sum})^(1/${power})`
  return `((${sum}) × ${scale.full} / ${scale.counted})^(1/${power})`
}

function variance({ scene }: Window, values: readonly number[]): string {
  const mean = formatNumber(values.reduce((sum, value) => sum + value, 0) / values.length)
  const { correction } = scene.pooling
  const divisor = correction === 0 ? `${values.length}` : `(${values.length} − ${formatNumber(correction)})`
  const minus = mean.startsWith('−') ? `+ ${mean.slice(1)}` : `− ${mean}`
  return `(${list(values, ' + ', (value) => `(${formatNumber(value)} ${minus})^2`)}) / ${divisor}`
}

/** The least that a generalized mean takes: the library's default. */
const eps = 1e-6

function generalizedMean({ scene }: Window, values: readonly number[]): string {
  const p = formatNumber(scene.pooling.exponent)
  const sum = list(values, ' + ', (value) => `${formatNumber(Math.max(value, eps))}^${p}`)
  return `((${sum}) / ${values.length})^(1/${p})`
}

/** The probability of each element, its part of the sum, among which the sample picks. */
function randomPick({ scene, channel, at }: Window, values: readonly number[]): string {
  const weights = weightsOf(values)
  const sum = sumOf(weights)
  if (sum === 0) return '0'
  const sample = formatNumber(scene.samples![channel]![at]!)
  return `pick ${sample} of (${list(weights, ', ', (weight) => `${formatNumber(weight)}/${formatNumber(sum)}`)})`
}

/** Each element times its probability, its part of the sum; what is not positive is never picked. */
function expectedPick(_: Window, values: readonly number[]): string {
  if (values.every((value) => value <= 0)) return '0'
  const rectified = values.map((value) => Math.max(value, 0))
  const sum = list(rectified, ' + ')
  return `(${list(rectified, ' + ', (x) => `${formatNumber(x)}^2`)}) / (${sum})`
}

function logMeanExp({ scene }: Window, values: readonly number[]): string {
  const r = scene.pooling.sharpness
  const factor = r === 1 ? '' : `${based(r)} × `
  const power = (value: number) => (r === 1 ? `e^${based(value)}` : `e^(${factor}${based(value)})`)
  return `ln((${list(values, ' + ', power)}) / ${values.length})${r === 1 ? '' : ` / ${based(r)}`}`
}

function weighed({ value, weight }: Pick<Term, 'value' | 'weight'>): string {
  return `${formatNumber(weight)} × ${based(value)}`
}

/** A negative number in brackets, so that a sign follows no sign. */
function based(value: number): string {
  const text = formatNumber(value)
  return text.startsWith('−') ? `(${text})` : text
}

function magnitude(value: number): string {
  return `|${formatNumber(value)}|`
}

const longest = 12

/** Long windows show their first and last elements. */
function list<T>(
  items: readonly T[],
  gap: string,
  show: (item: T) => string = (item) => formatNumber(item as number),
): string {
  if (items.length <= longest) return items.map(show).join(gap)
  const half = longest / 2 - 1
  return [...items.slice(0, half).map(show), '…', ...items.slice(-half).map(show)].join(gap)
}

function countsPadding({ pooling }: Scene): boolean {
  return pooling.op === 'avg' && pooling.countPad && pooling.divisor === null
}

/** The divisor of this output's sum: of the elements that count, and of the padding if that is counted. */
export function divisorOf({ scene, channel, at, terms }: Window): number {
  const { pooling } = scene
  if (pooling.op === 'avg' && pooling.divisor !== null) return pooling.divisor
  if (pooling.nodata === null) return positionsOf(scene, channel, at)
  const counted = terms.filter(
    ({ zone }) => zone === 'inside' || (zone === 'padding' && countsPadding(scene)),
  )
  return Math.max(1, counted.length)
}

/** The positions of a window that a plan counts. */
function positionsOf({ windows }: Scene, channel: number, at: number): number {
  const [rows, columns] = windows[channel]!
  return rows.divisor[Math.floor(at / columns.outSize)]! * columns.divisor[at % columns.outSize]!
}

/** PyTorch scales a norm whose window hangs over in ceil mode up to the full window. */
export function scaleOf({ scene, channel, at }: Window): { full: number; counted: number } | null {
  if (scene.pooling.op !== 'lp') return null
  const [height, width] = scene.pooling.kernel
  const full = height * width
  const counted = positionsOf(scene, channel, at)
  return counted === full ? null : { full, counted }
}

/** The sum of the weights of a whole window. */
function totalOf({ windows }: Scene, channel: number): number {
  const [rows, columns] = windows[channel]!
  return rows.weighted!.total * columns.weighted!.total
}

/** The maxima that one output of max blur pooling blurs, with their weights. */
function maximaOf(
  { windows, input, pooling }: Scene,
  channel: number,
  at: number,
): readonly Pick<Term, 'value' | 'weight'>[] {
  const [rows, columns] = windows[channel]!
  const [i, j] = [Math.floor(at / columns.outSize), at % columns.outSize]
  const plane = input[channel]!
  const [height, width] = pooling.kernel
  const maximumAt = (top: number, left: number): number => {
    const values = Array.from(
      { length: height * width },
      (_, k) => plane.values[(top + Math.floor(k / width)) * plane.columns + left + (k % width)]!,
    )
    return Math.max(...values)
  }
  const [across, along] = [columns.weighted!, rows.weighted!]
  return along.positions[i]!.flatMap((row, a) =>
    across.positions[j]!.map((column, b) => ({
      weight: along.weights[i]![a]! * across.weights[j]![b]!,
      value: row === null || column === null ? 0 : maximumAt(row, column),
    })),
  )
}
