/**
 * @file Image files as pixels, in browsers.
 */
import { invalid } from '../../errors.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { type Bytes, bytesOf } from '../bytes.ts'
import { loadFastPng } from './fast-png.ts'
import type { Image, ImageFormat, Samples } from './image.ts'
import { readPngChunks } from './png-chunks.ts'
import { damaged, unsupported } from './refusals.ts'
import { sniffImage } from './sniff.ts'

const op = 'readImage'
const mostPixels = 100_000_000

/**
 * The pixels of a PNG, JPEG or WebP file of up to 100 megapixels.
 *
 * A PNG keeps its samples, 16 bits too; palettes and samples of fewer than 8 bits become RGB or RGBA of 8. JPEG and WebP are decoded by
 * the browser: upright, in sRGB, as RGB, or RGBA where a pixel is transparent. `notes` lists what is lost on the way.
 *
 * @throws PoolError "BAD_FORMAT" for other formats (by content, not by name) and damaged files, "UNAVAILABLE" for TIFF, and for PNG without
 *   fast-png, "LIMIT" for more pixels, "BAD_PARAM" for what is neither bytes nor a blob
 */
export async function readImage(file: Bytes | Blob): Promise<Image> {
  const bytes = bytesOf(op, file instanceof Blob ? await file.arrayBuffer() : file)
  const format = sniffImage(bytes, op)
  if (format === 'tiff') {
    const rule = 'browsers have no decoder of TIFF'
    throw unsupported(op, 'format', format, rule, 'Convert the file to PNG, or read it in Node.')
  }
  const stored = format === 'png' ? await storedSamples(bytes) : null
  return stored ?? (await decoded(bytes, format))
}

/** A PNG as it is stored; null for palettes, transparent colours and fewer than 8 bits. */
async function storedSamples(bytes: Uint8Array): Promise<Image | null> {
  const { width, height, frames, isWhole } = readPngChunks(bytes) ?? {
    width: 1,
    height: 1,
    frames: 1,
    isWhole: false,
  }
  if (!isWhole) throw damaged(op, 'png', 'its last chunk, IEND, is missing')
  assertSize(width, height)
  const [depth, colour] = [bytes[24]!, bytes[25]!]
  if (depth < 8 || colour === 3) return null
  const { decode } = await loadFastPng()
  const png = caught('png', () => decode(bytes, { checkCrc: true }))
  if (png.transparency !== undefined) return null
  const notes = [
    ...(png.iccEmbeddedProfile ? ['its colour profile is dropped'] : []),
    ...(frames > 1
      ? [`of an animation of ${frames} frames only the picture that stands for it is read`]
      : []),
  ]
  const data = depth === 16 ? (png.data as Uint16Array) : new Uint8Array(png.data)
  return imageOf('png', data, [height, width, png.channels], notes)
}

/** The pixels of the browser's decoder. A canvas multiplies colours by their alpha, so colours of low alpha are coarse. */
async function decoded(bytes: Uint8Array<ArrayBuffer>, format: ImageFormat): Promise<Image> {
  const blob = new Blob([bytes], { type: `image/${format}` })
  const bitmap = await createImageBitmap(blob).catch((cause: unknown) => {
    throw damaged(op, format, 'the browser cannot decode it', cause)
  })
  try {
    const { width, height } = bitmap
    assertSize(width, height)
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, width, height)
    const pixels = new Uint8Array(data.buffer)
    if (isOpaque(pixels)) return imageOf(format, withoutAlpha(pixels), [height, width, 3], [])
    return imageOf(
      format,
      pixels,
      [height, width, 4],
      ['colours of pixels that are partly transparent are approximate'],
    )
  } finally {
    bitmap.close()
  }
}

function imageOf(
  format: ImageFormat,
  data: Samples,
  shape: readonly number[],
  notes: readonly string[],
): Image {
  const pixels = new Tensor<Samples>(data, shape, data instanceof Uint16Array ? 'uint16' : 'uint8')
  return { format, pixels, ...(notes.length > 0 && { notes }) }
}

function isOpaque(pixels: Uint8Array): boolean {
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] !== 255) return false
  return true
}

function withoutAlpha(pixels: Uint8Array): Uint8Array {
  const colours = new Uint8Array((pixels.length / 4) * 3)
  for (let from = 0, to = 0; from < pixels.length; from += 4, to += 3) {
    colours[to] = pixels[from]!
    colours[to + 1] = pixels[from + 1]!
    colours[to + 2] = pixels[from + 2]!
  }
  return colours
}

function caught<T>(format: ImageFormat, act: () => T): T {
  try {
    return act()
  } catch (cause) {
    throw damaged(op, format, cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function assertSize(width: number, height: number): void {
  if (width * height <= mostPixels) return
  throw invalid(
    'LIMIT',
    { op, argument: 'size', value: `${width}x${height}` },
    `${width * height} pixels are more than the ${mostPixels} that are read`,
    'Read it in Node, with maxPixels.',
  )
}
