/**
 * @file Max unpooling: puts each value back where its maximum came from. No window is slid, so no plan and no kernel.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { parseShape, sizeOf } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertSameDType, outputTensor, zeroedTensor } from '../buffers.ts'
import type { JobOutline } from '../call.ts'
import type { CommonOptions } from '../geometry/geometry.ts'
import {
  assertCountable,
  assertNotEmpty,
  assertPixelsLast,
  assertSameShape,
  parseLayout,
  type TensorAxes,
  tensorAxesOf,
} from '../geometry/tensor-axes.ts'
import { type PerAxis, parsePerAxis } from '../options/parse.ts'
import { parseIndices } from '../reduce/indices.ts'

/** Options of max unpooling: those of the pooling that it undoes. */
export interface MaxUnpoolOptions extends CommonOptions {
  /** The window of the pooling that is undone. */
  readonly kernelSize: PerAxis
  /** Its stride. Default: the window. */
  readonly stride?: PerAxis
  /** Its padding. Default: 0. */
  readonly padding?: PerAxis
  /** The pooled axes' sizes, or the whole shape, where several inputs pool to the same size; less than a stride off the default. */
  readonly outputSize?: readonly number[]
}

export type MaxUnpool = <A extends TypedArray = Float32Array>(
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
) => Tensor<A>

export type MaxUnpoolBackward = <A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  indices: TensorLike,
  options: MaxUnpoolOptions,
) => Tensor<A>

const names = ['kernelSize', 'stride', 'padding', 'outputSize', 'layout', 'out']

function defineUnpool(op: string, rank: number) {
  const read = (name: string, given: MaxUnpoolOptions) => {
    const options = readOptions(name, given, names)
    const sizesOf = readSizes(name, rank, options)
    const layout = parseLayout(name, options.layout)
    const place = (inputShape: readonly number[]) => {
      const axes = tensorAxesOf(name, inputShape, rank, layout)
      const sizes = sizesOf(axes)
      assertNotEmpty(name, axes)
      const shape = axes.shapeOf(sizes)
      assertCountable(name, shape)
      return { axes, sizes, shape }
    }
    return { place, out: options.out }
  }

  const readIndices = (
    name: string,
    indices: TensorLike,
    axes: TensorAxes,
    sizes: readonly number[],
  ): IndexArray =>
    parseIndices(name, indices, {
      shape: axes.shape,
      why: 'the shape of x',
      planeSize: sizeOf(sizes),
      mayBeEmpty: () => false,
    })

  const forward = (x: TensorLike, indices: TensorLike, options = {} as MaxUnpoolOptions): Tensor => {
    const { place, out } = read(op, options)
    const input = asTensor(op, 'x', x)
    const { axes, sizes, shape } = place(input.shape)
    assertPixelsLast(op, x, axes)
    const places = readIndices(op, indices, axes, sizes)
    const y = zeroedTensor(op, input, shape, out, [input, { data: places }])
    const [from, to] = [storageOf(input.data), storageOf(y.data)]
    eachPair(axes, sizes, places, (at, place) => {
      to[place] = from[at]!
    })
    return y
  }

  const backward = (
    dy: TensorLike,
    x: TensorLike,
    indices: TensorLike,
    options = {} as MaxUnpoolOptions,
  ): Tensor => {
    const name = `${op}Backward`
    const { place, out } = read(name, options)
    const input = asTensor(name, 'x', x)
    const given = asTensor(name, 'dy', dy, input.dtype)
    const { axes, sizes, shape } = place(input.shape)
    assertSameShape(name, 'dy', given.shape, shape, "the unpooled output's shape")
    assertSameDType(name, 'dy', given, input)
    const places = readIndices(name, indices, axes, sizes)
    const dx = outputTensor(name, input, input.shape, out, [input, given, { data: places }])
    const [from, to] = [storageOf(given.data), storageOf(dx.data)]
    eachPair(axes, sizes, places, (at, place) => {
      to[at] = from[place]!
    })
    return dx
  }

  return {
    op,
    names,
    forward: forward as MaxUnpool,
    backward: backward as MaxUnpoolBackward,
    check: (options: MaxUnpoolOptions): void => void read(op, options),
    outputShape: (shape: readonly number[], options: MaxUnpoolOptions) =>
      read(op, options).place(parseShape(op, 'shape', shape)).shape,
    jobs: (): readonly JobOutline[] => [],
  }
}

/** Visits each pooled element with the unpooled element that its index names, in row-major order. */
function eachPair(
  { outer, inner, spatial }: TensorAxes,
  sizes: readonly number[],
  indices: IndexArray,
  visit: (at: number, place: number) => void,
): void {
  const [pooled, unpooled] = [sizeOf(spatial), sizeOf(sizes)]
  for (let o = 0; o < outer; o++) {
    for (let p = 0; p < pooled; p++) {
      for (let c = 0; c < inner; c++) {
        const at = (o * pooled + p) * inner + c
        visit(at, (o * unpooled + indices[at]!) * inner + c)
      }
    }
  }
}

function readSizes(
  op: string,
  rank: number,
  options: MaxUnpoolOptions,
): (axes: TensorAxes) => readonly number[] {
  const window = parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1)
  const stride = parsePerAxis(op, 'stride', options.stride ?? window, rank, 1)
  const padding = parsePerAxis(op, 'padding', options.padding ?? 0, rank, 0)
  return (axes) => {
    const usual = axes.spatial.map(
      (size, axis) => (size - 1) * stride[axis]! - 2 * padding[axis]! + window[axis]!,
    )
    const sizes = parseOutputSize(op, axes, options.outputSize) ?? usual
    sizes.forEach((size, axis) => {
      const [low, high] = [Math.max(0, usual[axis]! - stride[axis]!), usual[axis]! + stride[axis]!]
      if (size > low && size < high) return
      throw invalid(
        'BAD_SHAPE',
        { op, argument: `outputSize[${axis}]`, value: size },
        `must lie between ${low} and ${high}, less than the stride ${stride[axis]} off ${usual[axis]}`,
        'Pass the shape of the tensor that was pooled.',
      )
    })
    return sizes
  }
}

function parseOutputSize(op: string, axes: TensorAxes, outputSize: unknown): readonly number[] | null {
  if (outputSize === undefined) return null
  const rank = axes.spatial.length
  const shape = parseShape(op, 'outputSize', outputSize)
  if (shape.length === rank) return shape
  const start = (axes.batched ? 1 : 0) + (axes.layout === 'NCHW' ? 1 : 0)
  const sizes = shape.slice(start, start + rank)
  assertSameShape(op, 'outputSize', shape, axes.shapeOf(sizes), `or have ${rank} entries`)
  return sizes
}

export const unpools = {
  maxUnpool1d: defineUnpool('maxUnpool1d', 1),
  maxUnpool2d: defineUnpool('maxUnpool2d', 2),
  maxUnpool3d: defineUnpool('maxUnpool3d', 3),
}

const { maxUnpool1d: unpool1, maxUnpool2d: unpool2, maxUnpool3d: unpool3 } = unpools

/**
 * A sequence that is 0 except where the maxima of `maxPool1d` came from.
 *
 * @param x        any dtype, the pooled values, [N, C, L] or [C, L] (layout "NHWC": [N, L, C] or [L, C])
 * @param indices  integers (or whole float64) of x's shape, as `maxPool1d` returns them: flat in the unpooled plane
 * @param options  kernelSize, stride and padding of the pooling; outputSize; layout; out
 * @returns        a Tensor of x's dtype, [N, C, (L - 1) * stride - 2 * padding + kernelSize] or of outputSize
 * @throws PoolError "BAD_INDEX" for an index outside its plane, "BAD_SHAPE" for shapes or an outputSize that do not fit, "BAD_DTYPE", "BAD_PARAM"
 *
 * Where indices repeat, the last value in row-major order stays. Source: torch.nn.functional.max_unpool1d
 */
export const maxUnpool1d: MaxUnpool = unpool1.forward

/**
 * The gradient of `maxUnpool1d` with respect to x: each element takes the `dy` at its index.
 *
 * @param dy       of the unpooled output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param indices  those of the forward call
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export const maxUnpool1dBackward: MaxUnpoolBackward = unpool1.backward

/**
 * A plane that is 0 except where the maxima of `maxPool2d` came from.
 *
 * @param x        any dtype, the pooled values, [N, C, H, W] or [C, H, W] (layout "NHWC": [N, H, W, C] or [H, W, C])
 * @param indices  integers (or whole float64) of x's shape, as `maxPool2d` returns them: flat in the unpooled plane
 * @param options  kernelSize, stride and padding of the pooling; outputSize; layout; out
 * @returns        a Tensor of x's dtype, (size - 1) * stride - 2 * padding + kernelSize along each pooled axis, or of outputSize
 * @throws PoolError "BAD_INDEX" for an index outside its plane, "BAD_SHAPE" for shapes or an outputSize that do not fit, "BAD_DTYPE", "BAD_PARAM"
 *
 * Where indices repeat, the last value in row-major order stays. Source: torch.nn.functional.max_unpool2d
 *
 * @example maxUnpool2d(output, indices, { kernelSize: 2 })
 */
export const maxUnpool2d: MaxUnpool = unpool2.forward

/**
 * The gradient of `maxUnpool2d` with respect to x: each element takes the `dy` at its index.
 *
 * @param dy       of the unpooled output's shape
 * @param x        the forward input, of which only shape and dtype matter
 * @param indices  those of the forward call
 * @param options  those of the forward call
 * @returns        a Tensor of x's shape and dtype
 * @throws PoolError as the forward call
 */
export const maxUnpool2dBackward: MaxUnpoolBackward = unpool2.backward

/** Unpools volumes [N, C, D, H, W] or [C, D, H, W]; the rest as `maxUnpool1d`. Source: torch.nn.functional.max_unpool3d */
export const maxUnpool3d: MaxUnpool = unpool3.forward

/** The gradient of `maxUnpool3d`, as `maxUnpool1dBackward`. */
export const maxUnpool3dBackward: MaxUnpoolBackward = unpool3.backward
