/**
 * @file Boxes: the corners of each region and the image that it lies in.
 */
import { invalid } from '../../errors.ts'
import { copyArray } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { valuesOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertSameDType } from '../buffers.ts'
import { assertSameShape } from '../geometry/tensor-axes.ts'

/** A region: its image, and x1, y1, x2, y2 as given. */
export interface Box {
  readonly image: number
  readonly corners: readonly [x1: number, y1: number, x2: number, y2: number]
}

/** The boxes of a call in order, made one by one: an object for each would take more memory than their numbers. */
export interface Regions {
  readonly length: number
  at(region: number): Box | undefined
}

/** Boxes of all images, [K, 5] of [image, x1, y1, x2, y2], or for each image its own, [L, 4]; of the dtype of x. */
export type Boxes = TensorLike | readonly TensorLike[]

export function parseBoxes(op: string, boxes: Boxes, x: Tensor): Regions {
  if (Array.isArray(boxes) && boxes.length === 0) return []
  if (!isList(boxes)) return readBoxes(op, 'boxes', boxes as TensorLike, x, null)
  if (boxes.length !== x.shape[0]) {
    throw invalid(
      'BAD_SHAPE',
      { op, argument: 'boxes.length', value: boxes.length },
      `must be ${x.shape[0]}, one list of boxes per image`,
      'Pass one for each image, or one tensor [K, 5].',
    )
  }
  return joined(boxes.map((own, image) => readBoxes(op, `boxes[${image}]`, own, x, image)))
}

/** Finds boxes that are asked for in order without a search. */
function joined(parts: readonly Regions[]): Regions {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  let [current, start] = [0, 0]
  return {
    length,
    at(region) {
      if (region < start) [current, start] = [0, 0]
      while (current < parts.length && region - start >= parts[current]!.length)
        start += parts[current++]!.length
      return parts[current]?.at(region - start)
    },
  }
}

/** A list of tensors. Nested arrays are a list if they have three levels. */
function isList(boxes: Boxes): boxes is readonly TensorLike[] {
  const isRow = (entry: unknown) => Array.isArray(entry) && entry.length > 0 && !Array.isArray(entry[0])
  return Array.isArray(boxes) && !boxes.some((entry) => typeof entry === 'number' || isRow(entry))
}

function readBoxes(
  op: string,
  argument: string,
  given: TensorLike,
  x: Tensor,
  image: number | null,
): Regions {
  const columns = image === null ? 5 : 4
  const isEmpty = Array.isArray(given) && given.length === 0
  const boxes = isEmpty ? null : asTensor(op, argument, given, x.dtype)
  if (boxes === null) return []
  const count = boxes.shape[0] ?? 0
  assertSameShape(op, argument, boxes.shape, [count, columns], 'a row of numbers per box')
  assertSameDType(op, argument, boxes, x)
  // A copy, because the result may be written over the boxes.
  const values = copyArray(op, cornersOf(op, argument, boxes, columns) as TypedArray) as Float64Array
  if (image === null)
    for (let k = 0; k < count; k++) batchOf(op, `${argument}[${k}][0]`, values[k * columns]!, x.shape[0]!)
  return {
    length: count,
    at(region) {
      if (region >= count) return undefined
      const end = (region + 1) * columns
      return {
        image: image ?? values[end - columns]!,
        corners: [values[end - 4]!, values[end - 3]!, values[end - 2]!, values[end - 1]!],
      }
    },
  }
}

/** @throws PoolError "BAD_PARAM" for a NaN or infinite corner */
export function cornersOf(op: string, argument: string, boxes: Tensor, columns: number): ArrayLike<number> {
  const values = valuesOf(boxes) as ArrayLike<number>
  for (let at = 0; at < values.length; at++) {
    if (Number.isFinite(values[at]!)) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument: `${argument}[${Math.floor(at / columns)}][${at % columns}]`, value: values[at] },
      'must be finite',
      'Drop the region.',
    )
  }
  return values
}

/** @throws PoolError "BAD_INDEX" unless `value` is a whole number below the batch */
export function batchOf(op: string, argument: string, value: number | bigint, batch: number): number {
  const whole = typeof value === 'bigint' || Number.isInteger(value)
  if (whole && value >= 0 && value < batch) return Number(value)
  throw invalid(
    'BAD_INDEX',
    { op, argument, value },
    `must be a whole number from 0 to ${batch - 1}, an image of the batch of ${batch}`,
    'Pass the image that the region lies in.',
  )
}
