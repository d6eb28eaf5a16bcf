/**
 * @file Spatial pyramid pooling: adaptive poolings to several sizes, flattened and joined.
 */
import { asTensor } from '../../tensor/as-tensor.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { storageOf, valuesOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, assertSameDType, filled, outputTensor } from '../buffers.ts'
import { assertSameShape } from '../geometry/tensor-axes.ts'
import {
  type Levels,
  type Part,
  resolveLevels,
  type SpatialPyramidOptions,
} from '../spatial-pyramid-levels.ts'

interface Call extends Levels {
  readonly x: Tensor
}

function readCall(op: string, x: TensorLike, given: SpatialPyramidOptions): Call {
  const input = asTensor(op, 'x', x)
  return { x: input, ...resolveLevels(op, input.shape, given) }
}

/** Calls `visit` for each part with the first of its features in a sample and their number. */
function everyPart({ parts }: Call, visit: (part: Part, first: number, size: number) => void): void {
  let first = 0
  for (const part of parts) {
    const size = sizeOf(part.shape.slice(1))
    visit(part, first, size)
    first += size
  }
}

/**
 * The adaptive poolings of x to several sizes, each flattened, one after the other: as many features for images of any size.
 *
 * @param x        any dtype, [N, C, ...spatial] with 1 to 3 pooled axes (layout "NHWC": [N, ...spatial, C])
 * @param options  levels, such as [4, 2, 1]; mode, 'max' (default), 'average', or a list of both; layout; out
 * @returns        a Tensor of x's dtype, [N, C * (cells of all levels) * modes]
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for another number of axes
 *
 * Windows and results as in `adaptiveMaxPool2d` and `adaptiveAvgPool2d`; a level is flattened in the order of its layout.
 * `{ levels: [1, 2, 3, 6], mode: 'average' }` are the means of the pyramid pooling module of PSPNet, and
 * `{ levels: [1], mode: ['average', 'max'] }` is catavgmax of timm.
 * Source: He et al., Spatial Pyramid Pooling in Deep Convolutional Networks (2014)
 *
 * @example spatialPyramidPool(x, { levels: [4, 2, 1] })
 */
export function spatialPyramidPool<A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  options: SpatialPyramidOptions,
): Tensor<A> {
  const op = 'spatialPyramidPool'
  const call = readCall(op, x, options)
  const [batch, features] = call.shape as [number, number]
  const y = outputTensor(op, call.x, call.shape, call.out, [call.x])
  const target = storageOf(y.data)
  everyPart(call, ({ operation, options: own }, first, size) => {
    const level = storageOf((operation.forward(call.x, own) as Tensor).data)
    for (let n = 0; n < batch; n++)
      target.set(level.subarray(n * size, (n + 1) * size) as never, n * features + first)
  })
  return y as Tensor<A>
}

/** The gradient of `spatialPyramidPool`: the sum of those of its adaptive poolings. */
export function spatialPyramidPoolBackward<A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  options: SpatialPyramidOptions,
): Tensor<A> {
  const op = 'spatialPyramidPoolBackward'
  const call = readCall(op, x, options)
  assertFloat(op, 'x', call.x.dtype, 'gradients are of')
  const gradient = asTensor(op, 'dy', dy, call.x.dtype)
  assertSameShape(op, 'dy', gradient.shape, call.shape, "the output's shape for this input")
  assertSameDType(op, 'dy', gradient, call.x)
  const dx = outputTensor(op, call.x, call.x.shape, call.out, [call.x, gradient])
  const [batch, features] = call.shape as [number, number]
  const given = storageOf(gradient.data)
  const sums = new Float64Array(call.x.data.length)
  everyPart(call, ({ operation, options: own, shape }, first, size) => {
    const level = outputTensor(op, call.x, shape, undefined, [])
    const target = storageOf(level.data)
    for (let n = 0; n < batch; n++)
      target.set(given.subarray(n * features + first, n * features + first + size) as never, n * size)
    const part = valuesOf(operation.backward(level, call.x, own)) as ArrayLike<number>
    for (let i = 0; i < sums.length; i++) sums[i]! += part[i]!
  })
  return filled(op, dx, (values) => values.set(sums)) as Tensor<A>
}
