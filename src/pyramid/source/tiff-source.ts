/**
 * @file A TIFF as a source, such as a GeoTIFF or a COG: only the tiles or strips of a box are read. Channels come first.
 */
import { closeSync, fstatSync, openSync } from 'node:fs'
import { damaged, unsupported } from '../../adapters/image/refusals.ts'
import { readTiffFile, type TiffPage } from '../../adapters/image/tiff-directory.ts'
import { isMainPage } from '../../adapters/image/tiff-notes.ts'
import { tags } from '../../adapters/image/tiff-tags.ts'
import { type DType, dtypes, integerRange, type Scalar, type TypedArray } from '../../tensor/dtype.ts'
import { roundHalf } from '../../tensor/half.ts'
import { namedAxis } from '../ome/multiscales.ts'
import { type Box, cellsOf, copyShared, filled, type Placed, shapeOfBox } from '../zarr/block.ts'
import { torn } from '../zarr/chunk-codec.ts'
import { channelsFirst, readFileBox, readWhole } from './file-box.ts'
import { fileBytes } from './file-bytes.ts'
import type { Source } from './source.ts'
import { type DecodeBlock, openBlockDecoder } from './tiff-block.ts'
import { type TiffLayout, tiffLayout } from './tiff-layout.ts'
import { usualChunks } from './usual-chunks.ts'

/**
 * @returns undefined where only a decoder of pictures reads the file
 * @throws PoolError "BAD_FORMAT" for damaged files, "UNAVAILABLE" for several pages
 */
export async function openTiffSource(path: string): Promise<Source | undefined> {
  const file = openSync(path, 'r')
  try {
    const { size, mtimeMs } = fstatSync(file)
    const { pages, little } = readTiffFile(fileBytes(file, path, size), path)
    const page = onlyPage(path, pages)
    const layout = tiffLayout(page)
    if (layout === undefined) {
      closeSync(file)
      return undefined
    }
    assertBlocks(path, layout)
    const blocks = new Blocks(file, path, layout, little, await openBlockDecoder(layout, little))
    const { height, width, channels, alpha, palette, rgb, type } = layout
    const nodata = nodataOf(page, type as DType)
    const shape = channels === 1 ? [height, width] : [channels, height, width]
    const isMasked = pages.some((other) => ((other.numbers(tags.subfileType)[0] ?? 0) & mask) !== 0)
    return {
      info: {
        location: path,
        shape,
        type,
        chunks: chunksOf(layout),
        decoded: decodedOf(layout),
        axes: (channels === 1 ? ['y', 'x'] : ['c', 'y', 'x']).map(namedAxis),
        ...(rgb && { role: 'image' }),
        ...(palette && { palette }),
        ...(isMasked && { masked: true }),
        ...(nodata !== undefined && { nodata, fill: nodata }),
        ...(alpha !== undefined && { alpha }),
        fingerprint: '',
      },
      read: (box) => blocks.read(box, nodata),
      stampOf: async () => `${size}-${mtimeMs}`,
      close: () => closeSync(file),
    }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

const mask = 4

function onlyPage(path: string, pages: readonly TiffPage[]): TiffPage {
  const main = pages.filter(isMainPage)
  if (main.length > 1) {
    const rule = 'a pyramid is made of one page'
    throw unsupported(path, 'tiff pages', main.length, rule, 'Save one page, or the stack as .npy.')
  }
  return main[0] ?? pages[0]!
}

function assertBlocks(path: string, layout: TiffLayout): void {
  const { width, height, blockWidth, blockHeight, offsets, lengths, planar, channels } = layout
  const perPlane = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight)
  const count = perPlane * (planar ? channels : 1)
  if (blockWidth > 0 && blockHeight > 0 && offsets.length >= count && lengths.length >= count) return
  throw damaged(
    path,
    'tiff',
    `it has ${offsets.length} offsets and ${lengths.length} lengths of ${count} blocks`,
  )
}

/** The value of GDAL_NODATA as an element; undefined where no element can have it. */
function nodataOf(page: TiffPage, dtype: DType): Scalar | undefined {
  const text = page.text(tags.gdalNoData)
  if (text === undefined || text === '') return undefined
  if (dtypes[dtype].float) {
    const value = /^[+-]?inf$/i.test(text) ? Number(`${text.replace(/inf/i, 'Infinity')}`) : Number(text)
    if (dtype === 'float64') return value
    return dtype === 'float16' ? roundHalf(dtype)(value) : Math.fround(value)
  }
  const [low, high] = integerRange(dtype)
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text) : wholeOf(Number(text))
  if (value === undefined || value < low || value > high) return undefined
  return typeof low === 'bigint' ? value : Number(value)
}

function wholeOf(value: number): bigint | undefined {
  return Number.isInteger(value) ? BigInt(value) : undefined
}

/** Whole tiles, of which small ones are put together. */
function chunksOf({ tiled, channels, blockWidth, blockHeight, height, width, type }: TiffLayout): number[] {
  const itemSize = dtypes[type as DType].storage.BYTES_PER_ELEMENT
  const usual = usualChunks([height, width], itemSize)
  const sides = tiled
    ? [blockHeight, blockWidth].map((side, axis) => side * Math.max(1, Math.round(usual[axis]! / side)))
    : usual
  const cut = sides.map((side, axis) => Math.min(side, [height, width][axis]!))
  return channels === 1 ? cut : [1, ...cut]
}

/** Rows of strips that are not compressed can be read in parts. */
function isInParts({ tiled, compression, predictor, bits }: TiffLayout): boolean {
  return !tiled && compression === 1 && predictor === 1 && bits >= 8
}

function decodedOf(layout: TiffLayout): number[] {
  const { blockHeight, blockWidth, channels, planar } = layout
  const sides = isInParts(layout) ? [1, 1] : [blockHeight, blockWidth]
  return channels === 1 ? sides : [planar ? 1 : channels, ...sides]
}

/** The tiles or strips of a page. */
class Blocks {
  readonly #file: number
  readonly #path: string
  readonly #layout: TiffLayout
  readonly #little: boolean
  readonly #decode: DecodeBlock

  constructor(file: number, path: string, layout: TiffLayout, little: boolean, decode: DecodeBlock) {
    this.#file = file
    this.#path = path
    this.#layout = layout
    this.#little = little
    this.#decode = decode
  }

  /** Blocks that are not stored hold `nodata`. */
  async read(box: Box, nodata: Scalar = 0) {
    const { type, channels, planar, width, height, blockWidth, blockHeight } = this.#layout
    const dtype = type as DType
    const data = filled(shapeOfBox(box), dtype, nodata)
    const inside = channels === 1 ? { from: [0, ...box.from], to: [1, ...box.to] } : box
    const target = { data, box: inside }
    const cell = [planar ? 1 : channels, blockHeight, blockWidth]
    let missing = 0
    for (const [plane, y, x] of cellsOf(inside, cell) as Iterable<[number, number, number]>) {
      const [top, left] = [y * blockHeight, x * blockWidth]
      const rows = this.#layout.tiled ? blockHeight : Math.min(blockHeight, height - top)
      const block: Box = {
        from: [planar ? plane : 0, top, left],
        to: [planar ? plane + 1 : channels, top + rows, left + blockWidth],
      }
      const across = Math.ceil(width / blockWidth)
      const down = Math.ceil(height / blockHeight)
      const index = (plane * down + y) * across + x
      const placed = await this.#block(index, block, inside, dtype)
      if (placed === undefined) missing++
      else copyShared(placed, target)
    }
    return { data, missing }
  }

  /** The channels, rows and columns of a block that the box needs; undefined for one that is not stored. */
  async #block(index: number, block: Box, box: Box, dtype: DType): Promise<Placed | undefined> {
    const { offsets, lengths, planar, channels } = this.#layout
    const [start, length] = [offsets[index]!, lengths[index]!]
    if (length === 0) return undefined
    const stored = planar ? 1 : channels
    const wanted = { from: Math.max(block.from[0]!, box.from[0]!), to: Math.min(block.to[0]!, box.to[0]!) }
    const { pixels, part } = isInParts(this.#layout)
      ? this.#rows(block, box, start, length)
      : { pixels: await this.#decoded(index, block, dtype), part: block }
    const own = planar ? [0] : Array.from({ length: wanted.to - wanted.from }, (_, i) => wanted.from + i)
    return {
      data: channelsFirst(pixels, stored, own),
      box: { from: [wanted.from, ...part.from.slice(1)], to: [wanted.to, ...part.to.slice(1)] },
    }
  }

  #rows(block: Box, box: Box, start: number, length: number): { pixels: TypedArray; part: Box } {
    const { planar, channels, type, width } = this.#layout
    const dtype = type as DType
    const stored = planar ? 1 : channels
    const rows = block.to[1]! - block.from[1]!
    const wanted = rows * width * stored * dtypes[dtype].storage.BYTES_PER_ELEMENT
    if (length < wanted) throw torn(this.#path, `a strip holds ${length} bytes and ${wanted} are its size`)
    const part = {
      from: [block.from[0]!, Math.max(block.from[1]!, box.from[1]!), box.from[2]!],
      to: [block.to[0]!, Math.min(block.to[1]!, box.to[1]!), box.to[2]!],
    }
    const array = {
      file: this.#file,
      path: this.#path,
      shape: [rows, width, stored],
      dtype,
      littleEndian: this.#little,
      start,
    }
    const own = {
      from: [part.from[1]! - block.from[1]!, part.from[2]!, 0],
      to: [part.to[1]! - block.from[1]!, part.to[2]!, stored],
    }
    return { pixels: readFileBox(array, own), part }
  }

  async #decoded(index: number, block: Box, dtype: DType): Promise<TypedArray> {
    const { offsets, lengths } = this.#layout
    const bytes = new Uint8Array(lengths[index]!)
    readWhole(this.#file, this.#path, bytes, offsets[index]!)
    try {
      const samples = await this.#decode(bytes, block.to[1]! - block.from[1]!)
      const { storage } = dtypes[dtype]
      return new storage(samples.buffer as ArrayBuffer, 0, samples.length / storage.BYTES_PER_ELEMENT)
    } catch (cause) {
      throw torn(this.#path, `block ${index} cannot be decoded: ${(cause as Error).message}`, cause)
    }
  }
}
