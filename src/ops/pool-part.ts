/**
 * @file Some outputs of a pooling, from the inputs that they alone read.
 */
import type { AxisPlan } from '../plan/axis.ts'
import { asTensor } from '../tensor/as-tensor.ts'
import type { TensorLike } from '../tensor/tensor.ts'
import { assertTruths } from './booleans.ts'
import type { Call } from './call.ts'
import { poolCounted } from './counted/pool-counted.ts'
import type { CommonOptions } from './geometry/geometry.ts'
import { parseLayout, tensorAxesOf } from './geometry/tensor-axes.ts'
import type { AnyOperation } from './operation.ts'
import type { Pooled } from './options/with-indices.ts'

/**
 * @param x       the inputs that the slices read
 * @param slices  of the axes of the whole plan
 */
export function poolPart(
  { op, rank, definition }: Pick<AnyOperation, 'op' | 'rank' | 'definition'>,
  x: TensorLike,
  slices: readonly AxisPlan[],
  options: CommonOptions,
): Pooled {
  const { reduction, read } = definition
  const { settings, counting, given } = read(options)
  const input = asTensor(op, 'x', x)
  if (input.isBoolean) assertTruths(op, input, reduction.keepsBooleans === true, counting)
  const axes = tensorAxesOf(op, input.shape, rank, parseLayout(op, options.layout))
  const sizes = slices.map(({ outSize }) => outSize)
  const plan = { outer: axes.outer, axes: slices, inner: axes.inner }
  const resolved = { op, axes, sizes, shape: axes.shapeOf(sizes), plan: () => plan, planes: null }
  const call: Call = { ...resolved, x: input, settings, counting, given }
  return poolCounted(call, reduction, (own) => reduction.forward(own) as Pooled) as Pooled
}
