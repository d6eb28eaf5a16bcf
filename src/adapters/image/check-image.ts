/**
 * @file Checks that an image is one, and that a format can hold it.
 */
import { invalid, PoolError } from '../../errors.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { formatShape } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { capacities, type Image, type ImageFormat, imageFormats, type Samples } from './image.ts'

/** TIFF's offsets have 32 bits. */
export const maxBytes = 2 ** 32 - 2 ** 24

export function checkedImage(op: string, image: Image): Image {
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

export function assertFormat(op: string, format: ImageFormat): void {
  if (imageFormats.includes(format)) return
  const at = { op, argument: 'format', value: format }
  throw invalid('BAD_PARAM', at, `must be one of ${imageFormats.join(', ')}`, 'Use one of them.')
}

export function assertFits(op: string, { pixels, bands }: Image, format: ImageFormat): void {
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
