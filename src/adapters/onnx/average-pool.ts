/**
 * @file ONNX's AveragePool and GlobalAveragePool.
 */
import { meanOfWindows } from '../../ops/reduce/average.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { DilationAttributes, WindowAttributes } from './attribute-types.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { poolingCall } from './pooling-call.ts'

/** Attributes of AveragePool. */
export interface AveragePoolAttributes extends WindowAttributes, DilationAttributes {
  /** 1 divides by padded places too, but never by the overhang of ceil_mode. Default: 0. */
  readonly count_include_pad?: number | bigint | undefined
}

/**
 * ONNX AveragePool, opsets 1 to 22: the mean of each window.
 *
 * @param inputs      X: float16, bfloat16, float32 or float64, [N, C, ...spatial], any number of spatial axes
 * @param attributes  kernel_shape; strides, dilations (default 1); pads or auto_pad; ceil_mode; count_include_pad
 * @param settings    opset; the choices
 * @throws PoolError "BAD_PARAM" for an attribute, "BAD_SHAPE" for a rank or window that does not fit, "BAD_DTYPE"
 *
 * Sums as `avgPool2d`; a window that touches no element gives 0, whatever count_include_pad says.
 * Source: onnx.ai/onnx/operators/onnx__AveragePool.html
 */
export function averagePool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: AveragePoolAttributes,
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('AveragePool', attributes, settings)
  return { Y: runAveragePool(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

/** ONNX GlobalAveragePool, opsets 1 to 22: the mean over all spatial axes, which stay with size 1. Sums as `averagePool`. */
export function globalAveragePool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: Readonly<Record<string, never>> = {},
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('GlobalAveragePool', attributes, settings)
  return { Y: runAveragePool(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

export function runAveragePool(call: NodeCall, inputs: readonly unknown[]): readonly Tensor[] {
  const [x] = readInputs(call, inputs)
  const countPadding = call.values.count_include_pad === 1
  const { exact } = call.choices
  const settings = { division: 'product', exact, rounding: undefined, countPadding } as const
  return [meanOfWindows(poolingCall(call, x, settings, countPadding))]
}
