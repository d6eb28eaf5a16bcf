/**
 * @file ONNX's MaxPool and GlobalMaxPool.
 */
import { parseFlag } from '../../ops/options/parse.ts'
import { pickElements } from '../../ops/reduce/pick-elements.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { DilationAttributes, WindowAttributes } from './attribute-types.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings, settingNames } from './call.ts'
import { globalIndices, type StorageOrder } from './global-indices.ts'
import { poolingCall } from './pooling-call.ts'

/** Attributes of MaxPool. */
export interface MaxPoolAttributes extends WindowAttributes, DilationAttributes {
  /** Indices count a plane row by row (0, the default) or column by column (1). */
  readonly storage_order?: number | bigint | undefined
}

/** Settings of MaxPool. */
export interface MaxPoolSettings extends Settings {
  /** Also compute Indices. Default: true, at every opset. */
  readonly indices?: boolean | undefined
}

/** `Indices` count over the whole input tensor; -1 for a window without taps. */
export interface MaxPoolOutputs<A extends TypedArray = TypedArray> {
  readonly Y: Tensor<A>
  readonly Indices: Tensor<BigInt64Array>
}

/**
 * ONNX MaxPool, opsets 1 to 22: the maximum of each window, and its index in the whole tensor.
 *
 * @param inputs      X: [N, C, ...spatial], any number of spatial axes
 * @param attributes  kernel_shape; strides, dilations (default 1); pads or auto_pad; ceil_mode; storage_order
 * @param settings    opset; the choices; `indices: false` leaves Indices out
 * @throws PoolError "BAD_PARAM" for an attribute, "BAD_SHAPE" for a rank or window that does not fit, "BAD_DTYPE"
 *
 * Ties, NaN and empty windows as in `maxPool2d`: ties go to the first, NaN wins, a window without taps gives -Infinity (the least integer) and index -1.
 * Source: onnx.ai/onnx/operators/onnx__MaxPool.html
 */
export function maxPool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: MaxPoolAttributes,
  settings: MaxPoolSettings & { readonly indices: false },
): Pick<MaxPoolOutputs<A>, 'Y'>
export function maxPool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: MaxPoolAttributes,
  settings?: MaxPoolSettings,
): MaxPoolOutputs<A>
export function maxPool(
  inputs: { readonly X: TensorLike },
  attributes: MaxPoolAttributes,
  settings: MaxPoolSettings = {},
): Partial<MaxPoolOutputs> {
  const own = readOptions('MaxPool', settings, [...settingNames, 'indices'])
  const call = readCall('MaxPool', attributes, own, ['indices'])
  const withIndices = parseFlag('MaxPool', 'indices', own.indices, true)
  const [Y, Indices] = runMaxPool(call, inputsByName(call, inputs), withIndices ? 2 : 1)
  return withIndices ? { Y: Y!, Indices: Indices as Tensor<BigInt64Array> } : { Y: Y! }
}

/** ONNX GlobalMaxPool, opsets 1 to 22: the maximum over all spatial axes, which stay with size 1. Ties and NaN as `maxPool`. */
export function globalMaxPool<A extends TypedArray>(
  inputs: { readonly X: TensorLike<A> },
  attributes: Readonly<Record<string, never>> = {},
  settings: Settings = {},
): { readonly Y: Tensor<A> } {
  const call = readCall('GlobalMaxPool', attributes, settings)
  return { Y: runMaxPool(call, inputsByName(call, inputs), 1)[0] as Tensor<A> }
}

export function runMaxPool(call: NodeCall, inputs: readonly unknown[], outputs: number): readonly Tensor[] {
  const [x] = readInputs(call, inputs)
  const pooled = pickElements(poolingCall(call, x, null), { reducer: 'max' }, outputs > 1)
  if (!('indices' in pooled)) return [pooled]
  const { output, indices } = pooled
  return [
    output,
    globalIndices(call.label, indices, x.shape.slice(2), call.values.storage_order as StorageOrder),
  ]
}
