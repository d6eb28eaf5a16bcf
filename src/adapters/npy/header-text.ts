/**
 * @file The text of a .npy header: a Python dict of exactly three keys, parsed by a small grammar. Nothing is evaluated.
 */

export interface HeaderFields {
  readonly descr: string
  readonly fortranOrder: boolean
  readonly shape: readonly bigint[]
}

/** Has the position and the expected text. The caller adds the file's name. */
export class HeaderSyntaxError extends Error {}

/** Thrown where the dtype is a list of fields: well-formed, but not a dtype of this library. */
export class StructuredDescrError extends Error {}

export const maxRank = 64
const keys = ['descr', 'fortran_order', 'shape'] as const
type Key = (typeof keys)[number]

/**
 * header = "{" key ":" value { "," key ":" value } [ "," ] "}"
 * descr is a quoted string, fortran_order True or False, shape a tuple of whole numbers; the keys come in any order, each once.
 *
 * @param longSuffix  true if a number may end in L, as in Python 2
 */
export function parseHeaderText(text: string, longSuffix: boolean): HeaderFields {
  const scanner = new Scanner(text)
  const found = new Map<Key, unknown>()
  scanner.expect('{')
  while (!scanner.accept('}')) {
    const key = scanner.string('a key') as Key
    if (!keys.includes(key)) throw scanner.error(`one of the keys ${keys.join(', ')}`)
    if (found.has(key)) throw scanner.error(`the key ${key} only once`)
    scanner.expect(':')
    found.set(key, parseValue(scanner, key, longSuffix))
    if (!scanner.accept(',')) {
      scanner.expect('}')
      break
    }
  }
  scanner.expectEnd()
  const missing = keys.filter((key) => !found.has(key))
  if (missing.length > 0) throw scanner.error(`the key ${missing[0]}`)
  return {
    descr: found.get('descr') as string,
    fortranOrder: found.get('fortran_order') as boolean,
    shape: found.get('shape') as bigint[],
  }
}

function parseValue(scanner: Scanner, key: Key, longSuffix: boolean): unknown {
  if (key === 'descr' && scanner.accept('[')) throw new StructuredDescrError()
  if (key === 'descr') return scanner.string('a dtype in quotes')
  if (key === 'shape') return parseTuple(scanner, longSuffix)
  if (scanner.accept('True')) return true
  if (scanner.accept('False')) return false
  throw scanner.error('True or False')
}

function parseTuple(scanner: Scanner, longSuffix: boolean): bigint[] {
  const dims: bigint[] = []
  scanner.expect('(')
  while (!scanner.accept(')')) {
    if (dims.length === maxRank) throw scanner.error(`at most ${maxRank} dimensions`)
    dims.push(scanner.wholeNumber(longSuffix))
    if (scanner.accept(',')) continue
    if (!scanner.accept(')')) throw scanner.error('"," or ")"')
    if (dims.length === 1) throw scanner.error('a comma before it, as in (2,)')
    break
  }
  return dims
}

class Scanner {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  accept(token: string): boolean {
    this.skipSpace()
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  expect(token: string): void {
    if (!this.accept(token)) throw this.error(`"${token}"`)
  }

  expectEnd(): void {
    this.skipSpace()
    if (this.at < this.text.length) throw this.error('only spaces after the dict')
  }

  string(what: string): string {
    const match = this.match(/(['"])([ -~]*?)\1/y)
    if (match === null) throw this.error(what)
    return match[2]!
  }

  wholeNumber(longSuffix: boolean): bigint {
    const match = this.match(longSuffix ? /(0|[1-9][0-9]{0,18})L?/y : /(0|[1-9][0-9]{0,18})/y)
    if (match === null) throw this.error('a whole number >= 0 below 10^19')
    return BigInt(match[1]!)
  }

  error(expected: string): HeaderSyntaxError {
    return new HeaderSyntaxError(`expected ${expected} at character ${this.at}`)
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    this.skipSpace()
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match !== null) this.at = pattern.lastIndex
    return match
  }

  private skipSpace(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++
  }
}
