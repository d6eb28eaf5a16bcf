/**
 * @file PNG files written without sharp, so that what is read back is checked against something else.
 */
import { deflateSync } from 'node:zlib'
import { crc32 } from '../../../src/adapters/npy/unpack.ts'

export const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const colourTypes = [0, 4, 2, 6] as const

export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

export function ihdr(width: number, height: number, bits: number, colourType: number): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data[8] = bits
  data[9] = colourType
  return chunk('IHDR', data)
}

/** A PNG of the samples, row by row, channels from 1 (grey) to 4 (RGB and alpha). */
export function pngFile(
  [height, width, channels]: readonly [number, number, number],
  samples: Uint8Array | Uint16Array,
): Uint8Array {
  const itemSize = samples.BYTES_PER_ELEMENT
  const rowBytes = width * channels * itemSize
  const rows = Buffer.alloc(height * (rowBytes + 1))
  samples.forEach((sample, i) => {
    const row = Math.floor(i / (width * channels))
    const at = row * (rowBytes + 1) + 1 + (i % (width * channels)) * itemSize
    if (itemSize === 1) rows[at] = sample
    else rows.writeUInt16BE(sample, at)
  })
  const parts = [
    pngSignature,
    ihdr(width, height, itemSize * 8, colourTypes[channels - 1]!),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array(0)),
  ]
  return new Uint8Array(Buffer.concat(parts))
}
