/**
 * @file Writes pixels as an image file without conversion. Samples that a format cannot hold are refused.
 */
import type { Sharp } from 'sharp'
import { invalid, PoolError } from '../../errors.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { formatShape } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { formatTiff } from './format-tiff.ts'
import { capacities, type Image, type ImageFormat, imageFormats, type Samples } from './image.ts'
import { loadSharp } from './sharp.ts'

/** Options of `writeImage`. */
export interface WriteImageOptions {
  /** The format it was read from unless given. */
  readonly format?: ImageFormat
}

interface Encoding {
  /** The duration of each frame in milliseconds. */
  readonly delay?: number[]
  readonly loop?: number
}

/** PNG, WebP and TIFF are lossless. JPEG is written at quality 90 without chroma subsampling. */
const encoders: Readonly<Record<ImageFormat, (image: Sharp, encoding: Encoding) => Sharp>> = {
  png: (image) => image.png({ palette: false }),
  jpeg: (image) => image.jpeg({ quality: 90, chromaSubsampling: '4:4:4' }),
  webp: (image, encoding) => image.webp({ lossless: true, exact: true, ...encoding }),
  tiff: (image) => image.tiff({ compression: 'deflate', predictor: 'horizontal' }),
}

/** TIFF's offsets have 32 bits. */
const maxBytes = 2 ** 32 - 2 ** 24

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
  return isByHand ? formatTiff(checked, { deflate: true }) : await encode(checked, format)
}

/** True if sharp's encoders accept the image. */
function isPicture({ pixels: { dtype }, bands }: Image): boolean {
  return !bands && (dtype === 'uint8' || dtype === 'uint16')
}

async function encode(images: readonly Image[], format: ImageFormat): Promise<Uint8Array> {
  const [{ pixels, animation }] = images as [Image]
  const { shape, dtype } = pixels
  const isGrey = shape[2]! < 3
  const space = dtype === 'uint8' ? (isGrey ? 'b-w' : 'srgb') : isGrey ? 'grey16' : 'rgb16'
  const sharp = await loadSharp()
  const file = formatTiff(images, { deflate: false })
  const carrier = sharp(file, { limitInputPixels: false, ignoreIcc: true, pages: -1 })
  const frames = images.map((image) => image.animation?.delay ?? 100)
  const encoding = animation === undefined ? {} : { delay: frames, loop: animation.loop }
  const { buffer, byteOffset, length } = await encoders[format](
    carrier.toColourspace(space).keepIccProfile(),
    encoding,
  ).toBuffer()
  return new Uint8Array(buffer, byteOffset, length)
}

function checkedImage(op: string, image: Image): Image {
  const isImage = typeof image === 'object' && image !== null && 'pixels' in image
  if (!isImage) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'image', value: image },
      'must be an image: an object with pixels and format',
      'Pass { pixels: tensor, format: "png" }.',
    )
  }
  const pixels = asTensor(op, 'pixels', image.pixels) as Tensor<Samples>
  const { shape, data } = pixels
  if (shape.length !== 3 || !shape.every((dim) => dim >= 1)) {
    const at = { op, argument: 'pixels.shape', value: formatShape(shape) }
    throw invalid('BAD_SHAPE', at, 'must be [H, W, C], none of them 0', 'Write .npy instead.')
  }
  if (data.byteLength > maxBytes) {
    const at = { op, argument: 'pixels', value: `${data.byteLength} bytes` }
    throw invalid('LIMIT', at, `at most ${maxBytes} are encoded`, 'Pool with a larger window.')
  }
  return { ...image, pixels }
}

function assertFormat(op: string, format: ImageFormat): void {
  if (imageFormats.includes(format)) return
  const at = { op, argument: 'format', value: format }
  throw invalid('BAD_PARAM', at, `must be one of ${imageFormats.join(', ')}`, 'Use one of them.')
}

function assertFits(op: string, { pixels, bands }: Image, format: ImageFormat): void {
  const { dtype, shape } = pixels
  const { dtypes, alpha, maxSide } = capacities[format]
  const [height, width, channels] = shape as readonly [number, number, number]
  if (!capacities.tiff.dtypes.includes(dtype)) {
    const at = { op, argument: 'pixels.dtype', value: dtype }
    throw invalid(
      'BAD_DTYPE',
      at,
      `must be one of ${capacities.tiff.dtypes.join(', ')}`,
      'Write .npy instead.',
    )
  }
  if (channels > 65_535) {
    const at = { op, argument: 'pixels.shape', value: formatShape(shape) }
    throw invalid('BAD_SHAPE', at, 'TIFF holds at most 65535 channels', 'Write .npy instead.')
  }
  const wanting = !dtypes.includes(dtype)
    ? `it holds ${dtypes.join(' and ')}, and these are ${dtype}`
    : format !== 'tiff' && (bands || channels > 4)
      ? `it holds 1 to 4 channels of colour and alpha, and these are ${channels} bands`
      : channels % 2 === 0 && !alpha
        ? 'it holds no alpha, and these pixels have it'
        : undefined
  if (wanting !== undefined) {
    const takers = imageFormats.filter((other) => {
      const capacity = capacities[other]
      if (!capacity.dtypes.includes(dtype)) return false
      return other === 'tiff' || (!bands && channels <= 4 && (capacity.alpha || channels % 2 === 1))
    })
    const names = takers.map((taker) => ({ png: 'PNG', jpeg: 'JPEG', webp: 'WebP', tiff: 'TIFF' })[taker])
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'format', value: format },
      wanting,
      `Write ${names.join(' or ')}.`,
    )
  }
  if (Math.max(height, width) > maxSide) {
    throw new PoolError(
      'LIMIT',
      `${op}: size = ${width}x${height}; ${format} holds at most ${maxSide} a side. Write PNG or TIFF.`,
      { op, argument: 'size', value: `${width}x${height}` },
    )
  }
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
