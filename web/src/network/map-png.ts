/**
 * @file A map as a PNG in a data: address. A canvas for each of the seventy maps would be a texture of its own, which a slow phone
 * makes in a third of a second; images are painted with the page.
 */
import type { Plane } from '../../../src/render/presets.ts'

export type Colour = readonly [red: number, green: number, blue: number]

const signature = [137, 80, 78, 71, 13, 10, 26, 10]
/** A chunk is its length, its name, its data, and a checksum of the last two. */
const chunkSize = 12

/**
 * @param greatest the magnitude that is drawn in full colour
 * @param above    of what is above 0; 0 itself is transparent
 */
export function mapPng(plane: Plane, greatest: number, above: Colour, below: Colour): string {
  const pixels = pixelsOf(plane, greatest, above, below)
  const header = Uint8Array.of(...bytes(plane.columns), ...bytes(plane.rows), 8, 6, 0, 0, 0)
  const chunks = { IHDR: header, IDAT: stored(pixels), IEND: new Uint8Array() }
  const sizes = Object.values(chunks).map(({ length }) => chunkSize + length)
  const file = new Uint8Array(sizes.reduce((sum, size) => sum + size, signature.length))
  file.set(signature)
  let at = signature.length
  for (const [name, data] of Object.entries(chunks)) at = writeChunk(file, at, name, data)
  return `data:image/png;base64,${btoa(String.fromCharCode.apply(null, file as unknown as number[]))}`
}

/** Rows of 4 bytes a pixel, each row behind the byte of its filter, which is none. */
function pixelsOf(
  { rows, columns, values }: Plane,
  greatest: number,
  above: Colour,
  below: Colour,
): Uint8Array {
  const pixels = new Uint8Array(rows * (1 + 4 * columns))
  let at = 0
  for (let i = 0; i < values.length; i++) {
    if (i % columns === 0) at++
    const value = values[i]!
    const colour = value < 0 ? below : above
    pixels[at++] = colour[0]
    pixels[at++] = colour[1]
    pixels[at++] = colour[2]
    pixels[at++] = Math.round(255 * Math.min(1, Math.abs(value) / greatest))
  }
  return pixels
}

const bytes = (word: number): number[] => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255)

/** A stream of zlib that compresses nothing, in one block of at most 65,535 bytes. */
function stored(data: Uint8Array): Uint8Array {
  const [low, high] = [data.length & 255, data.length >> 8]
  const stream = new Uint8Array(7 + data.length + 4)
  stream.set([0x78, 1, 1, low, high, low ^ 255, high ^ 255])
  stream.set(data, 7)
  let [a, b] = [1, 0]
  for (let i = 0; i < data.length; i++) {
    a += data[i]!
    b = (b + a) % 65_521
  }
  stream.set(bytes(b * 65_536 + (a % 65_521)), 7 + data.length)
  return stream
}

/** @returns where the next one begins */
function writeChunk(file: Uint8Array, at: number, name: string, data: Uint8Array): number {
  const end = at + 8 + data.length
  file.set(bytes(data.length), at)
  for (let i = 0; i < 4; i++) file[at + 4 + i] = name.charCodeAt(i)
  file.set(data, at + 8)
  file.set(bytes(crc(file.subarray(at + 4, end))), end)
  return end + 4
}

const crcs = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? 0xedb88320 ^ (word >>> 1) : word >>> 1
  return word
})

function crc(data: Uint8Array): number {
  let word = -1
  for (let i = 0; i < data.length; i++) word = crcs[(word ^ data[i]!) & 255]! ^ (word >>> 8)
  return ~word >>> 0
}
