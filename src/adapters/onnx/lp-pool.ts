/**
 * @file ONNX's LpPool and GlobalLpPool.
 */
import { normOfWindows } from '../../ops/reduce/lp.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { DilationAttributes, WindowAttributes } from './attribute-types.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { poolingCall } from './pooling-call.ts'

/** The norm: attributes of LpPool and GlobalLpPool. */
export interface NormAttributes {
  /** The p of the norm, at least 1; in opset 1 any number above 0. Default: 2. */
  readonly p?: number | bigint | undefined
}

/** Attributes of LpPool. */
export interface LpPoolAttributes extends WindowAttributes, DilationAttributes, NormAttributes {}

/**
 * ONNX LpPool, opsets 1 to 22: the Lp norm of each window, of absolute values; padding adds nothing.
 *
 * @param inputs      X: float16, bfloat16, float32 or float64, [N, C, ...spatial], any number of spatial axes
 * @param attributes  kernel_shape; p; strides, dilations (default 1); pads or auto_pad; ceil_mode
 * @param settings    opset; the choices; partialNorm is for windows that ceil_mode cuts short
 * @throws PoolError "BAD_PARAM" for an attribute, "BAD_SHAPE" for a rank or window that does not fit, "BAD_DTYPE"
 *
 * Powers and sums in float64, rounded once. Source: onnx.ai/onnx/operators/onnx__LpPool.html
 */
export function lpPool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: LpPoolAttributes,
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('LpPool', attributes, settings)
  return { Y: runLpPool(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

/** ONNX GlobalLpPool, opsets 1 to 22: the Lp norm over all spatial axes, which stay with size 1. Norms as `lpPool`. */
export function globalLpPool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: NormAttributes = {},
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('GlobalLpPool', attributes, settings)
  return { Y: runLpPool(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

export function runLpPool(call: NodeCall, inputs: readonly unknown[]): readonly Tensor[] {
  const [x] = readInputs(call, inputs)
  const { values, choices } = call
  const settings = { p: values.p as number, windows: choices.partialNorm }
  return [normOfWindows(poolingCall(call, x, settings, true))]
}
