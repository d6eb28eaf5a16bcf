/**
 * @file Judging what a learner wrote for one output, and recognising what else it might be.
 */
import { readNumber } from '../../../src/render/codec.ts'
import type { Formula } from '../../../src/render/formula.ts'
import { kindOf, type Pooling } from '../../../src/render/pooling.ts'

/** A known slip: the answer to another question. */
export type Slip = 'max' | 'min' | 'avg' | 'sum' | 'padded'

export interface Judgement {
  readonly isRight: boolean
  /** Null where nothing was written. */
  readonly given: number | null
  /** The text is not a number. */
  readonly isUnreadable: boolean
  readonly slip: Slip | null
}

/** Two decimals, or two significant digits of a fraction, are enough: `0.33` and `1/3` both stand for a third. */
export function judge(pooling: Pooling, formula: Formula, answer: string): Judgement {
  const text = answer.trim()
  if (text === '') return { isRight: false, given: null, isUnreadable: false, slip: null }
  const given = readAnswer(text)
  if (given === undefined) return { isRight: false, given: null, isUnreadable: true, slip: null }
  const isRight = isNear(given, formula.value)
  return { isRight, given, isUnreadable: false, slip: isRight ? null : slipOf(pooling, formula, given) }
}

function readAnswer(text: string): number | undefined {
  const parts = text.split('/').map((part) => readNumber(part.trim()))
  if (parts.length > 2 || parts.includes(undefined)) return undefined
  return parts.length === 2 ? parts[0]! / parts[1]! : parts[0]
}

function isNear(given: number, value: number): boolean {
  if (Object.is(given, value) || given === value) return true
  return Math.abs(given - value) <= Math.max(0.0051, Math.abs(value) * 0.001)
}

function slipOf(pooling: Pooling, { terms }: Formula, given: number): Slip | null {
  const inside = terms.filter(({ zone }) => zone === 'inside').map(({ value }) => value)
  if (inside.length === 0) return null
  const sum = inside.reduce((total, value) => total + value, 0)
  const others: readonly (readonly [Slip, number])[] = [
    ['max', Math.max(...inside)],
    ['min', Math.min(...inside)],
    ['avg', sum / inside.length],
    ['padded', sum / terms.length],
    ['sum', sum],
  ]
  const own: string = kindOf(pooling)
  return others.find(([slip, value]) => slip !== own && isNear(given, value))?.[0] ?? null
}
