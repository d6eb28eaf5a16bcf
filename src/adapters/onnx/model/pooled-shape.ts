/**
 * @file Output shape and cost of a pooling node, without data. Unknown dimensions stay unknown.
 */
import { type DType, dtypes } from '../../../tensor/dtype.ts'
import { sizeOf } from '../../../tensor/shape.ts'
import type { NodeCall } from '../call.ts'
import { unpooledShape } from '../max-unpool.ts'
import { isGlobal, resolveNode } from '../pooling-call.ts'
import { windowsOf } from '../windows.ts'
import type { Dimension } from './parse-model.ts'
import { readings } from './readings.ts'

/** A shape, possibly with named or unknown sizes. */
export type Dimensions = readonly Dimension[]

/** The cost of one run of the node; per sample if the batch size is unknown. */
export interface Cost {
  /** Bytes of the inputs and outputs. */
  readonly bytes: number
  /** Elements that windows read: one comparison, addition or power each. */
  readonly operations: number
  readonly perItem: boolean
}

/**
 * @throws PoolError as running the node would, for attributes or an input shape that are invalid
 */
export function pooledShape(
  call: NodeCall,
  x: Dimensions | null,
  rois: Dimensions | null,
): Dimensions | null {
  if (x === null) return null
  const { values } = call
  switch (call.schema.name) {
    case 'MaxRoiPool':
      return [rois?.[0] ?? null, x[1] ?? null, ...(values.pooled_shape as readonly number[])]
    case 'RoiAlign':
      return [rois?.[0] ?? null, x[1] ?? null, values.output_height as number, values.output_width as number]
    default: {
      const shape = filled(call, x)
      const pooled =
        call.schema.name === 'MaxUnpool' ? unpooledShape(call, shape) : resolveNode(call, shape).shape
      const strides = values.strides as readonly number[] | undefined
      return pooled.map((size, axis) => {
        if (axis >= 2 && (typeof x[axis] === 'number' || isGlobal(call))) return size
        const stays = axis < 2 || ((strides?.[axis - 2] ?? 1) === 1 && size === shape[axis])
        return stays ? x[axis]! : null
      })
    }
  }
}

/** Null if a shape is unknown, or if the operator's cost depends on its data. */
export function costOf(
  call: NodeCall,
  x: Dimensions | null,
  dtype: string | null,
  outputs: number,
): Cost | null {
  const { name } = call.schema
  const itemSize = dtypes[dtype as DType]?.storage.prototype.BYTES_PER_ELEMENT
  if (x === null || itemSize === undefined || name === 'RoiAlign' || name === 'MaxRoiPool') return null
  if (x.slice(1).some((dim) => typeof dim !== 'number')) return null
  const perItem = typeof x[0] !== 'number'
  const shape = [perItem ? 1 : x[0], ...x.slice(1)] as number[]
  if (name === 'MaxUnpool') {
    const bytes = sizeOf(shape) * (itemSize + 8) + sizeOf(unpooledShape(call, shape)) * itemSize
    return { bytes, operations: sizeOf(shape), perItem }
  }
  const written = sizeOf(resolveNode(call, shape).shape) * (itemSize + (outputs > 1 ? 8 : 0))
  return { bytes: sizeOf(shape) * itemSize + written, operations: operationsOf(call, shape), perItem }
}

/** The elements that all windows read: the product over the axes. */
function operationsOf(call: NodeCall, shape: readonly number[]): number {
  if (isGlobal(call)) return sizeOf(shape)
  const windows = windowsOf(call.label, call.values, shape.slice(2), call.choices)
  return windows.reduce((product, window) => product * readings(window), shape[0]! * shape[1]!)
}

/** Replaces unknown dimensions by a size that any window fits. The caller marks their results as unknown again. */
function filled({ values }: NodeCall, x: Dimensions): readonly number[] {
  const window = (values.kernel_shape as readonly number[] | undefined) ?? []
  const dilations = (values.dilations as readonly number[] | undefined) ?? []
  return x.map((dim, axis) => {
    if (typeof dim === 'number') return dim
    return axis < 2 ? 1 : ((window[axis - 2] ?? 1) - 1) * (dilations[axis - 2] ?? 1) + 1
  })
}
