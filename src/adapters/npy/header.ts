/**
 * @file The head of a .npy file: magic, version, length and fields, checked against the size of the file before anything is allocated.
 */
import { invalid, PoolError } from '../../errors.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { formatShape } from '../../tensor/shape.ts'
import { type Bytes, bytesOf } from '../bytes.ts'
import { type Element, parseDescr } from './descr.ts'
import { type HeaderFields, HeaderSyntaxError, parseHeaderText, StructuredDescrError } from './header-text.ts'

/** The header of a .npy file: shape, dtype, byte order, axis order, and the position of the elements. */
export interface NpyHeader extends Element {
  readonly shape: readonly number[]
  readonly fortranOrder: boolean
  /** The offset of the first element. */
  readonly dataStart: number
  /** The bytes of the elements. */
  readonly dataLength: number
}

export const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const

/** numpy's own limit for files that are not trusted. */
export const maxHeaderLength = 10_000

/** True if the bytes start with the signature of a .npy file. */
export function isNpy(bytes: Bytes): boolean {
  const first = bytesOf('isNpy', bytes)
  return magic.every((byte, i) => first[i] === byte)
}

/**
 * The header of a .npy file, from its first bytes.
 *
 * @param bytes   the file, or as much of its beginning as holds the header
 * @param length  the length of the whole file
 * @throws PoolError "BAD_FORMAT" if the header is malformed or does not account for exactly `length` bytes
 */
export function readNpyHeader(bytes: Bytes, length = bytes?.byteLength, name = 'parseNpy'): NpyHeader {
  const start = bytesOf(name, bytes)
  const [textStart, textLength, version] = readPreamble(start, length, name)
  const text = String.fromCharCode(...start.subarray(textStart, textStart + textLength))
  const fields = parseFields(text, version < 3, name)
  const element = parseDescr(fields.descr)
  if (typeof element === 'string') throw unsupported(name, fields.descr, element)
  const dataStart = textStart + textLength
  const dataLength = assertAccounted(fields, element, length - dataStart, name)
  return {
    ...element,
    shape: Object.freeze(fields.shape.map(Number)),
    fortranOrder: fields.fortranOrder,
    dataStart,
    dataLength,
  }
}

const asType = 'Convert the array with astype and save it again.'
const saveAgain = 'Save the array again with numpy.save.'

function unsupported(op: string, descr: string, rule: string): PoolError {
  return invalid('BAD_FORMAT', { op, argument: 'descr', value: descr }, rule, asType)
}

function readPreamble(
  bytes: Uint8Array,
  length: number,
  name: string,
): readonly [start: number, length: number, version: number] {
  if (!isNpy(bytes)) {
    const value = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    throw invalid(
      'BAD_FORMAT',
      { op: name, argument: 'first bytes', value },
      'a .npy file starts with 93 4e 55 4d 50 59',
      'Pass a file written by numpy.save.',
    )
  }
  const [major, minor] = [bytes[6], bytes[7]]
  if (minor !== 0 || (major !== 1 && major !== 2 && major !== 3)) {
    throw invalid(
      'BAD_FORMAT',
      { op: name, argument: 'version', value: `${major ?? '?'}.${minor ?? '?'}` },
      'must be 1.0, 2.0 or 3.0',
      saveAgain,
    )
  }
  const start = major === 1 ? 10 : 12
  if (length < start) throw truncated(name, 'header length', length, start)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const textLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (textLength > maxHeaderLength) {
    throw invalid(
      'BAD_FORMAT',
      { op: name, argument: 'header length', value: textLength },
      `must be at most ${maxHeaderLength}`,
      saveAgain,
    )
  }
  if (start + textLength > length)
    throw truncated(name, 'header length', textLength, start + textLength, length)
  return [start, textLength, major]
}

function truncated(name: string, argument: string, value: number, wanted: number, got = value): PoolError {
  const rule = `the header takes ${wanted} bytes and the file has ${got}`
  return invalid('BAD_FORMAT', { op: name, argument, value }, rule, 'Fetch the whole file again.')
}

function parseFields(text: string, longSuffix: boolean, name: string): HeaderFields {
  try {
    return parseHeaderText(text, longSuffix)
  } catch (error) {
    if (error instanceof StructuredDescrError)
      throw unsupported(name, '[…]', 'structured arrays are not supported')
    if (!(error instanceof HeaderSyntaxError)) throw error
    throw invalid(
      'BAD_FORMAT',
      { op: name, argument: 'header', value: text.length > 80 ? `${text.slice(0, 80)}…` : text.trimEnd() },
      error.message,
      saveAgain,
    )
  }
}

/** Shape times element size must be exactly the bytes that follow; a file with too few or too many bytes is refused. */
function assertAccounted(fields: HeaderFields, { dtype }: Element, got: number, name: string): number {
  const { shape } = fields
  const itemSize = dtypes[dtype].storage.prototype.BYTES_PER_ELEMENT
  const wanted = shape.reduce((product, dim) => product * dim, BigInt(itemSize))
  const unsafe = shape.find((dim) => dim > BigInt(Number.MAX_SAFE_INTEGER))
  if (wanted === BigInt(got) && unsafe === undefined) return got
  const kind = wanted > BigInt(got) ? 'the file was cut short' : 'trailing bytes are refused'
  throw new PoolError(
    'BAD_FORMAT',
    `${name}: shape = ${formatShape(shape.map(Number))}; ${dtype} elements of this shape take ${wanted} bytes and ` +
      `${got} follow the header (${unsafe === undefined ? kind : 'an axis is longer than 2^53 - 1'}). ` +
      'Fetch or save the file again.',
    { op: name, argument: 'shape', value: shape.map(String), wanted: String(wanted), got },
  )
}
