/**
 * @file The bytes of a tile or strip of a TIFF as samples: decompressed, predictions undone, in this machine's byte order.
 */
import { inflateSync } from 'node:zlib'
import { loadGeotiff } from '../../adapters/image/tiff-decoders.ts'
import { hostIsLittleEndian, reverseEach } from '../../adapters/npy/byte-order.ts'
import { openCodec, zstdEncoder } from '../zarr/codecs.ts'
import type { TiffLayout } from './tiff-layout.ts'

/** From the bytes of a block with this many rows to its samples. */
export type DecodeBlock = (bytes: Uint8Array, rows: number) => Promise<Uint8Array>

const [stored, deflate, oldDeflate, lerc, zstd] = [1, 8, 32_946, 34_887, 50_000]
const [horizontal, floatingPoint] = [2, 3]

/** @throws PoolError "UNAVAILABLE" where a compression needs geotiff and it is not installed */
export async function openBlockDecoder(layout: TiffLayout, littleEndian: boolean): Promise<DecodeBlock> {
  const decompress = await decompressor(layout)
  const { blockWidth, channels, planar, bits, predictor, compression } = layout
  const samples = blockWidth * (planar ? 1 : channels)
  const rowBytes = Math.ceil((samples * bits) / 8)
  const isTurned = bits > 8 && littleEndian !== hostIsLittleEndian
  return async (bytes, rows) => {
    const plain = await decompress(bytes, rows * rowBytes)
    if (plain.length < rows * rowBytes)
      throw new Error(`it holds ${plain.length} bytes and ${rows * rowBytes} are its size`)
    // Samples are changed in place below, and lie at whole elements.
    const own = new Uint8Array(plain.subarray(0, rows * rowBytes))
    if (bits < 8) return unpacked(own, rows, samples, bits)
    const isFloating = predictor === floatingPoint && compression !== lerc
    if (isTurned && !isFloating) reverseEach(own, bits / 8)
    for (let at = 0; at < own.length; at += rowBytes) {
      const row = own.subarray(at, at + rowBytes)
      if (isFloating) gatherFloats(row, samples / blockWidth, bits / 8)
      else if (predictor === horizontal && compression !== lerc)
        sumAlong(asWords(row, bits), samples / blockWidth)
    }
    return own
  }
}

type Decompress = (bytes: Uint8Array, size: number) => Promise<Uint8Array>

async function decompressor(layout: TiffLayout): Promise<Decompress> {
  const { compression } = layout
  if (compression === stored) return async (bytes) => bytes
  if (compression === deflate || compression === oldDeflate)
    return async (bytes, size) => inflateSync(bytes, { maxOutputLength: size + 4096 })
  if (compression === zstd && zstdEncoder === 'node') {
    const { decode } = await openCodec({ name: 'zstd', level: 1 })
    return async (bytes, size) => await decode(bytes, size + 4096)
  }
  return await fromGeotiff(layout)
}

async function fromGeotiff(layout: TiffLayout): Promise<Decompress> {
  const { getDecoder } = await loadGeotiff('pyramid')
  const { blockWidth, blockHeight, bits, channels, planar } = layout
  const parameters = {
    tileWidth: blockWidth,
    tileHeight: blockHeight,
    predictor: 1,
    bitsPerSample: new Array<number>(channels).fill(bits),
    planarConfiguration: planar ? 2 : 1,
    LercParameters: layout.lerc,
  }
  const decoder = await getDecoder(layout.compression, parameters)
  return async (bytes) => {
    const { buffer } = Uint8Array.from(bytes)
    return new Uint8Array((await decoder.decode(buffer)) as ArrayBuffer)
  }
}

function unpacked(bytes: Uint8Array, rows: number, samples: number, bits: number): Uint8Array {
  const rowBytes = bytes.length / rows
  const out = new Uint8Array(rows * samples)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < samples; i++) {
      const bit = i * bits
      const byte = bytes[row * rowBytes + (bit >> 3)]!
      out[row * samples + i] = (byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1)
    }
  }
  return out
}

function asWords(row: Uint8Array, bits: number) {
  const [buffer, start, length] = [row.buffer as ArrayBuffer, row.byteOffset, (row.length * 8) / bits]
  if (bits === 8) return row
  if (bits === 16) return new Uint16Array(buffer, start, length)
  return bits === 32 ? new Uint32Array(buffer, start, length) : new BigUint64Array(buffer, start, length)
}

/** Each sample was stored as its difference from the one before it, in its channel. */
function sumAlong(row: ReturnType<typeof asWords>, channels: number): void {
  for (let i = channels; i < row.length; i++) (row[i] as number) += row[i - channels] as number
}

/** The bytes of a row of floats were stored plane by plane, the most significant first, and as differences. */
function gatherFloats(row: Uint8Array, channels: number, size: number): void {
  sumAlong(row, channels)
  const planes = row.slice()
  const samples = row.length / size
  for (let i = 0; i < samples; i++) {
    for (let byte = 0; byte < size; byte++) {
      const plane = hostIsLittleEndian ? size - 1 - byte : byte
      row[i * size + byte] = planes[plane * samples + i]!
    }
  }
}
