/**
 * @file Writes pages as a TIFF, with unchanged samples and ICC profiles: uncompressed as input for sharp, or deflated as the final file.
 */
import { deflateSync } from 'node:zlib'
import { dtypes } from '../../tensor/dtype.ts'
import { hostIsLittleEndian as little } from '../npy/byte-order.ts'
import type { Image } from './image.ts'
import { photometric, tags } from './tiff-tags.ts'

const short = 3
const long = 4
const undefinedBytes = 7
const headLength = 8
const entryLength = 12
const stripTarget = 1 << 20
const [stored, deflated] = [1, 8]
const [unspecified, straightAlpha] = [0, 2]

type Page = Pick<Image, 'pixels' | 'profile' | 'bands'>
type Entry = readonly [tag: number, type: number, values: ArrayLike<number>]

/** The bytes in this machine's order, each page's samples before its directory. */
export function formatTiff(pages: readonly Page[], { deflate }: { deflate: boolean }): Uint8Array {
  const parts: Uint8Array[] = []
  let length = headLength
  const add = (part: Uint8Array): number => {
    const start = length
    parts.push(part, new Uint8Array(part.length % 2))
    length += part.length + (part.length % 2)
    return start
  }
  const head = new DataView(new ArrayBuffer(headLength))
  head.setUint16(0, little ? 0x4949 : 0x4d4d)
  head.setUint16(2, 42, little)
  let link = { view: head, at: 4 }
  for (const page of pages) {
    const { strips, rows } = stripsOf(page, deflate)
    const starts = strips.map(add)
    const directory = directoryOf(entriesOf(page, { strips, starts, rows, deflate }), length)
    link.view.setUint32(link.at, length, little)
    link = directory
    add(new Uint8Array(directory.view.buffer))
  }
  const file = new Uint8Array(length)
  file.set(new Uint8Array(head.buffer))
  parts.reduce((at, part) => {
    file.set(part, at)
    return at + part.length
  }, headLength)
  return file
}

function stripsOf({ pixels }: Page, deflate: boolean): { strips: Uint8Array[]; rows: number } {
  const { buffer, byteOffset, byteLength } = pixels.data
  const bytes = new Uint8Array(buffer, byteOffset, byteLength)
  const [height, width, channels] = pixels.shape as readonly [number, number, number]
  const rowBytes = width * channels * pixels.data.BYTES_PER_ELEMENT
  const rows = Math.min(height, Math.max(1, Math.floor(stripTarget / rowBytes)))
  const strips: Uint8Array[] = []
  for (let at = 0; at < byteLength; at += rows * rowBytes) {
    const strip = bytes.subarray(at, at + rows * rowBytes)
    strips.push(deflate ? deflateSync(strip) : strip)
  }
  return { strips, rows }
}

interface Layout {
  readonly strips: readonly Uint8Array[]
  readonly starts: readonly number[]
  readonly rows: number
  readonly deflate: boolean
}

function entriesOf({ pixels, profile, bands }: Page, { strips, starts, rows, deflate }: Layout): Entry[] {
  const [height, width, channels] = pixels.shape as readonly [number, number, number]
  const { dtype, data } = pixels
  const isColour = !bands && (channels === 3 || channels === 4)
  const extra = channels - (isColour ? 3 : 1)
  const hasAlpha = extra === 1 && !bands && (dtype === 'uint8' || dtype === 'uint16')
  const perChannel = (value: number): number[] => new Array(channels).fill(value)
  const kind = dtypes[dtype].float ? 3 : dtype.startsWith('int') ? 2 : 1
  return [
    [tags.imageWidth, long, [width]],
    [tags.imageLength, long, [height]],
    [tags.bitsPerSample, short, perChannel(data.BYTES_PER_ELEMENT * 8)],
    [tags.compression, short, [deflate ? deflated : stored]],
    [tags.photometric, short, [isColour ? photometric.rgb : photometric.blackIsZero]],
    [tags.stripOffsets, long, starts],
    [tags.samplesPerPixel, short, [channels]],
    [tags.rowsPerStrip, long, [rows]],
    [tags.stripByteCounts, long, strips.map((strip) => strip.length)],
    [tags.planarConfiguration, short, [1]], // samples interleaved
    ...(extra > 0
      ? [[tags.extraSamples, short, new Array(extra).fill(hasAlpha ? straightAlpha : unspecified)] as const]
      : []),
    [tags.sampleFormat, short, perChannel(kind)],
    ...(profile === undefined ? [] : [[tags.iccProfile, undefinedBytes, profile] as const]),
  ]
}

/** The directory that starts at `start`; values of up to four bytes lie in the entry itself, longer ones behind it, on even offsets. */
function directoryOf(entries: readonly Entry[], start: number): { view: DataView<ArrayBuffer>; at: number } {
  const linkAt = 2 + entries.length * entryLength
  const length = entries.reduce((end, entry) => end + outsideLength(entry), linkAt + 4)
  const view = new DataView(new ArrayBuffer(length))
  view.setUint16(0, entries.length, little)
  let outside = linkAt + 4
  entries.forEach((entry, i) => {
    const [tag, type, values] = entry
    const at = 2 + i * entryLength
    view.setUint16(at, tag, little)
    view.setUint16(at + 2, type, little)
    view.setUint32(at + 4, values.length, little)
    const isInside = outsideLength(entry) === 0
    if (!isInside) view.setUint32(at + 8, start + outside, little)
    writeValues(view, isInside ? at + 8 : outside, type, values)
    outside += outsideLength(entry)
  })
  return { view, at: linkAt }
}

function outsideLength([, type, values]: Entry): number {
  const bytes = values.length * sizeOf(type)
  return bytes <= 4 ? 0 : bytes + (bytes % 2)
}

function sizeOf(type: number): number {
  return type === long ? 4 : type === short ? 2 : 1
}

function writeValues(view: DataView, start: number, type: number, values: ArrayLike<number>): void {
  const size = sizeOf(type)
  for (let i = 0; i < values.length; i++) {
    const at = start + i * size
    if (type === long) view.setUint32(at, values[i]!, little)
    else if (type === short) view.setUint16(at, values[i]!, little)
    else view.setUint8(at, values[i]!)
  }
}
