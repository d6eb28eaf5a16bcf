/**
 * @file Numbers as the picture prints them.
 */

/** At most `decimals` places, a true minus sign, and the words of IEEE 754. */
export function formatNumber(value: number, decimals = 4): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  const text =
    size >= 1e6 || (size > 0 && size < 10 ** -decimals / 2)
      ? value.toExponential(2).replace('e+', 'e')
      : String(Number(value.toFixed(decimals)))
  return text.replaceAll('-', '−')
}

/** Short enough for a cell. */
export function formatCell(value: number): string {
  const size = Math.abs(value)
  if (Number.isFinite(value) && size >= 1e4) return formatNumber(Number(value.toPrecision(2)), 0).slice(0, 7)
  return formatNumber(value, size >= 1000 ? 0 : size >= 100 ? 1 : 2)
}

/** `= 6`, or `≈ 0.3333` where the printed number is not quite the value. */
export function equals(value: number): string {
  const text = formatNumber(value)
  const printed = Number(text.replaceAll('−', '-'))
  const isExact = !Number.isFinite(value) || Math.fround(printed) === Math.fround(value)
  return `${isExact ? '=' : '≈'} ${text}`
}
