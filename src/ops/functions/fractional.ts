/**
 * @file Fractional max pooling: windows of one size at pseudo-random places, another set for every plane.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { runJob } from '../../kernels/run.ts'
import { planAdaptive } from '../../plan/adaptive.ts'
import { inPlane, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import { allocateArray, temporary } from '../../tensor/allocate.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import type { ArrayClass, DType, TypedArray } from '../../tensor/dtype.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { parseShape, sizeOf } from '../../tensor/shape.ts'
import { storageOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, outputTensor } from '../buffers.ts'
import { gradientOf, type JobOutline } from '../call.ts'
import {
  type FractionalOptions,
  type FractionalWindows,
  fractionalPlans,
  parseSamples,
  readFractional,
} from '../geometry/fractional.ts'
import {
  assertCountable,
  assertNotEmpty,
  assertPixelsLast,
  parseLayout,
  type TensorAxes,
  tensorAxesOf,
} from '../geometry/tensor-axes.ts'
import { parseFlag } from '../options/parse.ts'
import { fromPlanes, toPlanes } from '../planes.ts'
import {
  type ExtremumBackwardFunction,
  type ExtremumBackwardOptions,
  type ExtremumFunction,
  type IndicesOption,
  type IndicesOutOption,
  type PooledWithIndices,
  parseIndicesOut,
} from '../reduce/extremum.ts'
import { parseIndices } from '../reduce/indices.ts'

const names = ['kernelSize', 'outputSize', 'outputRatio', 'randomSamples', 'returnIndices', 'layout', 'out']
const forwardNames = [...names, 'indicesOut']
const backwardNames = [...names, 'indices']

function defineFractional(op: string, rank: number) {
  const read = <O extends FractionalOptions & IndicesOption>(
    name: string,
    options: O,
    accepted = forwardNames,
  ) => {
    const given = readOptions(name, options, accepted)
    const returnIndices = parseFlag(name, 'returnIndices', given.returnIndices, false)
    const windowsIn = readFractional(name, rank, given)
    const layout = parseLayout(name, given.layout)
    const place = (inputShape: readonly number[]) => {
      const axes = tensorAxesOf(name, inputShape, rank, layout)
      const windows = windowsIn(axes)
      const shape = axes.shapeOf(windows.outSize)
      assertNotEmpty(name, axes)
      assertCountable(name, shape)
      return { axes, windows, shape }
    }
    return { given, returnIndices, place }
  }

  const forward = (
    x: TensorLike,
    options = {} as FractionalOptions & IndicesOutOption,
  ): Tensor | PooledWithIndices => {
    const { given, returnIndices, place } = read(op, options)
    const input = asTensor(op, 'x', x)
    const { axes, windows, shape } = place(input.shape)
    assertPixelsLast(op, x, axes)
    const samples = parseSamples(op, rank, axes, input.dtype, given.randomSamples)
    const output = outputTensor(op, input, shape, given.out, [input])
    const planeSize = sizeOf(axes.spatial)
    const indices = parseIndicesOut(op, returnIndices, shape, planeSize, given, [input, output])
    poolPlanes(axes, fractionalPlans(axes, windows, samples), input, output, indices?.data ?? null)
    return indices === null ? output : { output, indices }
  }

  const backward = (
    dy: TensorLike,
    x: TensorLike,
    options = {} as ExtremumBackwardOptions<FractionalOptions>,
  ): Tensor => {
    const name = `${op}Backward`
    const { given, place } = read(name, options, backwardNames)
    const input = asTensor(name, 'x', x)
    const { axes, windows, shape } = place(input.shape)
    assertFloat(name, 'x', input, 'gradients are of')
    const gradient = gradientOf({ op: name, x: input, shape }, dy)
    const indices = findIndices(name, axes, windows, shape, input, given)
    const dx = outputTensor(name, input, input.shape, given.out, [input, gradient, { data: indices }])
    const planned = axes.spatial.map((inSize, axis) => planAdaptive(inSize, windows.outSize[axis]!))
    const plan = { outer: axes.outer, axes: planned, inner: axes.inner }
    runJob({
      reducer: 'max',
      pass: 'backward',
      dtype: input.dtype,
      plan,
      dy: gradient.data,
      dx: dx.data,
      indices,
    })
    return dx
  }

  const findIndices = (
    name: string,
    axes: TensorAxes,
    windows: FractionalWindows,
    shape: readonly number[],
    input: Tensor,
    { indices, randomSamples }: ExtremumBackwardOptions<FractionalOptions>,
  ): IndexArray => {
    if (indices !== undefined) {
      const planeSize = sizeOf(axes.spatial)
      return parseIndices(name, indices, {
        shape,
        why: "the output's shape",
        planeSize,
        mayBeEmpty: () => false,
      })
    }
    if (randomSamples === undefined) throw missingSamples(name)
    const samples = parseSamples(name, rank, axes, input.dtype, randomSamples)
    const found = indexTensor(name, shape, sizeOf(axes.spatial))
    const y = outputTensor(name, input, shape, undefined, [])
    poolPlanes(axes, fractionalPlans(axes, windows, samples), input, y, found.data)
    return found.data
  }

  return {
    op,
    names: forwardNames,
    forward: forward as ExtremumFunction<FractionalOptions>,
    backward: backward as ExtremumBackwardFunction<FractionalOptions>,
    check: (options: FractionalOptions & IndicesOption): void => void read(op, options),
    outputShape: (shape: readonly number[], options: FractionalOptions & IndicesOption) =>
      read(op, options).place(parseShape(op, 'shape', shape)).shape,
    jobs: (
      shape: readonly number[],
      options: FractionalOptions & IndicesOption,
      dtype: DType,
    ): readonly JobOutline[] => {
      const { given, returnIndices, place } = read(op, options)
      const { axes, windows } = place(parseShape(op, 'shape', shape))
      const samples = parseSamples(op, rank, axes, dtype, given.randomSamples)
      const indices = returnIndices ? new Int32Array(0) : null
      const plans = fractionalPlans(axes, windows, samples)
      return plans.map((plan) => ({ reducer: 'max', pass: 'forward', plan, indices }))
    },
  }
}

/** Runs each plane under its own plan. */
function poolPlanes(
  axes: TensorAxes,
  plans: readonly PoolPlan[],
  input: Tensor,
  output: Tensor,
  indices: IndexArray | null,
): void {
  if (plans.length === 0) return
  const [inSize, outSize] = [inPlane(plans[0]!), outPlane(plans[0]!)]
  const isLast = axes.inner > 1
  const [x, y] = [storageOf(input.data), storageOf(output.data)]
  const planes = isLast ? { x: like(x), y: like(y), indices: indices && like(indices) } : { x, y, indices }
  if (isLast) toPlanes(axes, x, planes.x, inSize)
  plans.forEach((plan, i) => {
    runJob({
      reducer: 'max',
      pass: 'forward',
      dtype: input.dtype,
      plan,
      x: planes.x.subarray(i * inSize, (i + 1) * inSize) as TypedArray,
      y: planes.y.subarray(i * outSize, (i + 1) * outSize) as TypedArray,
      indices: (planes.indices?.subarray(i * outSize, (i + 1) * outSize) ?? null) as IndexArray | null,
    })
  })
  if (!isLast) return
  fromPlanes(axes, planes.y, y, outSize)
  if (indices !== null && planes.indices !== null) fromPlanes(axes, planes.indices, indices, outSize)
}

function like<A extends TypedArray>(data: A): A {
  return allocateArray('fractionalMaxPool', data.constructor as ArrayClass<A>, data.length, temporary)
}

function missingSamples(op: string): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument: 'randomSamples', value: undefined },
    'the gradient needs the windows of the forward call',
    'Pass its indices, or the randomSamples given to it.',
  )
}

export const fractionals = {
  fractionalMaxPool2d: defineFractional('fractionalMaxPool2d', 2),
  fractionalMaxPool3d: defineFractional('fractionalMaxPool3d', 3),
}

const { fractionalMaxPool2d: fractional2, fractionalMaxPool3d: fractional3 } = fractionals

/**
 * The maximum of each of a pseudo-random set of overlapping windows of a plane.
 *
 * @param x        any dtype, [N, C, H, W] or [C, H, W] (layout "NHWC": channels last)
 * @param options  kernelSize; outputSize or outputRatio; randomSamples in [0, 1) of x's dtype, [N, C, 2] in the order [W, H],
 *                 such as rand([N, C, 2], { seed }), fresh ones when left out; returnIndices; layout; out; indicesOut
 * @returns        a Tensor of x's dtype, [N, C, Hout, Wout]; with returnIndices, { output, indices }
 * @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" where outputSize + kernelSize - 1 exceeds the input
 *
 * Ties, NaN and indices as in `maxPool2d`. Window starts are computed in x's dtype, as PyTorch does.
 * Source: torch.nn.functional.fractional_max_pool2d; Graham, Fractional Max-Pooling (2014)
 */
export const fractionalMaxPool2d: ExtremumFunction<FractionalOptions> = fractional2.forward

/**
 * The gradient of `fractionalMaxPool2d`, as `maxPool1dBackward`.
 *
 * @param options  those of the forward call, with its `indices` or the `randomSamples` it was given
 */
export const fractionalMaxPool2dBackward: ExtremumBackwardFunction<FractionalOptions> = fractional2.backward

/** Fractional maxima of volumes; randomSamples [N, C, 3] in the order [D, H, W]; the rest as `fractionalMaxPool2d`. */
export const fractionalMaxPool3d: ExtremumFunction<FractionalOptions> = fractional3.forward

/** The gradient of `fractionalMaxPool3d`, as `fractionalMaxPool2dBackward`. */
export const fractionalMaxPool3dBackward: ExtremumBackwardFunction<FractionalOptions> = fractional3.backward
