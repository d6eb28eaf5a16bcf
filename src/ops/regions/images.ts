/**
 * @file The images that regions lie in, and the outputs that are filled region by region.
 */
import { invalid } from '../../errors.ts'
import { numbersOf } from '../../kernels/whole-halves.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Layout } from '../geometry/tensor-axes.ts'

/** A batch of images; float16 and bfloat16 are widened to float32. */
export interface Images {
  readonly batch: number
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly values: ArrayLike<number>
  /** The element of a channel of an image at row 0 and column 0, and the distance between neighbouring columns. */
  readonly planeOf: (image: number, channel: number) => number
  readonly step: number
  /** Rounds a coordinate to the element type; to float32 for float16 and bfloat16. */
  readonly round: (value: number) => number
}

/** The most cells of a grid along an axis. Memory is needed for each, even if the output is empty. */
const longestGrid = 2 ** 16

/** @throws PoolError "LIMIT" for a grid longer than 2^16 along an axis */
export function assertGrid(op: string, size: readonly number[], names: readonly [string, string]): void {
  const axis = size.findIndex((cells) => cells > longestGrid)
  if (axis < 0) return
  throw invalid(
    'LIMIT',
    { op, argument: names[axis]!, value: size[axis] },
    `must be at most ${longestGrid}`,
    'Ask for a smaller output.',
  )
}

/** @throws PoolError "BAD_SHAPE" unless x has four axes, of which only the batch may be empty */
export function readImages(op: string, argument: string, x: Tensor, layout: Layout = 'NCHW'): Images {
  const isFirst = layout === 'NCHW'
  if (x.shape.length !== 4 || x.shape.slice(1).includes(0)) {
    throw invalid(
      'BAD_SHAPE',
      { op, argument: `${argument}.shape`, value: x.shape },
      `must be [${[...(isFirst ? 'NCHW' : 'NHWC')].join(', ')}] with at least one channel, row and column`,
      'Reshape the input.',
    )
  }
  const [batch, a, b, c] = x.shape as [number, number, number, number]
  const [channels, height, width] = isFirst ? [a, b, c] : [c, a, b]
  const area = height * width
  return {
    batch,
    channels,
    height,
    width,
    values: numbersOf(x) as ArrayLike<number>,
    planeOf: isFirst
      ? (image, channel) => (image * channels + channel) * area
      : (image, channel) => image * channels * area + channel,
    step: isFirst ? 1 : channels,
    round: x.dtype === 'float64' ? (value) => value : Math.fround,
  }
}
