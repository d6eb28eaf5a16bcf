/**
 * @file Parses option values.
 */
import { InvalidArgumentError } from 'commander'
import type { PyramidMode } from '../../ops/spatial-pyramid-levels.ts'
import { nearest } from './nearest.ts'

/** A number for all axes, or one per axis. */
export type PerAxis = number | readonly number[]

export type PaddingValue = PerAxis | readonly (readonly [before: number, after: number])[] | 'same' | 'valid'

const number = /^\d+$/
const numbers = /^\d+(x\d+){0,2}$/
const pads = /^\d+(:\d+)?(x\d+(:\d+)?){0,2}$/

/** Numbers are separated by x; 2,3 and 2X3 and 2×3 are accepted too. */
function withX(text: string): string {
  return text.replaceAll(/[,X×]/g, 'x')
}

/** `2` or `2x3` or `2x3x4`. */
export function parsePerAxis(given: string): PerAxis {
  const text = withX(given)
  if (!numbers.test(text)) {
    const meant = given.trim().replaceAll(/[\s,X×]+/g, 'x')
    const hint = numbers.test(meant) ? ` (Did you mean ${meant}?)` : ''
    throw new InvalidArgumentError(`Expected a number or one per axis, as 2 or 2x3.${hint}`)
  }
  const values = text.split('x').map(parseSafe)
  return values.length === 1 ? values[0]! : values
}

/** As `parsePerAxis`, or `same`, `valid`, or `before:after` for an axis. */
export function parsePadding(given: string): PaddingValue {
  if (given === 'same' || given === 'valid') return given
  const text = withX(given)
  if (!pads.test(text)) {
    throw new InvalidArgumentError(
      'Expected a number, one per axis (1x2), before:after (0:1x0:1), same or valid.',
    )
  }
  if (!text.includes(':')) return parsePerAxis(text)
  return text.split('x').map((axis) => {
    const [before, after = before] = axis.split(':').map(parseSafe)
    return [before!, after!] as const
  })
}

/** `3x2x5x5`. */
export function parseShapeText(given: string): readonly number[] {
  const text = withX(given)
  if (!/^\d+(x\d+)*$/.test(text)) throw new InvalidArgumentError('Expected dimensions, as 3x2x5x5.')
  return text.split('x').map(parseSafe)
}

/** One of the choices, or an alias. */
export function parseChoice<C extends string>(
  choices: readonly C[],
  aliases: Readonly<Record<string, C>> = {},
): (text: string) => C {
  return (text) => {
    if ((choices as readonly string[]).includes(text)) return text as C
    if (Object.hasOwn(aliases, text)) return aliases[text]!
    const meant = nearest(text, choices)
    const hint = meant === undefined ? '' : ` (Did you mean ${meant}?)`
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${hint}`)
  }
}

export function parseWhole(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return parseSafe(text)
}

const infinities: ReadonlyMap<string, number> = new Map([
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

const decimal = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** `0.5` or `1e-6`. */
export function parseNumber(text: string): number {
  if (!decimal.test(text)) throw new InvalidArgumentError('Expected a number.')
  return Number(text)
}

export function parseNorm(text: string): number {
  const value = infinities.get(text) ?? (decimal.test(text) ? Number(text) : Number.NaN)
  if (Number.isNaN(value)) {
    const [, sign] = /^([+-]?)(?:inf|infinity|∞)$/i.exec(text) ?? []
    const hint = sign === undefined ? '' : ` (Did you mean ${sign === '-' ? '-inf' : 'inf'}?)`
    throw new InvalidArgumentError(`Expected a number, inf or -inf.${hint}`)
  }
  return value
}

/** From 0 to 1. */
export function parsePart(text: string): number {
  const value = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (value >= 0 && value <= 1) return value
  const hint = text.endsWith('%') || value > 1 ? ' (0.9 is the 90th percentile.)' : ''
  throw new InvalidArgumentError(`Expected a number from 0 to 1.${hint}`)
}

/** A whole number of any size. */
export function parseLabel(text: string): number | bigint {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

/** A number, a whole one of any size, `nan`, `inf` or `-inf`. */
export function parseElement(text: string): number | bigint {
  if (text.toLowerCase() === 'nan') return Number.NaN
  return /^-?\d+$/.test(text) ? parseLabel(text) : parseNorm(text)
}

/** An element, or none, for what a file declares. */
export function parseNodata(text: string): number | bigint | 'none' {
  return text === 'none' ? text : parseElement(text)
}

export function parsePixels(text: string): number {
  if (!number.test(text) || Number(text) < 1) throw new InvalidArgumentError('Expected a whole number >= 1.')
  return parseSafe(text)
}

/** A seed of `rand`. */
export function parseSeed(text: string): number {
  if (!number.test(text) || Number(text) >= 2 ** 32)
    throw new InvalidArgumentError('Expected a whole number from 0 to 2^32 - 1.')
  return Number(text)
}

/** `3` or `all`. */
export function parsePage(text: string): number | 'all' {
  if (text === 'all') return text
  if (!number.test(text) || Number(text) < 1)
    throw new InvalidArgumentError('Expected a whole number >= 1, or all.')
  return parseSafe(text)
}

/** `4,2,1`; x separates too. */
export function parseLevels(text: string): readonly number[] {
  if (!/^\d+([,x]\d+)*$/.test(text)) throw new InvalidArgumentError('Expected sizes, as 4,2,1.')
  return text.split(/[,x]/).map(parseSafe)
}

const parsePyramidMode = parseChoice(['max', 'average'], { avg: 'average', mean: 'average' })

export function collectPyramidModes(
  name: string,
  given: readonly PyramidMode[] = [],
): readonly PyramidMode[] {
  return [...given, parsePyramidMode(name)]
}

/** An option that may be given several times. */
export function collectNames(name: string, given: readonly string[] = []): readonly string[] {
  return [...given, name]
}

function parseSafe(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('The number is larger than 2^53 - 1.')
  return value
}
