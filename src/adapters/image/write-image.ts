/**
 * @file Pixels as an image file, with the samples they have: what a format cannot hold is refused, not converted.
 */
import type { Sharp } from 'sharp'
import { PoolError, refusal } from '../../errors.ts'
import { formatShape } from '../../tensor/shape.ts'
import { capacities, type Image, type ImageFormat, imageFormats } from './image.ts'
import { loadSharp } from './sharp.ts'
import { tiffCarrier } from './tiff-carrier.ts'

/** Options of `writeImage`. */
export interface WriteImageOptions {
  /** The format it was read from unless given. */
  readonly format?: ImageFormat
}

/** PNG, WebP and TIFF keep every sample; JPEG keeps what quality 90 without chroma subsampling keeps. */
const encoders: Readonly<Record<ImageFormat, (image: Sharp) => Sharp>> = {
  png: (image) => image.png({ palette: false }),
  jpeg: (image) => image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }),
  webp: (image) => image.webp({ lossless: true, exact: true }),
  tiff: (image) => image.tiff({ compression: 'deflate', predictor: 'horizontal' }),
}

/** TIFF's offsets have 32 bits. */
const maxBytes = 2 ** 32 - 2 ** 24

/**
 * The bytes of an image file, with its ICC profile.
 *
 * @throws PoolError "BAD_SHAPE" and "BAD_DTYPE" for pixels that are none, "BAD_PARAM" for 16 bits or alpha in a format without,
 *   "LIMIT" for a side longer than the format takes, "UNAVAILABLE" without sharp
 */
export async function writeImage(image: Image, options: WriteImageOptions = {}): Promise<Uint8Array> {
  const format = options.format ?? image.format
  assertPixels(image)
  assertFits(image, format)
  const { shape, dtype } = image.pixels
  const isGrey = shape[2]! < 3
  const space = dtype === 'uint8' ? (isGrey ? 'b-w' : 'srgb') : isGrey ? 'grey16' : 'rgb16'
  const sharp = await loadSharp()
  const carrier = sharp(tiffCarrier(image), { limitInputPixels: false, ignoreIcc: true })
  const { buffer, byteOffset, length } = await encoders[format](
    carrier.toColourspace(space).keepIccProfile(),
  ).toBuffer()
  return new Uint8Array(buffer, byteOffset, length)
}

function assertPixels({ pixels }: Image): void {
  const { shape, dtype, data } = pixels
  if (dtype !== 'uint8' && dtype !== 'uint16') {
    const at = { op: 'writeImage', argument: 'pixels.dtype', value: dtype }
    throw refusal('BAD_DTYPE', at, 'must be uint8 or uint16', 'Round the values, or write .npy.')
  }
  const isImage = shape.length === 3 && shape.every((dim) => dim >= 1) && shape[2]! <= 4
  if (!isImage) {
    const at = { op: 'writeImage', argument: 'pixels.shape', value: formatShape(shape) }
    throw refusal('BAD_SHAPE', at, 'must be [H, W, C] with C from 1 to 4', 'Write .npy instead.')
  }
  if (data.byteLength > maxBytes) {
    const at = { op: 'writeImage', argument: 'pixels', value: `${data.byteLength} bytes` }
    throw refusal('LIMIT', at, `at most ${maxBytes} are encoded`, 'Pool with a larger window.')
  }
}

function assertFits({ pixels }: Image, format: ImageFormat): void {
  if (!imageFormats.includes(format)) {
    const at = { op: 'writeImage', argument: 'format', value: format }
    throw refusal('BAD_PARAM', at, `must be one of ${imageFormats.join(', ')}`, 'Use one of them.')
  }
  const { bits, alpha, maxSide } = capacities[format]
  const [height, width, channels] = pixels.shape as readonly [number, number, number]
  const wanting =
    pixels.dtype === 'uint16' && bits < 16
      ? 'it holds 8 bits a sample, and these have 16'
      : channels % 2 === 0 && !alpha
        ? 'it holds no alpha, and these pixels have it'
        : undefined
  if (wanting !== undefined) {
    const at = { op: 'writeImage', argument: 'format', value: format }
    throw refusal(
      'BAD_PARAM',
      at,
      wanting,
      `Write ${bits < 16 && pixels.dtype === 'uint16' ? 'PNG' : 'PNG, WebP'} or TIFF.`,
    )
  }
  if (Math.max(height, width) > maxSide) {
    throw new PoolError(
      'LIMIT',
      `writeImage: size = ${width}x${height}; ${format} holds at most ${maxSide} a side. Write PNG or TIFF.`,
      { op: 'writeImage', argument: 'size', value: `${width}x${height}` },
    )
  }
}
