/**
 * @file Splits a tensor's shape into batch, channels and pooled axes, in either layout.
 */
import { invalid } from '../../errors.ts'
import { formatShape, sizeOf } from '../../tensor/shape.ts'
import { parseName } from '../options/parse.ts'

/** Channels before ('NCHW') or after ('NHWC') the pooled axes, for 1-D and 3-D too. */
export type Layout = 'NCHW' | 'NHWC'

/** @throws PoolError "BAD_PARAM" for another name */
export function parseLayout(op: string, layout: unknown): Layout {
  return parseName<Layout>(op, 'layout', layout, ['NCHW', 'NHWC'])
}

/** A shape seen as `[outer][spatial...][inner]`. */
export interface TensorAxes {
  readonly shape: readonly number[]
  readonly layout: Layout
  readonly batched: boolean
  readonly batch: number
  readonly channels: number
  readonly spatial: readonly number[]
  readonly outer: number
  readonly inner: number
  /** This shape with the pooled axes replaced. */
  shapeOf(spatial: readonly number[]): readonly number[]
}

const axisNames = ['D', 'H', 'W']

/**
 * @param rank  the number of pooled axes; 0 pools all axes after batch and channels
 * @throws PoolError "BAD_SHAPE" for another number of axes
 */
export function tensorAxesOf(op: string, shape: readonly number[], rank: number, layout: Layout): TensorAxes {
  const pooled = rank === 0 ? shape.length - 2 : rank
  const batched = shape.length === pooled + 2
  if (pooled < 1 || (!batched && shape.length !== pooled + 1)) throw badRank(op, shape, rank, layout)
  const lead = batched ? shape.slice(0, 1) : []
  const start = lead.length + (layout === 'NCHW' ? 1 : 0)
  const spatial = shape.slice(start, start + pooled)
  const channels = layout === 'NCHW' ? shape[lead.length]! : shape[shape.length - 1]!
  const batch = lead[0] ?? 1
  return {
    shape,
    layout,
    batched,
    batch,
    channels,
    spatial,
    outer: layout === 'NCHW' ? batch * channels : batch,
    inner: layout === 'NCHW' ? 1 : channels,
    shapeOf: (sizes) =>
      Object.freeze(layout === 'NCHW' ? [...lead, channels, ...sizes] : [...lead, ...sizes, channels]),
  }
}

/** @throws PoolError "BAD_SHAPE" for a channel or pooled axis of length 0; a batch may be 0. "LIMIT" for one of 2^31 or more */
export function assertNotEmpty(op: string, { shape, batched, spatial }: TensorAxes): void {
  const long = spatial.findIndex((dim) => dim >= 2 ** 31)
  if (long >= 0) {
    throw invalid(
      'LIMIT',
      { op, argument: `x.shape, pooled axis ${long}`, value: spatial[long] },
      'a pooled axis must be shorter than 2^31',
      'Split the input along it.',
    )
  }
  const axis = shape.findIndex((dim, i) => dim === 0 && !(batched && i === 0))
  if (axis < 0) return
  throw invalid(
    'BAD_SHAPE',
    { op, argument: `x.shape[${axis}]`, value: 0 },
    'only the batch axis may have length 0',
    'Pass at least one channel and one element along every pooled axis.',
  )
}

function badRank(op: string, shape: readonly number[], rank: number, layout: Layout): Error {
  const names = rank === 0 ? ['...'] : rank === 1 ? ['L'] : axisNames.slice(-rank)
  const unbatched = (layout === 'NCHW' ? ['C', ...names] : [...names, 'C']).join(', ')
  return invalid(
    'BAD_SHAPE',
    { op, argument: 'x.shape', value: shape },
    rank === 0
      ? `has ${shape.length} axes; must have at least 3: [N, ${unbatched}]`
      : `has ${shape.length} axes; must have ${rank + 1}, [${unbatched}], or ${rank + 2}, [N, ${unbatched}]`,
    'Reshape the input.',
  )
}

/** @throws PoolError "BAD_PARAM" for ImageData, whose channels are last, with layout 'NCHW' */
export function assertPixelsLast(op: string, x: object, { layout }: TensorAxes): void {
  const isPixels = 'width' in x && 'height' in x && !('shape' in x) && !('dims' in x)
  if (!isPixels || layout === 'NHWC') return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'layout', value: layout },
    'ImageData has its channels last: [H, W, 4]',
    "Pass layout: 'NHWC'.",
  )
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false
  return true
}

/** @throws PoolError "BAD_SHAPE" unless the shapes are the same */
export function assertSameShape(
  op: string,
  argument: string,
  shape: readonly number[],
  expected: readonly number[],
  why: string,
): void {
  if (sameShape(shape, expected)) return
  throw invalid(
    'BAD_SHAPE',
    { op, argument: `${argument}.shape`, value: shape },
    `must be [${expected.join(', ')}], ${why}`,
    `Pass the ${argument} that belongs to this call.`,
  )
}

/** @throws PoolError "LIMIT" if an axis has 2^31 elements or more, or the whole shape 2^53 or more */
export function assertCountable(op: string, shape: readonly number[]): void {
  if (sizeOf(shape) < 2 ** 53 && shape.every((dim) => dim < 2 ** 31)) return
  throw invalid(
    'LIMIT',
    { op, argument: 'output shape', value: formatShape(shape) },
    'an axis must be shorter than 2^31 and the whole below 2^53 elements',
    'Ask for a smaller output.',
  )
}
