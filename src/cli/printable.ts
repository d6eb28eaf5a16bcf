/**
 * @file Text that is safe to print: a file name cannot move the cursor or forge a line.
 */

const controls = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Escapes control characters, line separators and direction marks. */
export function printable(text: string): string {
  return text.replaceAll(controls, (char) =>
    char.charCodeAt(0) < 0x100 ? `\\x${digits(char, 2)}` : `\\u${digits(char, 4)}`,
  )
}

/** An indented JSON document with the same escapes. JSON itself escapes only control characters below U+0020. */
export function printableJson(value: object): string {
  const lines = JSON.stringify(value, withBigints, 2).split('\n')
  return lines.map((line) => line.replaceAll(controls, (char) => `\\u${digits(char, 4)}`)).join('\n')
}

function digits(char: string, count: number): string {
  return char.charCodeAt(0).toString(16).padStart(count, '0')
}

/** JSON has no bigints: they are written as text. */
function withBigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
