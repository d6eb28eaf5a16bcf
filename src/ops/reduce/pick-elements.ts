/**
 * @file The forward pass of the reductions that pick an element of each window: its value and, on request, its index.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray, Kernel } from '../../kernels/job.ts'
import type { ExtremumSpec } from '../../reducers/extremum.ts'
import type { ModeSpec } from '../../reducers/mode.ts'
import type { OrderSpec } from '../../reducers/order.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { indexTensor, indexTensorIn, outputTensor } from '../buffers.ts'
import { type Call, type Given, planesOf } from '../call.ts'
import type { Pooled } from '../options/with-indices.ts'
import { runPlanes } from '../planes.ts'

/** @param optional  as in `kernelsFor` */
export function pickElements(
  call: Call,
  spec: ExtremumSpec | ModeSpec | OrderSpec,
  returnIndices: boolean,
  optional?: readonly Kernel[],
): Pooled {
  const { op, x, given, shape, axes, plan } = call
  const planes = planesOf(call)
  const output = outputTensor(op, x, shape, given.out, [x])
  const indices = parseIndicesOut(op, returnIndices, shape, sizeOf(axes.spatial), given, [x, output])
  /** The spec is spread last: V8 makes objects that begin with a spread much more slowly. */
  const job = {
    pass: 'forward',
    dtype: x.dtype,
    plan: plan(),
    x: x.data,
    y: output.data,
    indices: indices?.data ?? null,
    ...spec,
  } as const
  runPlanes(call, planes, job, optional)
  return indices === null ? output : { output, indices }
}

/** The array for the indices, new or the caller's; null if indices are not returned. */
export function parseIndicesOut(
  op: string,
  returnIndices: boolean,
  shape: readonly number[],
  planeSize: number,
  { indicesOut }: Given,
  others: readonly Tensor[],
): Tensor<IndexArray> | null {
  if (indicesOut === undefined) return returnIndices ? indexTensor(op, shape, planeSize) : null
  if (returnIndices) return indexTensorIn(op, shape, planeSize, indicesOut, others)
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'indicesOut', value: indicesOut },
    'is for returnIndices: true',
    'Set it, or leave indicesOut out.',
  )
}
