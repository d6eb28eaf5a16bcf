/**
 * @file Image files as pixels: bit depth, alpha and sample values as stored, upright.
 */
import { invalid } from '../../errors.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { type Bytes, bytesOf } from '../bytes.ts'
import type { Image, ImageInfo, Samples } from './image.ts'
import { openFile, type Page, type Pages, stillOnly } from './pages.ts'
import { damaged } from './refusals.ts'
import { sniffImage } from './sniff.ts'

/** Options of `readImages` and `readImageInfos`. */
export interface ReadImagesOptions {
  /** The largest total of width times height over the pages that are read. Default: 100 million. Checked before anything is decoded. */
  readonly maxPixels?: number | undefined
  /** The file's name, for messages. */
  readonly name?: string | undefined
}

/** Options of `readImage` and `readImageInfo`. */
export interface ReadImageOptions extends ReadImagesOptions {
  /** Which page of a TIFF or frame of an animation, counted from 1. Required if the file has several. */
  readonly page?: number | undefined
}

/**
 * The pixels of a PNG, JPEG, WebP or TIFF file.
 *
 * Samples are as stored: 16 bits stay 16, integers and floats of TIFFs keep their type, no colour is converted, and the ICC profile is
 * kept for `writeImage`. Exceptions: the EXIF orientation is applied, palette entries and samples of fewer than 8 bits become
 * full samples, and CMYK becomes RGB (by its profile). In a TIFF of 8 or 16 bits premultiplied alpha is divided out, and samples in
 * which 0 means white are inverted. `notes` lists the parts of the file that are lost.
 *
 * @throws PoolError "BAD_FORMAT" for other formats (by content, not by name), files cut short or damaged, and several pages without
 *   `page`; "UNAVAILABLE" for valid files of an unsupported kind, and without sharp, or geotiff if a TIFF needs it;
 *   "LIMIT" above `maxPixels`; "BAD_PARAM" for a missing page
 */
export async function readImage(bytes: Bytes, options: ReadImageOptions = {}): Promise<Image> {
  return await (await openImage(bytes, options)).read()
}

/** The description of the image, and its decoding. @throws PoolError as `readImageInfo` does */
export async function openImage(
  bytes: Bytes,
  options: ReadImageOptions,
): Promise<{ readonly info: ImageInfo; read(): Promise<Image> }> {
  const { pages, op, page } = await open(bytes, options, ['maxPixels', 'name', 'page'])
  const chosen = await choose(pages, page, op)
  return { info: chosen.info, read: () => decode(chosen, op) }
}

/**
 * All pages of a TIFF, or all frames of an animated WebP; one for other files.
 *
 * @throws PoolError as `readImage` does
 */
export async function readImages(bytes: Bytes, options: ReadImagesOptions = {}): Promise<Image[]> {
  const { pages, op, maxPixels } = await open(bytes, options, ['maxPixels', 'name'])
  await infosOf(pages, maxPixels, op)
  const images: Image[] = []
  for (let i = 0; i < pages.count; i++) images.push(await decode(await pages.open(i), op))
  return images
}

/**
 * The description of the image that `readImage` would return, from the head of the file alone.
 *
 * @throws PoolError as `readImage` does, except for errors that only decoding finds
 */
export async function readImageInfo(bytes: Bytes, options: ReadImageOptions = {}): Promise<ImageInfo> {
  return (await openImage(bytes, options)).info
}

/**
 * The descriptions of the images that `readImages` would return.
 *
 * @throws PoolError as `readImages` does, except for errors that only decoding finds
 */
export async function readImageInfos(bytes: Bytes, options: ReadImagesOptions = {}): Promise<ImageInfo[]> {
  const { pages, op, maxPixels } = await open(bytes, options, ['maxPixels', 'name'])
  return await infosOf(pages, maxPixels, op)
}

async function infosOf(pages: Pages, maxPixels: number, op: string): Promise<ImageInfo[]> {
  const infos: ImageInfo[] = []
  let total = 0
  for (let i = 0; i < pages.count; i++) {
    const { info } = await pages.open(i)
    total += info.shape[0] * info.shape[1]
    if (total > maxPixels) throw tooLarge(op, `${i + 1} of ${pages.count} pages`, total, maxPixels)
    infos.push(info)
  }
  return infos
}

async function open(bytes: Bytes, options: ReadImageOptions, names: readonly string[]) {
  const given = readOptions('readImage', options, names)
  const { maxPixels = 100_000_000, name: op = 'readImage', page } = given
  if (!Number.isSafeInteger(maxPixels) || maxPixels < 1) {
    const at = { op, argument: 'maxPixels', value: maxPixels }
    throw invalid('BAD_PARAM', at, 'must be a whole number >= 1', 'Leave it out for 100000000.')
  }
  const file = bytesOf(op, bytes)
  const format = sniffImage(file, op)
  const assertSize = (width: number, height: number): void => {
    if (width * height > maxPixels) throw tooLarge(op, `${width}x${height}`, width * height, maxPixels)
  }
  const pages = await openFile(unshared(file), format, op, assertSize)
  return { pages, op, page, maxPixels }
}

/** A copy of bytes in shared memory, which decoders do not accept. */
function unshared(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return (bytes.buffer as ArrayBufferLike) instanceof ArrayBuffer ? bytes : Uint8Array.from(bytes)
}

async function choose({ format, count, open }: Pages, page: number | undefined, op: string): Promise<Page> {
  if (page === undefined) {
    if (count === 1) return await open(0)
    if (format === 'png') throw stillOnly(op, count)
    throw invalid(
      'BAD_FORMAT',
      { op, argument: `${format} pages`, value: count },
      'must be 1 unless one of them is chosen',
      'Choose one by its page, counted from 1, or read all pages.',
    )
  }
  if (Number.isSafeInteger(page) && page >= 1 && page <= count) return await open(page - 1)
  const at = { op, argument: 'page', value: page }
  throw invalid('BAD_PARAM', at, `the file has ${count}, counted from 1`, 'Choose one of them.')
}

async function decode({ info, read, spool: _, ...rest }: Page, op: string): Promise<Image> {
  const samples = await read()
  const { format, shape, dtype, nodata, notes } = info
  const wanted = shape[0] * shape[1] * shape[2]
  if (samples.length !== wanted)
    throw damaged(op, format, `it holds ${samples.length} samples and ${shape.join('x')} are ${wanted}`)
  return {
    format,
    pixels: new Tensor<Samples>(samples, shape, dtype),
    ...rest,
    ...(nodata !== undefined && { nodata }),
    ...(notes && { notes }),
  }
}

function tooLarge(op: string, value: string, pixels: number, maxPixels: number) {
  return invalid(
    'LIMIT',
    { op, argument: 'size', value },
    `${pixels} pixels are more than the ${maxPixels} that are read`,
    'Raise maxPixels if the file is yours.',
  )
}
