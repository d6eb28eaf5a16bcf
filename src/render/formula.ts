/**
 * @file The formula of one output with its numbers: `max(1, 3, 5, 6) = 6`.
 */
import { type Chance, chanceOf } from './chance.ts'
import { countedIn, divisorOf, expressionOf, scaleOf, type Window } from './expression.ts'
import { gridAt } from './grids.ts'
import { equals } from './number.ts'
import { isPositionSensitive, kindOf, type PadMode, type Ties } from './pooling.ts'
import type { Scene } from './scene.ts'
import { sourceOf, type Term, termsOf, type Zone } from './term.ts'

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
  /** Several labels are equally common. */
  | { readonly kind: 'labels'; readonly count: number; readonly ties: Ties }
  /** `picks` is true if the operation returns a position; it is that of the last NaN. */
  | { readonly kind: 'nan'; readonly picks: boolean }
  | { readonly kind: 'empty'; readonly value: number; readonly picks: boolean }
  | { readonly kind: 'left-out'; readonly counted: number; readonly all: number }
  | { readonly kind: 'few'; readonly counted: number; readonly least: number; readonly value: number }
  /** The divisor of a variance, `counted` less `correction`, is not above 0. */
  | { readonly kind: 'correction'; readonly counted: number; readonly correction: number }
  | ({ readonly kind: 'chance' } & Chance)
  /** No element has a probability above 0. */
  | { readonly kind: 'unpicked' }
  | { readonly kind: 'repeated'; readonly count: number; readonly padMode: PadMode }
  /** The cell reads a channel of its own, counted from 0. */
  | { readonly kind: 'channel'; readonly channel: number }
  | { readonly kind: 'maxima'; readonly window: readonly [height: number, width: number] }
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
        | 'counted'
      readonly inside: number
      readonly padding: number
      readonly beyond: number
    }
  | { readonly kind: 'scaled'; readonly full: number; readonly counted: number }

/** The formula of one output; `place` is its position in the output plane, or among the outputs of all levels. */
export function formulaOf(whole: Scene, channel: number, place: number): Formula {
  const { scene, first } = gridAt(whole, place)
  const at = place - first
  const terms = termsOf(scene, channel, at)
  const value = scene.output[channel]!.values[at]!
  const picked = pickedTerm(scene, channel, at, terms)
  const window = { scene, channel, at, terms }
  const isEmpty = countedIn(terms).length < scene.pooling.minCount && !isRepeating(scene)
  const expression = isEmpty ? `${kindOf(scene.pooling)}()` : expressionOf(window)
  return {
    terms,
    text: `${expression} ${equals(value)}`,
    value,
    picked,
    remarks: remarksOf(window, value, picked),
  }
}

/** A blur counts what repeats in the padding. */
function isRepeating({ pooling }: Scene): boolean {
  return kindOf(pooling) === 'blur'
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

function remarksOf(window: Window, value: number, picked: Term | null): readonly Remark[] {
  const { scene, terms } = window
  const { pooling } = scene
  const kind = kindOf(pooling)
  const values = countedIn(terms)
  const all = values.length + terms.filter(({ zone }) => zone === 'left-out').length
  const picks = scene.indices !== null
  const remarks: Remark[] = []
  const counted = values.length
  if (counted < pooling.minCount && pooling.minCount + all > 1 && !isRepeating(scene))
    remarks.push({ kind: 'few', counted, least: pooling.minCount, value })
  else if (all === 0 && !isRepeating(scene)) remarks.push({ kind: 'empty', value, picks })
  else if (counted < all) remarks.push({ kind: 'left-out', counted, all })
  if (values.some(Number.isNaN)) remarks.push({ kind: 'nan', picks })
  if (picked !== null && (kind === 'max' || kind === 'min')) {
    const count = values.filter((each) => each === picked.value).length
    if (count > 1) remarks.push({ kind: 'tie', count })
  }
  if (kind === 'stochastic') remarks.push(...pickRemarks(window, values, picked))
  if (kind === 'mode') remarks.push(...labelRemarks(values, pooling.ties))
  if (kind === 'avg' && counted > 0) remarks.push(divisorRemark(window))
  if ((kind === 'var' || kind === 'std') && counted > 0 && counted <= pooling.correction)
    remarks.push({ kind: 'correction', counted, correction: pooling.correction })
  const scale = kind === 'lp' && Number.isFinite(pooling.norm) ? scaleOf(window) : null
  if (scale !== null) remarks.push({ kind: 'scaled', ...scale })
  const repeated = terms.filter(({ zone }) => zone === 'padding').length
  if (kind === 'blur' && repeated > 0)
    remarks.push({ kind: 'repeated', count: repeated, padMode: pooling.padMode })
  if (kind === 'max-blur') remarks.push({ kind: 'maxima', window: pooling.kernel })
  if (isPositionSensitive(pooling))
    remarks.push({ kind: 'channel', channel: sourceOf(pooling, window.channel, window.at) })
  return remarks
}

function pickRemarks(window: Window, values: readonly number[], picked: Term | null): readonly Remark[] {
  const { scene, channel, at, terms } = window
  if (values.length < Math.max(1, scene.pooling.minCount) || values.some(Number.isNaN)) return []
  if (picked === null) return [{ kind: 'unpicked' }]
  const place = terms.filter(({ zone }) => zone === 'inside').indexOf(picked)
  return [{ kind: 'chance', ...chanceOf(values, place, scene.samples![channel]![at]!) }]
}

function labelRemarks(values: readonly number[], ties: Ties): readonly Remark[] {
  const times = new Map<number, number>()
  for (const value of values) times.set(value, (times.get(value) ?? 0) + 1)
  const most = Math.max(...times.values())
  const count = [...times.values()].filter((each) => each === most).length
  return count > 1 ? [{ kind: 'labels', count, ties }] : []
}

function divisorRemark(window: Window): Remark {
  const { scene, terms } = window
  const { pooling } = scene
  const count = (wanted: Zone) => terms.filter(({ zone }) => zone === wanted).length
  const [inside, padding, beyond] = [count('inside'), count('padding'), count('beyond')]
  const why = (): Extract<Remark, { kind: 'divisor' }>['why'] => {
    if (pooling.op === 'avg' && pooling.divisor !== null) return 'override'
    if (padding > 0) return pooling.countPad ? 'padding-counted' : 'padding-left-out'
    if (count('left-out') > 0) return 'counted'
    if (pooling.op !== 'avg') return pooling.op === 'global-avg' ? 'plane' : 'bin'
    return beyond > 0 ? 'overhang' : 'full'
  }
  return { kind: 'divisor', divisor: divisorOf(window), why: why(), inside, padding, beyond }
}
