/**
 * @file ONNX's MaxUnpool: writes each value at its index. Indices count over the whole output tensor, as MaxPool returns them.
 */
import { invalid } from '../../errors.ts'
import { outputTensor } from '../../ops/buffers.ts'
import { resolveCall } from '../../ops/call.ts'
import type { ResolvedGeometry } from '../../ops/geometry/geometry.ts'
import {
  assertCountable,
  assertSameShape,
  type TensorAxes,
  tensorAxesOf,
} from '../../ops/geometry/tensor-axes.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { rowMajorStrides, sizeOf } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import type { WindowAttributes } from './attribute-types.ts'
import { inputsByName, type NodeCall, readCall, readInputs, type Settings } from './call.ts'
import { listOf } from './windows.ts'

/** Attributes of MaxUnpool: those of the MaxPool that it undoes. */
export type MaxUnpoolAttributes = Omit<WindowAttributes, 'auto_pad'>

/** Inputs of MaxUnpool. */
export interface MaxUnpoolInputs<A extends TypedArray = TypedArray> {
  readonly X: TensorLike<A>
  /** int64, of X's shape. */
  readonly I: TensorLike
  /** int64 [rank]: the whole shape of the output, over which I counts. Replaces the shape computed from the attributes. */
  readonly output_shape?: TensorLike | undefined
}

/**
 * ONNX MaxUnpool, opsets 9 to 22: zeros, with each value of X at its index in I.
 *
 * @param inputs      X: float16, bfloat16, float32 or float64, [N, C, ...spatial]; I; output_shape
 * @param attributes  kernel_shape, strides (default 1) and pads of the pooling that is undone
 * @param settings    opset; the choices; unpoolIndices is for I together with output_shape
 * @returns           of shape output_shape, else (size - 1) * stride - pads + kernel along each spatial axis
 * @throws PoolError "BAD_INDEX" for an index outside the output, "BAD_SHAPE" for shapes that do not fit, "BAD_DTYPE", "BAD_PARAM"
 *
 * If indices repeat, the last value in row-major order wins. Source: onnx.ai/onnx/operators/onnx__MaxUnpool.html
 */
export function maxUnpool<A extends TypedArray>(
  inputs: MaxUnpoolInputs<A>,
  attributes: MaxUnpoolAttributes,
  settings: Settings = {},
): { readonly output: Tensor<A> } {
  const call = readCall('MaxUnpool', attributes, settings)
  return { output: runMaxUnpool(call, inputsByName(call, inputs))[0] as Tensor<A> }
}

export function runMaxUnpool(call: NodeCall, inputs: readonly unknown[]): readonly Tensor[] {
  const { label, choices } = call
  const [x, indices, outputShape] = readInputs(call, inputs)
  assertSameShape(label, 'I', indices!.shape, x.shape, 'the shape of X')
  const usual = unpooledShape(call, x.shape)
  const shape = outputShape === undefined ? usual : readShape(label, outputShape, x.shape)
  const counted = choices.unpoolIndices === 'inferred' ? usual : shape
  assertRoom(label, shape, counted)
  const y = outputTensor(label, x, shape, undefined, [])
  const places = readPlaces(label, indices!, sizeOf(counted))
  const placeOf = counted === shape ? (place: number) => place : corner(counted, shape)
  const [from, to] = [storageOf(x.data), storageOf(y.data)]
  places.forEach((place, at) => {
    to[placeOf(place)] = from[at]!
  })
  return [y]
}

/** Converts a position in `shape` to one in `outer`, in whose first corner `shape` lies. */
function corner(shape: readonly number[], outer: readonly number[]): (place: number) => number {
  const [strides, outerStrides] = [rowMajorStrides(shape), rowMajorStrides(outer)]
  return (place) => {
    let rest = place
    return strides.reduce((moved, stride, axis) => {
      const i = Math.floor(rest / stride)
      rest -= i * stride
      return moved + i * outerStrides[axis]!
    }, 0)
  }
}

/** The output shape of a node without output_shape. */
export function unpooledShape({ label, values }: NodeCall, shape: readonly number[]): readonly number[] {
  const unpooledSizes = ({ spatial }: TensorAxes): ResolvedGeometry => {
    const rank = spatial.length
    const window = listOf(label, 'kernel_shape', values.kernel_shape, rank)!
    const strides = listOf(label, 'strides', values.strides, rank)
    const pads = listOf(label, 'pads', values.pads, rank, 2)
    const sizes = spatial.map((size, axis) => {
      const padding = (pads?.[axis] ?? 0) + (pads?.[rank + axis] ?? 0)
      return (size - 1) * (strides?.[axis] ?? 1) - padding + window[axis]!
    })
    return { sizes, axes: () => [] }
  }
  return resolveCall(label, tensorAxesOf(label, shape, 0, 'NCHW'), unpooledSizes, false).shape
}

function readShape(label: string, outputShape: Tensor, shape: readonly number[]): readonly number[] {
  assertSameShape(label, 'output_shape', outputShape.shape, [shape.length], 'one entry per axis of X')
  const dims = Array.from(outputShape.data as ArrayLike<number | bigint>)
  dims.forEach((dim, axis) => {
    const isSpatial = axis >= 2
    if (isSpatial ? dim >= 1 && dim < 2 ** 31 : Number(dim) === shape[axis]) return
    throw invalid(
      'BAD_SHAPE',
      { op: label, argument: `output_shape[${axis}]`, value: dim },
      isSpatial ? 'must be from 1 to 2^31 - 1' : `must be that of X, ${shape[axis]}`,
      'Pass the shape of the tensor that was pooled.',
    )
  })
  return Object.freeze(dims.map(Number))
}

/** Checks indices as bigints, before they are narrowed. */
function readPlaces(label: string, { data }: Tensor, size: number): Float64Array {
  const end = BigInt(size)
  const indices = data as BigInt64Array
  const places = allocateArray(label, Float64Array, indices.length, temporary)
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    if (index < 0n || index >= end) throw badIndex(label, at, index, size)
    places[at] = Number(index)
  }
  return places
}

function badIndex(label: string, at: number, index: bigint, size: number): Error {
  return invalid(
    'BAD_INDEX',
    { op: label, argument: `I[${at}]`, value: index },
    `must be from 0 to ${size - 1}, within the ${size} elements of the output`,
    'Pass the Indices of MaxPool, and the shape of its input as output_shape.',
  )
}

function assertRoom(label: string, shape: readonly number[], counted: readonly number[]): void {
  const axis = shape.findIndex((size, i) => i > 0 && (counted[i]! < 1 || size < counted[i]!))
  if (axis < 0) {
    assertCountable(label, shape)
    return
  }
  throw invalid(
    'BAD_SHAPE',
    { op: label, argument: `output.shape[${axis}]`, value: shape[axis] },
    counted === shape
      ? 'must be at least 1: (size - 1) * stride - pads + kernel'
      : `must be at least ${Math.max(1, counted[axis]!)}: (size - 1) * stride - pads + kernel`,
    counted === shape ? 'Lower the pads, or pass output_shape.' : 'Pass a larger output_shape.',
  )
}
