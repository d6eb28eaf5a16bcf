/**
 * @file Pixels and their ICC profile as a plain TIFF in memory: the one form in which sharp takes both and keeps samples as they are.
 */
import { hostIsLittleEndian as little } from '../npy/byte-order.ts'
import type { Image } from './image.ts'

const short = 3
const long = 4
const undefinedBytes = 7
const headLength = 8
const entryLength = 12
const stripTarget = 1 << 20

type Entry = readonly [tag: number, type: number, values: readonly number[]]

/** An uncompressed TIFF in this machine's byte order. */
export function tiffCarrier({ pixels, profile }: Image): Uint8Array {
  const [height, width, channels] = pixels.shape as readonly [number, number, number]
  const itemSize = pixels.data.BYTES_PER_ELEMENT
  const rowBytes = width * channels * itemSize
  const stripRows = Math.min(height, Math.max(1, Math.floor(stripTarget / rowBytes)))
  const strips = Array.from({ length: Math.ceil(height / stripRows) }, (_, i) => i * stripRows)
  const hasAlpha = channels % 2 === 0
  const entriesAt = (dataStart: number): Entry[] => [
    [256, long, [width]],
    [257, long, [height]],
    [258, short, new Array(channels).fill(itemSize * 8)],
    [259, short, [1]], // not compressed
    [262, short, [channels < 3 ? 1 : 2]], // 0 is black, or RGB
    [273, long, strips.map((row) => dataStart + row * rowBytes)],
    [277, short, [channels]],
    [278, long, [stripRows]],
    [279, long, strips.map((row) => Math.min(stripRows, height - row) * rowBytes)],
    [284, short, [1]], // samples interleaved
    ...(hasAlpha ? [[338, short, [2]] as const] : []), // straight alpha
    ...(profile === undefined ? [] : [[34675, undefinedBytes, Array.from(profile)] as const]),
  ]
  const dataStart = directoryEnd(entriesAt(0))
  const file = new Uint8Array(dataStart + height * rowBytes)
  writeDirectory(file, entriesAt(dataStart))
  const { buffer, byteOffset, byteLength } = pixels.data
  file.set(new Uint8Array(buffer, byteOffset, byteLength), dataStart)
  return file
}

/** Values of up to four bytes lie in the entry itself, longer ones behind the directory, on even offsets. */
function directoryEnd(entries: readonly Entry[]): number {
  const start = headLength + 2 + entries.length * entryLength + 4
  return entries.reduce((end, entry) => end + outsideLength(entry), start)
}

function outsideLength([, type, values]: Entry): number {
  const bytes = values.length * sizeOf(type)
  return bytes <= 4 ? 0 : bytes + (bytes % 2)
}

function sizeOf(type: number): number {
  return type === long ? 4 : type === short ? 2 : 1
}

function writeDirectory(file: Uint8Array, entries: readonly Entry[]): void {
  const view = new DataView(file.buffer)
  file.fill((little ? 'I' : 'M').charCodeAt(0), 0, 2)
  view.setUint16(2, 42, little)
  view.setUint32(4, headLength, little)
  view.setUint16(headLength, entries.length, little)
  let outside = headLength + 2 + entries.length * entryLength + 4
  entries.forEach((entry, i) => {
    const [tag, type, values] = entry
    const at = headLength + 2 + i * entryLength
    view.setUint16(at, tag, little)
    view.setUint16(at + 2, type, little)
    view.setUint32(at + 4, values.length, little)
    const isInside = outsideLength(entry) === 0
    if (!isInside) view.setUint32(at + 8, outside, little)
    writeValues(view, isInside ? at + 8 : outside, type, values)
    outside += outsideLength(entry)
  })
}

function writeValues(view: DataView, start: number, type: number, values: readonly number[]): void {
  const size = sizeOf(type)
  values.forEach((value, i) => {
    const at = start + i * size
    if (type === long) view.setUint32(at, value, little)
    else if (type === short) view.setUint16(at, value, little)
    else view.setUint8(at, value)
  })
}
