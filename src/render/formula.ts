/**
 * @file The formula of one output with its numbers: `max(1, 3, 5, 6) = 6`.
 */
import { equals, formatNumber } from './number.ts'
import { type Operation, operationIn } from './pooling.ts'
import type { Scene } from './scene.ts'
import { type AxisWindows, isInside } from './windows.ts'

/** `inside` the input, in its `padding`, or `beyond` the padding, where ceil mode hangs over. */
export type Zone = 'inside' | 'padding' | 'beyond'

/** One place that a window covers; rows and columns count from the input's first, so padding has negative ones. */
export interface Term {
  readonly row: number
  readonly column: number
  readonly zone: Zone
  /** 0 outside the input. */
  readonly value: number
}

export interface Formula {
  readonly terms: readonly Term[]
  /** The whole line, such as `max(1, 3, 5, 6) = 6`. */
  readonly text: string
  readonly value: number
  /** The term that was picked, if the operation picks one. */
  readonly picked: Term | null
  /** The facts that a sentence explains. */
  readonly remarks: readonly Remark[]
}

export type Remark =
  | { readonly kind: 'tie'; readonly count: number }
  /** `picks` is true if the operation returns a position; it is that of the last NaN. */
  | { readonly kind: 'nan'; readonly picks: boolean }
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'divisor'
      readonly divisor: number
      readonly why:
        | 'full'
        | 'padding-counted'
        | 'padding-left-out'
        | 'overhang'
        | 'override'
        | 'bin'
        | 'plane'
      readonly inside: number
      readonly padding: number
      readonly beyond: number
    }
  | { readonly kind: 'scaled'; readonly full: number; readonly counted: number }

/** The formula of one output; `at` is its place in the output plane. */
export function formulaOf(scene: Scene, channel: number, at: number): Formula {
  const terms = termsOf(scene, channel, at)
  const value = scene.output[channel]!.values[at]!
  const picked = pickedTerm(scene, channel, at, terms)
  const inside = terms.filter(({ zone }) => zone === 'inside')
  const kind = kindOf(scene.pooling.op)
  const isEmpty = inside.length === 0
  const text = isEmpty
    ? `${kind}() ${equals(value)}`
    : `${expression(scene, channel, at, terms)} ${equals(value)}`
  return {
    terms,
    text,
    value,
    picked,
    remarks: remarksOf(scene, channel, at, { terms, inside, value, picked }),
  }
}

type Kind = 'max' | 'min' | 'avg' | 'lp'

export function kindOf(op: Operation): Kind {
  const { reducer } = operationIn({ op })
  return reducer === 'average' ? 'avg' : (reducer as Kind)
}

/** The places that the window of an output covers, in row-major order. */
export function termsOf({ windows, input }: Scene, channel: number, at: number): readonly Term[] {
  const [rows, columns] = windows[channel]!
  const plane = input[channel]!
  const [i, j] = [Math.floor(at / columns.outSize), at % columns.outSize]
  return rows.taps[i]!.flatMap((row) =>
    columns.taps[j]!.map((column): Term => {
      const zone = worse(zoneOf(rows, row), zoneOf(columns, column))
      return { row, column, zone, value: zone === 'inside' ? plane.values[row * plane.columns + column]! : 0 }
    }),
  )
}

export function zoneOf(axis: AxisWindows, place: number): Zone {
  if (isInside(axis, place)) return 'inside'
  return place >= axis.inSize + axis.padAfter ? 'beyond' : 'padding'
}

export function worse(a: Zone, b: Zone): Zone {
  return a === 'beyond' || b === 'beyond' ? 'beyond' : a === 'inside' ? b : a
}

function pickedTerm(
  { indices, input }: Scene,
  channel: number,
  at: number,
  terms: readonly Term[],
): Term | null {
  if (indices === null) return null
  const index = indices[channel]![at]!
  const { columns } = input[channel]!
  return terms.find(({ row, column, zone }) => zone === 'inside' && row * columns + column === index) ?? null
}

function expression(scene: Scene, channel: number, at: number, terms: readonly Term[]): string {
  const { pooling } = scene
  const kind = kindOf(pooling.op)
  const inside = terms.filter(({ zone }) => zone === 'inside').map(({ value }) => value)
  if (kind === 'max' || kind === 'min') return `${kind}(${list(inside, ', ')})`
  if (kind === 'avg') {
    const shown = countsPadding(scene) ? terms.filter(({ zone }) => zone !== 'beyond') : null
    const sum = list(shown?.map(({ value }) => value) ?? inside, ' + ')
    return `(${sum}) / ${formatNumber(divisorOf(scene, channel, at))}`
  }
  const { norm } = pooling
  if (norm === Number.POSITIVE_INFINITY) return `max(${list(inside, ', ', magnitude)})`
  const p = formatNumber(norm)
  const scale = scaleOf(scene, channel, at)
  const factor = scale === null ? '' : ` × ${scale.full} / ${scale.counted}`
  const sum = list(inside, ' + ', (value) => `${magnitude(value)}^${p}`)
  return factor === '' ? `(${sum})^(1/${p})` : `((${sum})${factor})^(1/${p})`
}

function magnitude(value: number): string {
  return `|${formatNumber(value)}|`
}

const longest = 12

/** Long windows show their first and last elements. */
function list(values: readonly number[], gap: string, show: (value: number) => string = signed): string {
  if (values.length <= longest) return values.map(show).join(gap)
  const half = longest / 2 - 1
  return [...values.slice(0, half).map(show), '…', ...values.slice(-half).map(show)].join(gap)
}

function signed(value: number): string {
  return formatNumber(value)
}

function countsPadding({ pooling }: Scene): boolean {
  return pooling.op === 'avg' && pooling.countPad && pooling.divisor === null
}

/** The divisor of this output's sum. */
export function divisorOf({ pooling, windows }: Scene, channel: number, at: number): number {
  if (pooling.op === 'avg' && pooling.divisor !== null) return pooling.divisor
  const [rows, columns] = windows[channel]!
  return rows.divisor[Math.floor(at / columns.outSize)]! * columns.divisor[at % columns.outSize]!
}

/** PyTorch scales a norm whose window hangs over in ceil mode up to the full window. */
function scaleOf(scene: Scene, channel: number, at: number): { full: number; counted: number } | null {
  if (scene.pooling.op !== 'lp') return null
  const [height, width] = scene.pooling.kernel
  const full = height * width
  const counted = divisorOf(scene, channel, at)
  return counted === full ? null : { full, counted }
}

function remarksOf(
  scene: Scene,
  channel: number,
  at: number,
  { terms, inside, value, picked }: Omit<Formula, 'text' | 'remarks'> & { inside: readonly Term[] },
): readonly Remark[] {
  const remarks: Remark[] = []
  if (inside.length === 0) remarks.push({ kind: 'empty' })
  if (Number.isNaN(value)) remarks.push({ kind: 'nan', picks: scene.indices !== null })
  if (picked !== null) {
    const count = inside.filter((term) => term.value === picked.value).length
    if (count > 1) remarks.push({ kind: 'tie', count })
  }
  const kind = kindOf(scene.pooling.op)
  if (kind === 'avg' && inside.length > 0)
    remarks.push(divisorRemark(scene, divisorOf(scene, channel, at), terms))
  const scale = kind === 'lp' && Number.isFinite(scene.pooling.norm) ? scaleOf(scene, channel, at) : null
  if (scale !== null) remarks.push({ kind: 'scaled', ...scale })
  return remarks
}

function divisorRemark({ pooling }: Scene, divisor: number, terms: readonly Term[]): Remark {
  const count = (wanted: Zone) => terms.filter(({ zone }) => zone === wanted).length
  const [inside, padding, beyond] = [count('inside'), count('padding'), count('beyond')]
  const why = (): Extract<Remark, { kind: 'divisor' }>['why'] => {
    if (pooling.op !== 'avg') return pooling.op === 'global-avg' ? 'plane' : 'bin'
    if (pooling.divisor !== null) return 'override'
    if (padding > 0) return pooling.countPad ? 'padding-counted' : 'padding-left-out'
    return beyond > 0 ? 'overhang' : 'full'
  }
  return { kind: 'divisor', divisor, why: why(), inside, padding, beyond }
}
