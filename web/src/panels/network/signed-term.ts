/**
 * @file A number as a term of a sum that is written out: its sign stands between it and the term before.
 */
import { formatNumber } from '../../../../src/render/number.ts'

export function signedTerm(value: number, isFirst: boolean): string {
  const text = formatNumber(value, 2)
  if (isFirst) return text
  return text.startsWith('−') ? ` − ${text.slice(1)}` : ` + ${text}`
}
