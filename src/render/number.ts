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

/** Characters that fit a cell. */
const cellWidth = 7

/** All digits of a float32 while they fit a cell; else fewer decimals, or the exponent in full with the digits that fit beside it. */
export function formatCell(value: number): string {
  const exact = formatExact(value)
  if (exact.length <= cellWidth) return exact
  const size = Math.abs(value)
  const rounded = formatNumber(value, size >= 1000 ? 0 : size >= 100 ? 1 : 2)
  if (size >= 0.01 && size < 10 ** cellWidth && rounded.length <= cellWidth) return rounded
  const digits = [2, 1, 0].find((count) => scientific(value, count).length <= cellWidth) ?? 0
  return scientific(value, digits)
}

/** The shortest decimal that is this float32 and no other. */
export function formatExact(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value)
  if (Object.is(value, -0)) return '−0'
  const single = Math.fround(value)
  const precision =
    [1, 2, 3, 4, 5, 6, 7, 8].find((p) => Math.fround(Number(value.toPrecision(p))) === single) ?? 9
  return String(Number(value.toPrecision(precision)))
    .replace('e+', 'e')
    .replaceAll('-', '−')
}

/** The estimated width of a cell's text in ems, for layout without a font. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += '.,'.includes(character) ? 0.32 : /\d/.test(character) ? 0.6 : 0.75
  return width
}

function scientific(value: number, digits: number): string {
  return String(value.toExponential(digits))
    .replace(/\.?0*e\+?/, 'e')
    .replaceAll('-', '−')
}

/** `= 6`, or `≈ 0.3333` where the printed number is not quite the value. */
export function equals(value: number): string {
  const text = formatNumber(value)
  const printed = Number(text.replaceAll('−', '-'))
  const isExact = !Number.isFinite(value) || Math.fround(printed) === Math.fround(value)
  return `${isExact ? '=' : '≈'} ${text}`
}
