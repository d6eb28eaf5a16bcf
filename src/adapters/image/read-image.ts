/**
 * @file Image files as pixels: bit depth, alpha and sample values as stored, upright.
 */
import type { Metadata, Sharp } from 'sharp'
import { PoolError, refusal } from '../../errors.ts'
import { Tensor } from '../../tensor/tensor.ts'
import type { Image, ImageFormat } from './image.ts'
import { loadSharp } from './sharp.ts'
import { pngSize, sniffImage } from './sniff.ts'

/** Options of `readImage` and `readImageInfo`. */
export interface ReadImageOptions {
  /** Width times height; 100 million unless given. Checked before anything is decoded. */
  readonly maxPixels?: number
  /** The file's name, for messages. */
  readonly name?: string
}

/** What the head of an image file says. */
export interface ImageInfo {
  readonly format: ImageFormat
  /** [H, W, C] as `readImage` gives it. */
  readonly shape: readonly [height: number, width: number, channels: number]
  readonly dtype: 'uint8' | 'uint16'
}

/**
 * The pixels of a PNG, JPEG, WebP or TIFF file.
 *
 * Samples come as stored: 16 bits stay 16, no colour is converted, and the ICC profile goes along for `writeImage`. Exceptions: the
 * EXIF orientation is applied, palettes and fewer than 8 bits become whole samples, CMYK becomes RGB (by its profile), and in a TIFF
 * alpha that was multiplied in is divided out, and white that is 0 becomes the largest sample.
 *
 * @throws PoolError "BAD_FORMAT" for other formats (by content, not by name), files cut short or damaged, samples of other kinds and
 *   several pages; "LIMIT" above `maxPixels`; "UNAVAILABLE" without sharp
 */
export async function readImage(bytes: Uint8Array, options: ReadImageOptions = {}): Promise<Image> {
  const { format, plan, info, open, op } = await inspect(bytes, options)
  const [height, width] = info.shape
  const image = open({ limitInputPixels: height * width, failOn: 'warning', ignoreIcc: !plan.convert })
  const { data } = await decode(op, format, () =>
    image
      .autoOrient()
      .toColourspace(plan.space)
      .raw({ depth: info.dtype === 'uint8' ? 'uchar' : 'ushort' })
      .toBuffer({ resolveWithObject: true }),
  )
  const samples = plan.spread ? greyAndAlpha(data) : samplesOf(data, info.dtype)
  assertComplete(op, samples.length, info)
  return { format, pixels: new Tensor(samples, info.shape, info.dtype), ...plan.profile }
}

/**
 * What `readImage` would give, from the head of the file alone.
 *
 * @throws PoolError as `readImage` does, but for what only decoding finds
 */
export async function readImageInfo(bytes: Uint8Array, options: ReadImageOptions = {}): Promise<ImageInfo> {
  return (await inspect(bytes, options)).info
}

/** How the samples are asked of sharp. */
interface DecodePlan {
  readonly space: 'b-w' | 'grey16' | 'srgb' | 'rgb16'
  readonly convert: boolean
  /** sharp gives 8-bit grey with alpha as RGB with alpha only. */
  readonly spread: boolean
  readonly profile: { readonly profile?: Uint8Array }
}

async function inspect(bytes: Uint8Array, { maxPixels = 100_000_000, name = 'readImage' }: ReadImageOptions) {
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1) {
    const at = { op: name, argument: 'maxPixels', value: maxPixels }
    throw refusal('BAD_PARAM', at, 'must be a whole number >= 1', 'Leave it out for 100000000.')
  }
  const format = sniffImage(bytes, name)
  assertPixels(name, maxPixels, ...(pngSize(bytes) ?? [1, 1]))
  const sharp = await loadSharp()
  const open = (options: Parameters<typeof sharp>[1]): Sharp => sharp(bytes, options)
  const head = await decode(name, format, () => open({ limitInputPixels: false }).metadata())
  assertPixels(name, maxPixels, head.width, head.height)
  assertOnePage(name, format, head)
  return { format, open, op: name, ...planDecode(name, format, head) }
}

function planDecode(op: string, format: ImageFormat, head: Metadata): { plan: DecodePlan; info: ImageInfo } {
  const { depth, space, channels, hasAlpha } = head
  const wide = depth === 'ushort'
  const isGrey = space === 'b-w' || space === 'grey16'
  const isColour = space === 'srgb' || space === 'rgb16' || space === 'rgb'
  const isCmyk = space === 'cmyk' && channels === 4 && !wide
  const colours = isGrey ? 1 : isCmyk ? 4 : 3
  const known = (isGrey || isColour || isCmyk) && channels === colours + (hasAlpha ? 1 : 0)
  if (!known || (depth !== 'uchar' && !wide)) {
    throw refusal(
      'BAD_FORMAT',
      { op, argument: `${format} samples`, value: `${channels} channels of ${depth}, ${space}` },
      'grey, RGB (with or without alpha) of 8 or 16 bits and CMYK of 8 are read',
      'Convert the file, or save its numbers as .npy.',
    )
  }
  const kept = isCmyk ? 3 : channels
  const spread = isGrey && hasAlpha && !wide
  const space8 = isGrey && !hasAlpha ? 'b-w' : 'srgb'
  const { width, height } = head.autoOrient
  return {
    plan: {
      space: wide ? (isGrey ? 'grey16' : 'rgb16') : space8,
      convert: isCmyk,
      spread,
      profile: head.icc === undefined || isCmyk ? {} : { profile: new Uint8Array(head.icc) },
    },
    info: { format, shape: Object.freeze([height, width, kept] as const), dtype: wide ? 'uint16' : 'uint8' },
  }
}

function assertPixels(op: string, maxPixels: number, width: number, height: number): void {
  if (width * height <= maxPixels) return
  throw refusal(
    'LIMIT',
    { op, argument: 'size', value: `${width}x${height}` },
    `${width * height} pixels are more than the ${maxPixels} that are read`,
    'Raise maxPixels if the file is yours.',
  )
}

function assertOnePage(op: string, format: ImageFormat, { pages = 1 }: Metadata): void {
  if (pages === 1) return
  throw refusal(
    'BAD_FORMAT',
    { op, argument: `${format} pages`, value: pages },
    'must be 1: animations and files of several pages are not pooled',
    'Split the file first.',
  )
}

async function decode<T>(op: string, format: ImageFormat, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.trim().replaceAll(/\s+/g, ' ') : String(cause)
    throw new PoolError(
      'BAD_FORMAT',
      `${op}: ${format} data = damaged; it is cut short or not what its head says (${why}). Fetch or save the file again.`,
      { op, argument: `${format} data`, value: 'damaged', cause },
    )
  }
}

function samplesOf(data: Uint8Array, dtype: 'uint8' | 'uint16'): Uint8Array | Uint16Array {
  if (dtype === 'uint8') return new Uint8Array(data.buffer, data.byteOffset, data.length)
  const aligned = data.byteOffset % 2 === 0 ? data : Uint8Array.from(data)
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2)
}

function greyAndAlpha(data: Uint8Array): Uint8Array {
  const samples = new Uint8Array(data.length / 2)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 2) {
    samples[to] = data[from]!
    samples[to + 1] = data[from + 3]!
  }
  return samples
}

function assertComplete(op: string, length: number, { format, shape }: ImageInfo): void {
  const wanted = shape[0] * shape[1] * shape[2]
  if (length === wanted) return
  throw refusal(
    'BAD_FORMAT',
    { op, argument: `${format} samples`, value: length },
    `its head says ${shape.join('x')}, which are ${wanted}`,
    'Convert the file to another format.',
  )
}
