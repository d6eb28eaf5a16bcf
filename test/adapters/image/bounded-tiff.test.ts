/**
 * Blocks of TIFFs that hold more than their size are refused before they take memory, and damaged ones end.
 */
import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import Zstd from 'numcodecs/zstd'
import { describe, expect, it } from 'vitest'
import { lengthOfLzw, lengthOfPackBits, sizeOfZstd } from '../../../src/adapters/image/decoded-size.ts'
import { readImage } from '../../../src/adapters/image/index.ts'
import { long, short, tiffFile } from './tiff-file.ts'

const compressions = { lzw: 5, deflate: 8, packBits: 32_773, zstd: 50_000 }
type Compression = keyof typeof compressions

/** 16x16 float64, which only geotiff reads. */
const fileOf = (compression: Compression, strip: Uint8Array): Uint8Array =>
  tiffFile({
    pages: [
      {
        tags: [
          [256, long, [16]],
          [257, long, [16]],
          [258, short, [64]],
          [259, short, [compressions[compression]]],
          [262, short, [1]],
          [277, short, [1]],
          [278, long, [16]],
          [339, short, [3]],
        ],
        strip,
      },
    ],
  })

/** LZW as TIFF has it, without a dictionary: each byte by itself, and a clear code before the width grows. */
function plainLzw(bytes: Uint8Array): Uint8Array {
  const codes = Array.from(bytes, (byte, i) => (i % 200 === 0 ? [256, byte] : [byte])).flat()
  return packed([...codes, 257])
}

/** Codes of 9 bits, the first bit first. */
function packed(codes: readonly number[]): Uint8Array {
  const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('')
  return Uint8Array.from(bits.match(/.{1,8}/g)!, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2))
}

/** Each byte as a run of one. */
const plainPackBits = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from([...bytes].flatMap((byte) => [0, byte]))

const encoders: Record<Compression, (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>> = {
  lzw: plainLzw,
  deflate: (bytes) => deflateSync(bytes),
  packBits: plainPackBits,
  zstd: async (bytes) => await Zstd.fromConfig({ id: 'zstd', level: 1 }).encode(bytes),
}

const values = Float64Array.from({ length: 256 }, (_, i) => Math.sqrt(i))
const bytes = new Uint8Array(values.buffer)
const codeOf = (file: Uint8Array): Promise<string> =>
  readImage(file).then(
    () => 'none',
    (error) => error.code,
  )

describe.each(Object.keys(compressions) as Compression[])('%s', (compression) => {
  it('a block of its size is read', async () => {
    const { pixels } = await readImage(fileOf(compression, await encoders[compression](bytes)))
    expect(pixels.data).toEqual(values)
  })

  it('a block that holds more is refused', async () => {
    const large = await encoders[compression](new Uint8Array(100_000))
    expect(await codeOf(fileOf(compression, large))).toBe('BAD_FORMAT')
  })

  it('damaged blocks end', async () => {
    const strip = await encoders[compression](bytes)
    for (let at = 0; at < strip.length; at += Math.ceil(strip.length / 60)) {
      const damaged = Uint8Array.from(strip)
      damaged[at]! ^= 0x5a
      expect(['none', 'BAD_FORMAT']).toContain(await codeOf(fileOf(compression, damaged)))
    }
  })
})

it('the size of LZW is what its strings add up to', () => {
  // 1; then 258 = 11, 259 = 111, 260 = 1111: each code names the string that it makes.
  expect(lengthOfLzw(packed([256, 1, 258, 259, 260, 257]), 1e6)).toBe(1 + 2 + 3 + 4)
  expect(lengthOfLzw(packed([256, 1, 258, 259, 260, 261, 262]), 8)).toBe(10)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), (plain) => {
      expect(lengthOfLzw(plainLzw(plain), 1e6)).toBe(plain.length)
    }),
  )
})

it('the size of PackBits is that of its runs', () => {
  expect(lengthOfPackBits(Uint8Array.of(2, 7, 7, 7, 0x81, 9))).toBe(3 + 128)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1000 }), (plain) => {
      expect(lengthOfPackBits(plainPackBits(plain))).toBe(plain.length)
    }),
  )
})

it('the size of ZSTD is in its head, or in its blocks', async () => {
  for (const size of [10, 255, 256, 300, 65_791, 65_792, 1 << 20])
    expect(sizeOfZstd(await encoders.zstd(new Uint8Array(size)))).toBe(size)
  expect(sizeOfZstd(new Uint8Array(100))).toBe(Number.POSITIVE_INFINITY)
  // No size: a window; then 5 bytes as they are, 2^20 times one byte, and a compressed block, the last.
  const blocks = [
    [5 << 3, 0, 0, 1, 2, 3, 4, 5],
    [2, 0, 128, 9],
    [(2 << 3) | 5, 0, 0, 7, 7],
  ].flat()
  expect(sizeOfZstd(Uint8Array.of(40, 181, 47, 253, 0, 96, ...blocks, 1, 1, 1, 1))).toBe(5 + 2 ** 20 + 8192)
})
