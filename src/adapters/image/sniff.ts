/**
 * @file Recognises image formats by their first bytes, not by file name. Only the four supported formats reach a decoder.
 */
import { invalid } from '../../errors.ts'
import { type Bytes, bytesOf } from '../bytes.ts'
import type { ImageFormat } from './image.ts'

/** `.` stands for any byte. */
const signatures: readonly (readonly [ImageFormat, string])[] = [
  ['png', '\x89PNG\r\n\x1a\n'],
  ['jpeg', '\xff\xd8\xff'],
  ['webp', 'RIFF....WEBP'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['tiff', 'II+\0'],
  ['tiff', 'MM\0+'],
]

/** The format, or undefined if it is not one of the four. */
export function imageFormatOf(bytes: Bytes): ImageFormat | undefined {
  const first = bytesOf('imageFormatOf', bytes)
  return signatures.find(([, signature]) => startsWith(first, signature))?.[0]
}

/** Signatures of unsupported formats with their offsets, for error messages. */
const others: readonly (readonly [name: string, start: number, signature: string])[] = [
  ['GIF', 0, 'GIF8'],
  ['BMP', 0, 'BM....\0\0\0\0'],
  ['AVIF', 4, 'ftypavi'],
  ['HEIC', 4, 'ftyphe'],
  ['HEIC', 4, 'ftypmif1'],
  ['HEIC', 4, 'ftypmsf1'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 4, 'JXL \r\n\x87\n'],
  ['JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['JPEG 2000', 4, 'jP  \r\n\x87\n'],
  ['PDF', 0, '%PDF-'],
  ['Photoshop', 0, '8BPS'],
  ['icon', 0, '\0\0\x01\0'],
  ['OpenEXR', 0, '\x76\x2f\x31\x01'],
  ['Radiance HDR', 0, '#?RADIANCE'],
  ['netpbm', 0, 'P5\n'],
  ['netpbm', 0, 'P6\n'],
  ['HDF5', 0, '\x89HDF\r\n\x1a\n'],
]

/** The name of an unsupported format, or undefined if the bytes match none. */
export function otherFormatOf(bytes: Uint8Array): string | undefined {
  const marked = others.find(([, start, signature]) => startsWith(bytes.subarray(start), signature))
  if (marked !== undefined) return marked[0]
  const text = latin1(bytes.subarray(0, 1024))
  return /^(\xef\xbb\xbf)?\s*</.test(text) && /<(\w+:)?svg[\s>/]/i.test(text) ? 'SVG' : undefined
}

/** @throws PoolError "BAD_FORMAT" unless the bytes start as one of the four formats does */
export function sniffImage(bytes: Uint8Array, op: string): ImageFormat {
  const format = imageFormatOf(bytes)
  if (format !== undefined) return format
  const other = otherFormatOf(bytes)
  const rule = 'only PNG, JPEG, WebP and TIFF can be read, and the content decides, not the name'
  throw invalid(
    'BAD_FORMAT',
    { op, argument: 'first bytes', value: latin1(bytes.subarray(0, 12)) },
    other === undefined ? rule : `this is ${other}; ${rule}`,
    'Convert the file to one of them.',
  )
}

function startsWith(bytes: Uint8Array, signature: string): boolean {
  if (bytes.length < signature.length) return false
  return Array.from(signature).every((char, i) => char === '.' || bytes[i] === char.charCodeAt(0))
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
