/**
 * @file Runs a method over the regions of a call, forward and backward.
 */
import { invalid } from '../../errors.ts'
import { numbersOf } from '../../kernels/whole-halves.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, assertSameDType, filled, outputTensor } from '../buffers.ts'
import { assertCountable, assertSameShape, type Layout, parseLayout } from '../geometry/tensor-axes.ts'
import { type PerAxis, parsePerAxis, parseReal } from '../options/parse.ts'
import { type Boxes, parseBoxes, type Regions } from './boxes.ts'
import { assertGrid, type Images, readImages } from './images.ts'
import { everyCell, type Method, type Target } from './method.ts'

/** Options of pooling over regions. */
export interface RoiOptions {
  /** Height and width of the output. */
  readonly outputSize: PerAxis
  /** Corners are multiplied by it: the size of x as a part of that of the image with the boxes. Default: 1. */
  readonly spatialScale?: number | undefined
  /** 'NCHW' (default) or 'NHWC', of x and of the output, [K, C, height, width] or [K, height, width, C]. */
  readonly layout?: Layout | undefined
  /** The caller's array for the result: of the class of x.data and its length, or a tensor of its shape; must not overlap an input. */
  readonly out?: TypedArray | Tensor | undefined
}

interface Operation<A, O extends RoiOptions> {
  readonly op: string
  /** Names of the options besides those of `RoiOptions`. */
  readonly takes: readonly string[]
  readonly isPositionSensitive: boolean
  methodOf(op: string, options: O): Method<A>
}

interface Call<A> {
  readonly op: string
  readonly x: Tensor
  readonly images: Images
  readonly boxes: Regions
  readonly method: Method<A>
  readonly target: Target
  readonly shape: readonly number[]
  readonly out: unknown
}

/** Options with their meaning. */
interface Settings<A> {
  readonly size: readonly [height: number, width: number]
  readonly layout: Layout
  readonly method: Method<A>
  readonly out: unknown
}

function readSettings<A, O extends RoiOptions>(
  operation: Operation<A, O>,
  op: string,
  given: O,
): Settings<A> {
  const names = ['outputSize', 'spatialScale', ...operation.takes, 'layout', 'out']
  const options = readOptions(op, given, names)
  const size = parsePerAxis(op, 'outputSize', options.outputSize, 2, 1) as readonly [number, number]
  assertGrid(op, size, ['outputSize[0]', 'outputSize[1]'])
  const layout = parseLayout(op, options.layout)
  return { size, layout, method: operation.methodOf(op, options), out: options.out }
}

function readCall<A, O extends RoiOptions>(
  operation: Operation<A, O>,
  op: string,
  x: TensorLike,
  boxes: Boxes,
  given: O,
): Call<A> {
  const { size, layout, method, out } = readSettings(operation, op, given)
  const input = asTensor(op, 'x', x)
  assertFloat(op, 'x', input.dtype, 'regions are pooled in')
  const images = readImages(op, 'x', input, layout)
  const regions = parseBoxes(op, boxes, input)
  const { isPositionSensitive } = operation
  const channels = isPositionSensitive ? ownChannels(op, images, size) : images.channels
  const shape = layout === 'NCHW' ? [regions.length, channels, ...size] : [regions.length, ...size, channels]
  assertCountable(op, shape)
  const area = size[0] * size[1]
  const isFirst = layout === 'NCHW'
  const target: Target = {
    size,
    channels,
    isPositionSensitive,
    planeOf: (region, channel) =>
      isFirst ? (region * channels + channel) * area : region * channels * area + channel,
    step: isFirst ? 1 : channels,
  }
  return { op, x: input, images, boxes: regions, method, target, shape, out }
}

/** @throws PoolError "BAD_SHAPE" unless each cell has channels of its own */
export function ownChannels(
  op: string,
  { channels }: Pick<Images, 'channels'>,
  [height, width]: readonly [number, number],
): number {
  if (channels % (height * width) === 0) return channels / (height * width)
  throw invalid(
    'BAD_SHAPE',
    { op, argument: 'channels of x', value: channels },
    `must be a multiple of ${height * width}, since each of the ${height} x ${width} cells has its own`,
    'Pass another outputSize.',
  )
}

/** The functions of an operation, and a check of options that are wrong for any input. */
export interface RegionOperation<O> {
  readonly op: string
  /** @throws PoolError as `forward` does */
  check(options: O): void
  forward<A extends TypedArray>(x: TensorLike<A>, boxes: Boxes, options: O): Tensor<A>
  backward<A extends TypedArray>(dy: TensorLike<A>, x: TensorLike<A>, boxes: Boxes, options: O): Tensor<A>
}

export function regionFunctions<M, O extends RoiOptions>(operation: Operation<M, O>): RegionOperation<O> {
  return {
    op: operation.op,
    check: (options) => void readSettings(operation, operation.op, options),
    forward<A extends TypedArray>(x: TensorLike<A>, boxes: Boxes, options: O): Tensor<A> {
      const call = readCall(operation, operation.op, x, boxes, options)
      const { op, images, method, target, shape } = call
      const y = outputTensor(op, call.x, shape, call.out, [call.x])
      return filled(op, y, (values) => {
        everyCell(method, images, call.boxes, target, (at, plane, rows, columns) => {
          values[at] = method.reduce(images, plane, rows, columns)
        })
      }) as Tensor<A>
    },
    backward<A extends TypedArray>(dy: TensorLike<A>, x: TensorLike<A>, boxes: Boxes, options: O): Tensor<A> {
      const call = readCall(operation, `${operation.op}Backward`, x, boxes, options)
      const { op, images, method, target, shape } = call
      const gradient = asTensor(op, 'dy', dy, call.x.dtype)
      assertSameShape(op, 'dy', gradient.shape, shape, "the output's shape for these boxes")
      assertSameDType(op, 'dy', gradient, call.x)
      const dx = outputTensor(op, call.x, call.x.shape, call.out, [call.x, gradient])
      const given = numbersOf(gradient) as ArrayLike<number>
      return filled(op, dx, (values) => {
        values.fill(0)
        everyCell(method, images, call.boxes, target, (at, plane, rows, columns) => {
          method.spread!(images, plane, rows, columns, given[at]!, values)
        })
      }) as Tensor<A>
    },
  }
}

export function parseScale(op: string, { spatialScale = 1 }: RoiOptions): number {
  return parseReal(op, 'spatialScale', spatialScale, (value) => value > 0, 'above 0', 0.25)
}

/** @throws PoolError "BAD_PARAM" unless a whole number from -1 to 1024; -1 and 0 take as many samples as a cell has elements */
export function parseRatio(op: string, value: unknown): number {
  if (value === undefined) return 0
  if (Number.isInteger(value) && (value as number) >= -1 && (value as number) <= 1024)
    return Math.max(0, value as number)
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'samplingRatio', value },
    'must be a whole number from -1 to 1024',
    'Pass e.g. 2, or leave it out for as many samples as a cell has elements.',
  )
}
