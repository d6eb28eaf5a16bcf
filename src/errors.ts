/**
 * @file The one error class of the library. Every refusal names the argument, its value, the rule with its numbers, and the repair.
 */

/**
 * The kind of error:
 * - `BAD_PARAM` an option has a value that the operation does not take
 * - `BAD_SHAPE` tensors do not fit the operation or each other
 * - `BAD_INDEX` an index points outside its plane
 * - `BAD_DTYPE` the operation does not take data of this type
 * - `LIMIT` the result would be larger than memory or exact arithmetic allow
 * - `BAD_FORMAT` a file contradicts its own header
 * - `BAD_PATH` a file cannot be read or written, or lies outside its folder
 * - `UNAVAILABLE` an optional part is not installed or not supported here
 */
export type PoolErrorCode =
  | 'BAD_PARAM'
  | 'BAD_SHAPE'
  | 'BAD_INDEX'
  | 'BAD_DTYPE'
  | 'LIMIT'
  | 'BAD_FORMAT'
  | 'BAD_PATH'
  | 'UNAVAILABLE'

/** Thrown for every refusal; nothing has been written when it is thrown. */
export class PoolError extends Error {
  override readonly name = 'PoolError'
  readonly code: PoolErrorCode
  /** The argument, its value and whatever numbers the message quotes. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: PoolErrorCode,
    message: string,
    { cause, ...details }: Record<string, unknown> & { cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

/** True for a `PoolError`, and, where codes are given, for one of those codes only. */
export function isPoolError(error: unknown, ...codes: PoolErrorCode[]): error is PoolError {
  return error instanceof PoolError && (codes.length === 0 || codes.includes(error.code))
}

/**
 * An error in the message form of the project: `<op>: <argument> = <value>; <rule>. <repair>`.
 */
export function invalid(
  code: PoolErrorCode,
  where: { op: string; argument: string; value: unknown },
  rule: string,
  repair: string,
): PoolError {
  const { op, argument, value } = where
  return new PoolError(code, `${op}: ${argument} = ${formatValue(value)}; ${rule}. ${repair}`, {
    op,
    argument,
    value,
  })
}

/** A value as a message shows it: short, unambiguous, on one line. */
export function formatValue(value: unknown, depth = 0): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Object.is(value, -0)) return '-0'
  if (Array.isArray(value)) return depth > 4 ? '[…]' : showArray(value, depth)
  if (typeof value === 'object' && value !== null) return Object.prototype.toString.call(value).slice(8, -1)
  return String(value)
}

function showArray(value: readonly unknown[], depth: number): string {
  const shown = Array.from({ length: Math.min(8, value.length) }, (_, i) => formatValue(value[i], depth + 1))
  return `[${shown.join(', ')}${value.length > 8 ? ', …' : ''}]`
}
