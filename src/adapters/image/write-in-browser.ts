/**
 * @file Pixels as image files, in browsers.
 */
import { readOptions } from '../../tensor/read-options.ts'
import { assertFits, assertFormat, checkedImage } from './check-image.ts'
import { loadFastPng } from './fast-png.ts'
import type { Image, ImageFormat } from './image.ts'
import { unsupported } from './refusals.ts'

const op = 'writeImage'

/**
 * The bytes of a PNG, lossless, or of a JPEG of quality 90, by the browser's encoder.
 *
 * @throws PoolError as `writeImage` does in Node, and "UNAVAILABLE" for WebP, TIFF and a colour profile, and without fast-png for PNG
 */
export async function writeImage(
  image: Image,
  options: { readonly format?: ImageFormat } = {},
): Promise<Uint8Array> {
  const { format = image?.format } = readOptions(op, options, ['format'])
  const checked = checkedImage(op, image)
  assertFormat(op, format)
  assertFits(op, checked, format)
  if (format !== 'png' && format !== 'jpeg')
    throw unsupported(op, 'format', format, 'browsers write PNG and JPEG', "Pass { format: 'png' }.")
  if (checked.profile !== undefined)
    throw unsupported(op, 'image.profile', 'an ICC profile', 'none is written in browsers', 'Leave it out.')
  return format === 'png' ? await encodePng(checked) : await encodeJpeg(checked)
}

async function encodePng({ pixels }: Image): Promise<Uint8Array> {
  const [height, width, channels] = pixels.shape as readonly [number, number, number]
  const { encode } = await loadFastPng()
  const data = pixels.data as Uint8Array | Uint16Array
  return encode({ width, height, channels, data, depth: pixels.dtype === 'uint16' ? 16 : 8 })
}

async function encodeJpeg({ pixels: { data, shape } }: Image): Promise<Uint8Array> {
  const [height, width, channels] = shape as readonly [number, number, number]
  const opaque = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) opaque[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)]!
  }
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(new ImageData(opaque, width, height), 0, 0)
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
  return new Uint8Array(await blob.arrayBuffer())
}
