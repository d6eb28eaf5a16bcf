/**
 * @file The elements that a call leaves out. They are those of x: a derivative, which pools other numbers, has its mask.
 */
import { PoolError } from '../../errors.ts'
import { countedElements, elementOf } from '../../ops/counted/elements.ts'
import { parseMask, spread } from '../../ops/counted/mask.ts'
import { type TensorAxes, tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor, type TensorLike } from '../../tensor/tensor.ts'
import type { CoreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, upload } from './transfer.ts'

export interface LeftOut {
  /** False if every element counts. */
  readonly isMasked: boolean
  /** The options for x, with a mask instead of `nodata`. */
  readonly options: CoreOptions
  /** The same for a derivative, in which windows with too few elements are 0. */
  readonly derivative: CoreOptions
}

/** @throws PoolError as the pooling does for `mask` and `nodata` */
export function leaveOut(tf: TfCore, { op, rank }: AnyOperation, given: CoreOptions, x: Tensor): LeftOut {
  const { mask, nodata, ...options } = given
  if (mask === undefined && nodata === undefined) {
    const isMasked = given.minCount !== undefined || given.fill !== undefined
    return { isMasked, options: given, derivative: isMasked ? { ...given, fill: 0 } : given }
  }
  const axes = tensorAxesOf(op, x.shape, rank, given.layout)
  const own = mask === undefined ? null : maskOf(tf, op, mask as Input)
  const marks = nodata === undefined ? own! : withoutNodata(op, x, axes, own, nodata as Scalar)
  const fill = given.fill ?? nodata
  return {
    isMasked: true,
    options: { ...options, mask: marks, ...(fill !== undefined && { fill }) },
    derivative: { ...options, mask: marks, fill: 0 },
  }
}

/** A mask of TensorFlow.js, of bool or int32, or anything the core takes as one. */
function maskOf(tf: TfCore, op: string, mask: Input): Tensor {
  if (!(mask instanceof tf.Tensor)) return asTensor(op, 'mask', mask as TensorLike, 'uint8')
  const { dtype, shape } = mask
  if (dtype === 'bool') return new Tensor(Uint8Array.from(mask.dataSync()), shape, 'bool')
  return download(op, 'mask', mask)
}

function withoutNodata(op: string, x: Tensor, axes: TensorAxes, mask: Tensor | null, nodata: Scalar): Tensor {
  const shared = mask === null ? null : parseMask(op, mask, axes)
  const elements = countedElements(op, x, axes, shared, elementOf(op, 'nodata', nodata, x.dtype))
  return new Tensor(spread(op, elements, axes, sizeOf(axes.spatial)), x.shape, 'uint8')
}

/** A pooling with curvature where elements are left out: its value and its gradient, which has no gradient. */
export function curvedWithMask(
  tf: TfCore,
  { op, forward, backward }: AnyOperation,
  x: TfTensor,
  options: CoreOptions,
): TfTensor {
  const gradient = tf.customGrad((dy, at) => ({
    value: upload(
      tf,
      backward(download(op, 'dy', dy as TfTensor), download(op, 'x', at as TfTensor), options),
    ),
    gradFunc: () => {
      throw new PoolError(
        'UNAVAILABLE',
        `${op}: the gradient of its gradient is not available where elements are left out. Leave mask and nodata out.`,
        { op },
      )
    },
  }))
  return tf.customGrad((at, save) => {
    ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
    return {
      value: upload(tf, forward(download(op, 'x', at as TfTensor), options) as Tensor),
      gradFunc: (dy: TfTensor, saved: TfTensor[]) => gradient(dy, saved[0]!),
    }
  })(x)
}
