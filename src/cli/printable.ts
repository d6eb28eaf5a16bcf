/**
 * @file Text that is safe to print: a file name cannot move the cursor or forge a line.
 */

const controls = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Control characters, line separators and direction marks as escapes; the rest as it is. */
export function printable(text: string): string {
  return text.replaceAll(controls, (char) => {
    const code = char.charCodeAt(0)
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
