/**
 * @file Poolings of ONNX Runtime's domain com.microsoft: averages of quantised tensors, and maxima with channels last.
 */
import { formatValue, invalid } from '../../errors.ts'
import type { Layout } from '../../ops/geometry/tensor-axes.ts'
import { meanOfWindows } from '../../ops/reduce/average.ts'
import { pickElements } from '../../ops/reduce/pick-elements.ts'
import { roundNumber } from '../../reducers/rounding.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { type DType, dtypes, integerRange } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor, type TensorLike } from '../../tensor/tensor.ts'
import type { Attributes } from './attributes.ts'
import { type NodeCall, type NodeRequest, readNode } from './call.ts'
import type { OperatorName } from './operators.ts'
import { poolingCall } from './pooling-call.ts'

/** The domain of ONNX Runtime's own operators. */
export const runtimeDomain = 'com.microsoft'

interface RuntimeOperator {
  /** ONNX's operator with the same windows, and its version with the same attributes. */
  readonly like: OperatorName
  readonly version: number
  /** The fixed layout, or the attribute that is 1 for channels last. */
  readonly layout: Layout | 'channels_last'
  readonly inputs: readonly string[]
  run(call: NodeCall, inputs: readonly unknown[]): Tensor
}

const quantised = ['X', 'x_scale', 'x_zero_point', 'y_scale', 'y_zero_point']

/** The operators that are run. */
export const runtimeOperators: Readonly<Record<string, RuntimeOperator>> = {
  NhwcMaxPool: { like: 'MaxPool', version: 12, layout: 'NHWC', inputs: ['X'], run: maxOfPixels },
  QLinearAveragePool: {
    like: 'AveragePool',
    version: 11,
    layout: 'channels_last',
    inputs: quantised,
    run: averageOfQuantised,
  },
  QLinearGlobalAveragePool: {
    like: 'GlobalAveragePool',
    version: 1,
    layout: 'channels_last',
    inputs: quantised,
    run: globalAverageOfQuantised,
  },
}

/** True for an operator of ONNX Runtime that is run. */
export function isRuntimeOperator(opType: string, domain: string | undefined): boolean {
  return domain === runtimeDomain && Object.hasOwn(runtimeOperators, opType)
}

/**
 * The output of a node of com.microsoft, in a list.
 *
 * @throws PoolError "BAD_PARAM" for an attribute, scale or missing input, "BAD_SHAPE" for a rank or window that does not fit, "BAD_DTYPE"
 */
export function runRuntimeNode(
  { label, opType, attributes = {}, choices = {} }: Omit<NodeRequest, 'opset'>,
  inputs: readonly unknown[],
): readonly Tensor[] {
  const { like, version, layout, inputs: names, run } = runtimeOperators[opType]!
  if (inputs.length > names.length) {
    throw invalid(
      'BAD_PARAM',
      { op: label, argument: 'inputs.length', value: inputs.length },
      `${opType} takes ${names.join(', ')}`,
      'Leave out the rest.',
    )
  }
  const { own, isLast } =
    layout === 'NHWC' ? { own: attributes, isLast: true } : splitLayout(label, attributes)
  const request = { label, opType: like, opset: version, attributes: own, choices }
  return [run({ ...readNode(request), layout: isLast ? 'NHWC' : 'NCHW' }, inputs)]
}

function splitLayout(label: string, { channels_last: last = 0, ...own }: Attributes) {
  if (last === 0 || last === 1 || last === 0n || last === 1n) return { own, isLast: Number(last) === 1 }
  throw invalid(
    'BAD_PARAM',
    { op: label, argument: 'channels_last', value: last },
    'must be 0 for [N, C, ...spatial] or 1 for [N, ...spatial, C]',
    'Pass 0 or 1.',
  )
}

function maxOfPixels(call: NodeCall, [x]: readonly unknown[]): Tensor {
  return pickElements(
    poolingCall(call, bytesOf(call.label, 'X', x), null),
    { reducer: 'max' },
    false,
  ) as Tensor
}

/**
 * Means of x_scale (x - x_zero_point) in float32, as ONNX Runtime averages them. */
function averageOfQuantised(call: NodeCall, inputs: readonly unknown[]): Tensor {
  const { x, from, to } = readQuantised(call.label, inputs, 0)
  const kernel = call.values.kernel_shape as readonly number[]
  const division = call.values.count_include_pad === 1 ? sizeOf(kernel) : ('product' as const)
  const real = Float32Array.from(x.data as Uint8Array, (value) => from.scale * (value - from.zero))
  const { exact } = call.choices
  const settings = { division, exact, rounding: undefined, countPadding: false }
  const means = meanOfWindows(poolingCall(call, new Tensor(real, x.shape), settings))
  return bytesFrom(means, x.dtype, (mean) => halfEven(Math.fround(Math.fround(mean / to.scale) + to.zero)))
}

/**
 * The exact sum of x - x_zero_point, times the scales and the number of elements as one float32 factor, rounded before the zero
 * point is added, as ONNX Runtime has it.
 */
function globalAverageOfQuantised(call: NodeCall, inputs: readonly unknown[]): Tensor {
  const { x, from, to } = readQuantised(call.label, inputs, undefined)
  const whole = Float64Array.from(x.data as Uint8Array, (value) => value - from.zero)
  const settings = { division: 1, exact: false, rounding: undefined, countPadding: false }
  const sums = meanOfWindows(poolingCall(call, new Tensor(whole, x.shape), settings))
  const spatial = call.layout === 'NHWC' ? x.shape.slice(1, -1) : x.shape.slice(2)
  const factor = Math.fround(from.scale / Math.fround(to.scale * sizeOf(spatial)))
  return bytesFrom(sums, x.dtype, (sum) => halfEven(Math.fround(Math.fround(sum) * factor)) + to.zero)
}

const halfEven = roundNumber['half-even']

/** Whole numbers made of those of a tensor, within the range of the dtype. */
function bytesFrom({ data, shape }: Tensor, dtype: DType, whole: (value: number) => number): Tensor {
  const [least, largest] = integerRange(dtype) as readonly [number, number]
  const bytes = new dtypes[dtype].storage(data.length) as Uint8Array
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Math.min(Math.max(whole(data[i] as number), least), largest)
  return new Tensor(bytes, shape, dtype)
}

interface Quantisation {
  readonly scale: number
  readonly zero: number
}

/** @param missing  what a zero point that is left out is; undefined if it must be given */
function readQuantised(
  label: string,
  [x, xScale, xZero, yScale, yZero]: readonly unknown[],
  missing: number | undefined,
) {
  const input = bytesOf(label, 'X', x)
  const read = (side: string, scale: unknown, zero: unknown): Quantisation => ({
    scale: scaleOf(label, `${side}_scale`, scale),
    zero:
      missing !== undefined && (zero === undefined || zero === null)
        ? missing
        : zeroOf(label, `${side}_zero_point`, zero, input.dtype),
  })
  return { x: input, from: read('x', xScale, xZero), to: read('y', yScale, yZero) }
}

function bytesOf(label: string, name: string, given: unknown): Tensor {
  const tensor = asTensor(label, name, given as TensorLike)
  if (tensor.dtype === 'uint8' || tensor.dtype === 'int8') return tensor
  throw invalid(
    'BAD_DTYPE',
    { op: label, argument: `${name}.dtype`, value: tensor.dtype },
    'must be uint8 or int8',
    'Quantise it first.',
  )
}

function zeroOf(label: string, name: string, given: unknown, dtype: DType): number {
  const tensor = asTensor(label, name, given as TensorLike)
  if (tensor.dtype === dtype) return single(label, name, tensor)
  throw invalid(
    'BAD_DTYPE',
    { op: label, argument: `${name}.dtype`, value: tensor.dtype },
    `must be that of X, ${dtype}`,
    'Convert it.',
  )
}

function scaleOf(label: string, name: string, given: unknown): number {
  const tensor = asTensor(label, name, given as TensorLike)
  const scale = single(label, name, tensor)
  if (tensor.dtype === 'float32' && scale > 0 && Number.isFinite(scale)) return scale
  throw invalid(
    tensor.dtype === 'float32' ? 'BAD_PARAM' : 'BAD_DTYPE',
    { op: label, argument: name, value: tensor.dtype === 'float32' ? scale : tensor.dtype },
    'must be a float32 above 0',
    'Pass e.g. tensor(Float32Array.of(0.05), []).',
  )
}

/** The element of a tensor of one. */
function single(label: string, name: string, { data, shape }: Tensor): number {
  if (data.length === 1) return data[0] as number
  throw invalid(
    'BAD_SHAPE',
    { op: label, argument: `${name}.shape`, value: shape },
    `must have one element, and has ${formatValue(data.length)}`,
    'Pass one for the whole tensor.',
  )
}
