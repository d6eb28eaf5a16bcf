/**
 * @file Chooses the reader of a TIFF page by its samples: sharp as an image, sharp or geotiff as raw numbers, or no reader.
 */
import type { DType } from '../../tensor/dtype.ts'
import { unsupported } from './refusals.ts'
import type { TiffPage } from './tiff-directory.ts'
import { compressionNames, photometric, photometricNames, tags } from './tiff-tags.ts'

export interface TiffSamples {
  readonly width: number
  readonly height: number
  readonly channels: number
  /** "picture" where sharp turns them into grey or RGB; otherwise they are read as stored. */
  readonly reader: 'picture' | 'sharp' | 'geotiff'
  readonly dtype: DType
  /** True if channels are measurements, not colours. */
  readonly bands: boolean
}

interface Layout {
  readonly bits: number
  readonly kind: string
  readonly colours: number
  readonly channels: number
  readonly compression: number
  readonly orientation: number
}

/** @throws PoolError "UNAVAILABLE" for samples, colours and compressions without a reader */
export function tiffSamples(page: TiffPage, op: string): TiffSamples {
  const one = (tag: number, otherwise: number): number => page.numbers(tag)[0] ?? otherwise
  const channels = one(tags.samplesPerPixel, 1)
  const allBits = page.numbers(tags.bitsPerSample, [1])
  const allKinds = page.numbers(tags.sampleFormat, [1])
  const layout: Layout = {
    bits: isUniform(allBits) ? allBits[0]! : Number.NaN,
    kind: isUniform(allKinds) ? (kinds[allKinds[0]!] ?? 'unknown') : 'mixed',
    colours: one(tags.photometric, photometric.blackIsZero),
    channels,
    compression: one(tags.compression, 1),
    orientation: one(tags.orientation, 1),
  }
  const size = { width: one(tags.imageWidth, 0), height: one(tags.imageLength, 0), channels }
  if (isPicture(layout)) {
    return { ...size, reader: 'picture', dtype: layout.bits === 16 ? 'uint16' : 'uint8', bands: false }
  }
  const dtype = layout.bits >= 8 ? dtypeByLayout[`${layout.kind}${layout.bits}`] : undefined
  const isColour = layout.colours === photometric.rgb && (channels === 3 || channels === 4)
  const isGrey = layout.colours === photometric.blackIsZero
  const isKnown = dtype !== undefined && (isColour || isGrey) && layout.orientation <= 1
  const bands = !isColour && channels > 1
  if (isKnown && isRasterOfSharp(layout, isGrey)) return { ...size, reader: 'sharp', dtype, bands }
  if (isKnown && isRasterOfGeotiff(layout)) return { ...size, reader: 'geotiff', dtype, bands }
  throw refuse(op, layout, allBits)
}

const kinds: Readonly<Record<number, string>> = {
  1: 'uint',
  2: 'int',
  3: 'float',
  4: 'uint',
  5: 'complex int',
  6: 'complex float',
}

const dtypeByLayout: Readonly<Record<string, DType>> = {
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  float16: 'float16',
  float32: 'float32',
  float64: 'float64',
}

/** For each colour type: how many samples a pixel has, without and with alpha. */
const pictureChannels: Readonly<Record<number, readonly number[]>> = {
  [photometric.whiteIsZero]: [1, 2],
  [photometric.blackIsZero]: [1, 2],
  [photometric.rgb]: [3, 4],
  [photometric.palette]: [1],
  [photometric.cmyk]: [4],
  [photometric.yCbCr]: [3],
}

const packedForSharp = [1, 2, 3, 4, 5, 7, 8, 32_773, 32_946, 50_001]
const losslessForSharp = [1, 5, 8, 32_773, 32_946]
const packedForGeotiff = [1, 5, 8, 32_773, 32_946, 34_887, 50_000]
const lerc = 34_887

function isPicture({ bits, kind, colours, channels, compression }: Layout): boolean {
  const isDepth =
    kind === 'uint' && [1, 2, 4, 8, 16].includes(bits) && !(bits === 16 && colours === photometric.cmyk)
  return (
    isDepth && packedForSharp.includes(compression) && (pictureChannels[colours]?.includes(channels) ?? false)
  )
}

/** sharp returns 32-bit samples unconverted for one channel or three colours only. */
function isRasterOfSharp({ bits, channels, compression }: Layout, isGrey: boolean): boolean {
  return bits === 32 && losslessForSharp.includes(compression) && channels === (isGrey ? 1 : 3)
}

/** geotiff's LERC gives wrong numbers for 8 bits. */
function isRasterOfGeotiff({ bits, compression }: Layout): boolean {
  return packedForGeotiff.includes(compression) && !(compression === lerc && bits === 8)
}

function isUniform(values: readonly number[]): boolean {
  return values.length > 0 && values.every((value) => value === values[0])
}

function refuse(op: string, layout: Layout, bits: readonly number[]) {
  const { kind, colours, channels, compression, orientation } = layout
  const isPacked = [...packedForSharp, ...packedForGeotiff].includes(compression)
  const packing = compressionNames[compression] ?? `number ${compression}`
  if (!isPacked) {
    return unsupported(
      op,
      'tiff compression',
      packing,
      'none, LZW, deflate, PackBits, CCITT, JPEG, WebP, ZSTD and LERC are read',
      'Save the file with one of them.',
    )
  }
  const colour = photometricNames[colours] ?? `colour space ${colours}`
  const turned = orientation > 1 ? ', turned' : ''
  return unsupported(
    op,
    'tiff samples',
    `${channels} of ${[...new Set(bits)].join(' and ')} bits, ${kind}, ${colour}, packed by ${packing}${turned}`,
    'grey, RGB, palettes, CMYK and YCbCr of up to 8 or 16 bits are read, and grey, bands and RGB of 8 to 32-bit integers and 16 to ' +
      '64-bit floats, upright, without JPEG',
    'Convert the file, or save its numbers as .npy.',
  )
}
