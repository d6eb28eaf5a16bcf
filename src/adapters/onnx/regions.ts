/**
 * @file Code shared by MaxRoiPool and RoiAlign: reads the regions, and fills the output.
 */
import { filled, outputTensor } from '../../ops/buffers.ts'
import { assertCountable, assertSameShape } from '../../ops/geometry/tensor-axes.ts'
import { type Box, cornersOf } from '../../ops/regions/boxes.ts'
import type { Images } from '../../ops/regions/images.ts'
import { everyCell, type Method } from '../../ops/regions/method.ts'
import type { Tensor } from '../../tensor/tensor.ts'

/** @throws PoolError "BAD_SHAPE" unless rois is [K, columns]; "BAD_PARAM" for a NaN or infinite corner */
export function readRegions(label: string, rois: Tensor, columns: number): readonly (readonly number[])[] {
  const count = rois.shape[0] ?? 0
  assertSameShape(label, 'rois', rois.shape, [count, columns], 'a row of numbers per region')
  const values = cornersOf(label, 'rois', rois, columns)
  return Array.from({ length: count }, (_, k) =>
    Array.from({ length: columns }, (_, i) => values[k * columns + i]!),
  )
}

/** The output, [K, C, height, width] of X's element type. */
export function poolRegions<A>(
  label: string,
  x: Tensor,
  images: Images,
  boxes: readonly Box[],
  size: readonly [number, number],
  method: Method<A>,
): Tensor {
  const { channels } = images
  const shape = [boxes.length, channels, ...size]
  assertCountable(label, shape)
  const area = size[0] * size[1]
  const target = {
    size,
    channels,
    isPositionSensitive: false,
    planeOf: (region: number, channel: number) => (region * channels + channel) * area,
    step: 1,
  }
  return filled(label, outputTensor(label, x, shape, undefined, []), (values) => {
    everyCell(method, images, boxes, target, (at, plane, rows, columns) => {
      values[at] = method.reduce(images, plane, rows, columns)
    })
  })
}
