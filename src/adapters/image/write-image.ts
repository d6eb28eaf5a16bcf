/**
 * @file Writes pixels as an image file without conversion. Samples that a format cannot hold are refused.
 */
import type { Sharp } from 'sharp'
import { invalid } from '../../errors.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { formatShape } from '../../tensor/shape.ts'
import { assertFits, assertFormat, checkedImage, maxBytes } from './check-image.ts'
import { formatTiff } from './format-tiff.ts'
import type { Image, ImageFormat, Samples } from './image.ts'
import { loadSharp, type SharpModule } from './sharp.ts'

/** Options of `writeImage`. */
export interface WriteImageOptions {
  /** The format it was read from unless given. */
  readonly format?: ImageFormat | undefined
}

interface Encoding {
  /** The duration of each frame in milliseconds. */
  readonly delay?: number[] | undefined
  readonly loop?: number | undefined
}

/** PNG, WebP and TIFF are lossless. JPEG is written at quality 90 without chroma subsampling. */
const encoders: Readonly<Record<ImageFormat, (image: Sharp, encoding: Encoding) => Sharp>> = {
  png: (image) => image.png({ palette: false }),
  jpeg: (image) => image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }),
  webp: (image, encoding) => image.webp({ lossless: true, exact: true, ...encoding }),
  tiff: (image) => image.tiff({ compression: 'deflate', predictor: 'horizontal' }),
}

/**
 * The bytes of an image file, with its ICC profile.
 *
 * @throws PoolError "BAD_SHAPE" and "BAD_DTYPE" for invalid pixels, "BAD_PARAM" for samples, alpha or bands that the format does not have,
 *   "LIMIT" for a side longer than the format takes, "UNAVAILABLE" without sharp
 */
export async function writeImage(image: Image, options: WriteImageOptions = {}): Promise<Uint8Array> {
  return await writeImages([image], options)
}

/**
 * The bytes of a TIFF with one page per image, or of an animated WebP with one frame per image; a single image may have any format.
 *
 * @throws PoolError as `writeImage` does, and "BAD_PARAM" for several images in PNG or JPEG, "BAD_SHAPE" for frames that differ
 */
export async function writeImages(
  images: readonly Image[],
  options: WriteImageOptions = {},
): Promise<Uint8Array> {
  return await writeUnchanged(images, options, (data) => data.slice())
}

/**
 * As `writeImages`, of pixels that stay as they are until it is done.
 *
 * @param keep  what is to be encoded
 */
export async function writeUnchanged(
  images: readonly Image[],
  options: WriteImageOptions,
  keep = (data: Samples): Samples => data,
): Promise<Uint8Array> {
  const op = 'writeImage'
  const { format: wanted } = readOptions(op, options, ['format'])
  if (!Array.isArray(images) || images.length === 0) {
    const at = { op, argument: 'images', value: images }
    throw invalid('BAD_PARAM', at, 'must be an array of one or more images', 'Pass [image].')
  }
  const checked = (images as readonly Image[]).map((image) => checkedImage(op, image))
  const [first] = checked as [Image]
  const format = wanted ?? first.format
  assertFormat(op, format)
  for (const image of checked) assertFits(op, image, format)
  if (checked.length > 1) assertSeveral(op, checked, format)
  const isByHand = format === 'tiff' && (checked.length > 1 || !isPicture(first))
  return isByHand ? formatTiff(checked, { deflate: true }) : await encode(checked, format, keep)
}

/** True if sharp's encoders accept the image. */
function isPicture({ pixels: { dtype }, bands }: Image): boolean {
  return !bands && (dtype === 'uint8' || dtype === 'uint16')
}

async function encode(
  images: readonly Image[],
  format: ImageFormat,
  keep: (data: Samples) => Samples,
): Promise<Uint8Array> {
  const [{ pixels, animation }] = images as [Image]
  const { shape, dtype } = pixels
  const isGrey = shape[2]! < 3
  const space = dtype === 'uint8' ? (isGrey ? 'b-w' : 'srgb') : isGrey ? 'grey16' : 'rgb16'
  const sharp = await loadSharp()
  const carrier = carrierOf(sharp, images, keep)
  const frames = images.map((image) => image.animation?.delay ?? 100)
  const encoding = animation === undefined ? {} : { delay: frames, loop: animation.loop }
  const { buffer, byteOffset, length } = await encoders[format](
    carrier.toColourspace(space).keepIccProfile(),
    encoding,
  ).toBuffer()
  return new Uint8Array(buffer, byteOffset, length)
}

/** The pixels for sharp: a TIFF where there are several or a profile. */
function carrierOf(sharp: SharpModule, images: readonly Image[], keep: (data: Samples) => Samples): Sharp {
  const [{ pixels, profile }] = images as [Image]
  if (images.length > 1 || profile !== undefined) {
    const file = formatTiff(images, { deflate: false })
    return sharp(file, { limitInputPixels: false, ignoreIcc: true, pages: -1 })
  }
  const [height, width, channels] = pixels.shape as readonly [number, number, 1 | 2 | 3 | 4]
  const raw = { width, height, channels }
  return sharp(keep(pixels.data) as Uint8Array, { limitInputPixels: false, raw })
}

function assertSeveral(op: string, images: readonly Image[], format: ImageFormat): void {
  if (format === 'png' || format === 'jpeg') {
    const at = { op, argument: 'format', value: format }
    throw invalid(
      'BAD_PARAM',
      at,
      `it holds one picture, and these are ${images.length}`,
      'Write TIFF or WebP.',
    )
  }
  const total = images.reduce((sum, { pixels }) => sum + pixels.data.byteLength, 0)
  if (total > maxBytes) {
    const at = { op, argument: 'images', value: `${total} bytes` }
    throw invalid('LIMIT', at, `at most ${maxBytes} are encoded`, 'Write several files.')
  }
  if (format === 'tiff') return
  const shapes = new Set(images.map(({ pixels }) => formatShape(pixels.shape)))
  if (shapes.size === 1) return
  const at = { op, argument: 'pixels.shape', value: [...shapes] }
  throw invalid('BAD_SHAPE', at, 'the frames of a WebP have one shape', 'Write TIFF.')
}
