/**
 * @file Parses option values: whole numbers (one for all axes, or one per axis), booleans and names.
 */
import { formatValue, invalid } from '../../errors.ts'
import { effectiveWindow } from '../../plan/padding.ts'

/** The largest window, stride, dilation or pad, 2^31 - 1. No axis is longer, and sizes computed from them stay exact. */
const largest = 2 ** 31 - 1

/** A number for all axes, or one per axis. */
export type PerAxis = number | readonly number[]

/**
 * @returns one whole number of at least `least` per axis
 * @throws PoolError "BAD_PARAM" naming the argument and axis
 */
export function parsePerAxis(
  op: string,
  argument: string,
  value: unknown,
  rank: number,
  least: number,
): readonly number[] {
  if (!Array.isArray(value)) {
    return new Array<number>(rank).fill(parseWhole(op, argument, value, least, rank))
  }
  assertRank(op, argument, value, rank)
  return value.map((entry, axis) => parseWhole(op, `${argument}[${axis}]`, entry, least, 1))
}

export function assertRank(op: string, argument: string, value: readonly unknown[], rank: number): void {
  if (value.length === rank) return
  throw invalid(
    'BAD_PARAM',
    { op, argument, value },
    `has ${value.length} entries; must be a number or an array of ${rank}, one per pooled axis`,
    `Give ${rank === 1 ? '1 entry' : `${rank} entries`}.`,
  )
}

function parseWhole(op: string, argument: string, value: unknown, least: number, rank: number): number {
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= largest)
    return value as number
  throw invalid(
    'BAD_PARAM',
    { op, argument, value },
    `must be a whole number from ${least} to ${largest}${rank > 1 ? `, or an array of ${rank}` : ''}`,
    value === undefined ? 'Give it.' : `Pass e.g. ${Math.max(least, 2)}.`,
  )
}

/** Sums of effective windows, strides and sizes stay exact up to this bound. */
const largestExtent = 2 ** 52

/** @throws PoolError "LIMIT" if the effective window exceeds 2^52 elements */
export function assertExtent(op: string, argument: string, window: number, dilation: number): void {
  const extent = effectiveWindow({ window, dilation })
  if (extent <= largestExtent) return
  throw invalid(
    'LIMIT',
    { op, argument, value: window },
    `with dilation ${dilation} the window extends over ${extent} elements; must be at most ${largestExtent}`,
    'Make the window or the dilation smaller.',
  )
}

/** @throws PoolError "BAD_PARAM" unless the value is a boolean or undefined */
export function parseFlag(op: string, argument: string, value: unknown, whenLeftOut: boolean): boolean {
  if (value === undefined) return whenLeftOut
  if (typeof value === 'boolean') return value
  throw invalid('BAD_PARAM', { op, argument, value }, 'must be true or false', 'Pass a boolean.')
}

/** @throws PoolError "BAD_PARAM" unless the value is one of the names or undefined; undefined gives the first name */
export function parseName<N extends string>(
  op: string,
  argument: string,
  value: unknown,
  names: readonly N[],
): N {
  if (value === undefined) return names[0]!
  if (names.includes(value as N)) return value as N
  throw invalid(
    'BAD_PARAM',
    { op, argument, value },
    `must be ${names.map(formatValue).join(' or ')}`,
    'Use one of those names.',
  )
}

/** @throws PoolError "BAD_PARAM" unless the value is a finite number that `fits` */
export function parseReal(
  op: string,
  argument: string,
  value: unknown,
  fits: (value: number) => boolean,
  which: string,
  example: number,
): number {
  if (typeof value === 'number' && Number.isFinite(value) && fits(value)) return value
  throw invalid(
    'BAD_PARAM',
    { op, argument, value },
    `must be a finite number ${which}`,
    `Pass e.g. ${example}.`,
  )
}
