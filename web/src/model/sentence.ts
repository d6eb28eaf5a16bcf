/**
 * @file The picture in sentences for screen readers, with rows and columns counted from 1.
 */
import { formatSize } from '../../../src/render/captions.ts'
import type { Formula, Remark } from '../../../src/render/formula.ts'
import { equals, formatNumber } from '../../../src/render/number.ts'
import { kindOf, type Pooling } from '../../../src/render/pooling.ts'
import type { Messages } from '../i18n/index.ts'

export interface Spot {
  readonly row: number
  readonly column: number
}

export function spotOf(place: number, columns: number): Spot {
  return { row: Math.floor(place / columns) + 1, column: (place % columns) + 1 }
}

const mostNamed = 9

export function sentenceOf(
  words: Messages,
  pooling: Pooling,
  formula: Formula,
  { row, column }: Spot,
): string {
  const inside = formula.terms.filter(({ zone }) => zone === 'inside')
  const list =
    inside.length > mostNamed
      ? words.sentence.many(inside.length)
      : inside.map(({ value }) => formatNumber(value)).join(', ')
  const value = formatNumber(formula.value)
  const divisor = formula.remarks.find((remark) => remark.kind === 'divisor')?.divisor ?? 1
  const kind = kindOf(pooling)
  const said =
    kind === 'max' || kind === 'min' || kind === 'avg' || kind === 'lp'
      ? words.sentence[kind](row, column, list, value, `${divisor}`)
      : words.sentence.other(row, column, words.sentence.kinds[kind], list, value)
  const { picked } = formula
  if (picked === null) return said
  return `${said} ${words.sentence.from(picked.row + 1, picked.column + 1)}`
}

export function remarkSentences({ remarks, settings }: Messages, remark: Remark): string[] {
  switch (remark.kind) {
    case 'tie':
      return [remarks.tie(remark.count)]
    case 'nan':
      return [remark.picks ? remarks.nanPicked : remarks.nan]
    case 'empty':
      return [remarks.empty(formatNumber(remark.value), remark.picks)]
    case 'left-out':
      return [remarks.leftOut(remark.counted, remark.all)]
    case 'few':
      return [remarks.few(remark.counted, remark.least, formatNumber(remark.value))]
    case 'labels':
      return [remarks.labels(remark.count, settings.tieRules[remark.ties])]
    case 'correction':
      return [remarks.correction(remark.counted, formatNumber(remark.correction))]
    case 'repeated':
      return [remarks.repeated(remark.count, remarks.padModes[remark.padMode])]
    case 'channel':
      return [remarks.ownChannel(remark.channel + 1)]
    case 'chance': {
      const { value, weight, sum, sample, from, to } = remark
      const chance = `${formatNumber(weight)} / ${formatNumber(sum)} ${equals(weight / sum)}`
      return [
        remarks.chance(
          formatNumber(value),
          chance,
          formatNumber(sample),
          formatNumber(from),
          formatNumber(to),
        ),
      ]
    }
    case 'unpicked':
      return [remarks.unpicked]
    case 'maxima':
      return [remarks.maxima(formatSize(...remark.window))]
    case 'scaled':
      return [remarks.scaled(remark.full, remark.counted)]
    case 'divisor':
      return divisorSentences(remarks, remark)
  }
}

function divisorSentences(
  remarks: Messages['remarks'],
  { why, divisor, inside, padding, beyond }: Extract<Remark, { kind: 'divisor' }>,
): string[] {
  const also = beyond > 0 ? [remarks.alsoOverhang(beyond)] : []
  switch (why) {
    case 'full':
      return [remarks.full(divisor)]
    case 'bin':
      return [remarks.bin(divisor)]
    case 'plane':
      return [remarks.plane(divisor)]
    case 'counted':
      return [remarks.counted(divisor)]
    case 'override':
      return [remarks.override(divisor)]
    case 'overhang':
      return [remarks.overhang(divisor, beyond)]
    case 'padding-counted':
      return [remarks.paddingCounted(divisor, inside, padding), ...also]
    case 'padding-left-out':
      return [remarks.paddingLeftOut(divisor, padding), ...also]
  }
}
