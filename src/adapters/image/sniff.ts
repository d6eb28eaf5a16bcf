/**
 * @file What an image file is by its first bytes; its name does not count. Only the four formats get as far as a decoder.
 */
import { refusal } from '../../errors.ts'
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

/** The format, or undefined where it is none of the four. */
export function imageFormatOf(bytes: Bytes): ImageFormat | undefined {
  const first = bytesOf('imageFormatOf', bytes)
  return signatures.find(([, signature]) => startsWith(first, signature))?.[0]
}

/** @throws PoolError "BAD_FORMAT" unless the bytes start as one of the four formats does */
export function sniffImage(bytes: Uint8Array, op: string): ImageFormat {
  const format = imageFormatOf(bytes)
  if (format !== undefined) return format
  throw refusal(
    'BAD_FORMAT',
    { op, argument: 'first bytes', value: latin1(bytes.subarray(0, 12)) },
    'only PNG, JPEG, WebP and TIFF are read, whatever the name says',
    'Convert the file to one of them.',
  )
}

/** Width and height in the head of a PNG, which a decoder gives only once it has found the first data behind it. */
export function pngSize(bytes: Uint8Array): readonly [width: number, height: number] | undefined {
  if (imageFormatOf(bytes) !== 'png' || bytes.length < 24) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return [view.getUint32(16), view.getUint32(20)]
}

function startsWith(bytes: Uint8Array, signature: string): boolean {
  if (bytes.length < signature.length) return false
  return Array.from(signature).every((char, i) => char === '.' || bytes[i] === char.charCodeAt(0))
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}
