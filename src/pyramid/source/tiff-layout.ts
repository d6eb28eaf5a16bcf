/**
 * @file The samples of a TIFF page that can be read as they are stored, tile by tile or strip by strip.
 */
import type { TiffPage } from '../../adapters/image/tiff-directory.ts'
import { photometric, tags } from '../../adapters/image/tiff-tags.ts'
import type { ElementType } from '../zarr/array-metadata.ts'

/** Tiles or strips. */
export interface TiffLayout {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly type: ElementType
  /** Bits of a stored sample: fewer than 8 only in palettes. */
  readonly bits: number
  readonly compression: number
  readonly predictor: number
  readonly lerc: readonly number[]
  /** Each channel lies in blocks of its own. */
  readonly planar: boolean
  readonly tiled: boolean
  readonly blockWidth: number
  readonly blockHeight: number
  readonly offsets: readonly number[]
  readonly lengths: readonly number[]
  readonly palette: boolean
  readonly rgb: boolean
  /** The channel that is straight alpha. */
  readonly alpha?: number
}

const kinds = ['', 'uint', 'int', 'float', 'uint']
const types: readonly string[] = [
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'int8',
  'int16',
  'int32',
  'int64',
  'float16',
  'float32',
  'float64',
]
const lerc = 34_887
/** None, LZW, deflate, PackBits, LERC, ZSTD. */
const compressions = [1, 5, 8, 32_773, 32_946, lerc, 50_000]
const straightAlpha = 2

/** @returns undefined for pages that only a decoder of pictures reads: CMYK, JPEG, turned, of few bits, with 0 for white */
export function tiffLayout(page: TiffPage): TiffLayout | undefined {
  const one = (tag: number, otherwise: number): number => page.numbers(tag)[0] ?? otherwise
  const channels = one(tags.samplesPerPixel, 1)
  const allBits = page.numbers(tags.bitsPerSample, [1])
  const allKinds = page.numbers(tags.sampleFormat, [1])
  const [bits, kind] = [allBits[0]!, allKinds[0]!]
  const colours = one(tags.photometric, photometric.blackIsZero)
  const palette = colours === photometric.palette
  const type = palette && bits < 8 ? 'uint8' : `${kinds[kind] ?? ''}${bits}`
  const compression = one(tags.compression, 1)
  const isUniform = [allBits, allKinds].every((all) => all.every((value) => value === all[0]))
  const [width, height] = [one(tags.imageWidth, 0), one(tags.imageLength, 0)]
  const isRead =
    isUniform &&
    types.includes(type) &&
    compressions.includes(compression) &&
    !(compression === lerc && bits === 8) &&
    (palette || [photometric.blackIsZero, photometric.rgb].includes(colours as 1 | 2)) &&
    !(palette && channels > 1) &&
    one(tags.orientation, 1) <= 1 &&
    one(tags.fillOrder, 1) === 1 &&
    [1, 2].includes(one(tags.planarConfiguration, 1)) &&
    width > 0 &&
    height > 0
  if (!isRead) return undefined
  const tiled = page.entries.has(tags.tileOffsets)
  const rows = Math.min(height, one(tags.rowsPerStrip, height) || height)
  const extra = page.numbers(tags.extraSamples)
  const base = colours === photometric.rgb ? 3 : 1
  return {
    width,
    height,
    channels,
    type: type as ElementType,
    bits,
    compression,
    predictor: one(tags.predictor, 1),
    lerc: page.numbers(tags.lercParameters),
    planar: channels > 1 && one(tags.planarConfiguration, 1) === 2,
    tiled,
    blockWidth: tiled ? one(tags.tileWidth, 0) : width,
    blockHeight: tiled ? one(tags.tileLength, 0) : rows,
    offsets: page.numbers(tiled ? tags.tileOffsets : tags.stripOffsets),
    lengths: page.numbers(tiled ? tags.tileByteCounts : tags.stripByteCounts),
    palette,
    rgb: colours === photometric.rgb,
    ...(channels === base + 1 && extra[0] === straightAlpha && { alpha: base }),
  }
}
