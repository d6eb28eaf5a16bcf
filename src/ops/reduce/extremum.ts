/**
 * @file Operations that pick one element of each window: a geometry with max or min, forward beside backward.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray } from '../../kernels/job.ts'
import { runJob } from '../../kernels/run.ts'
import { ownerOf, withTemporary } from '../../kernels/wasm/wasm-memory.ts'
import { hasEmptyWindow, inPlane, isEmptyWindow, outPlane, type PoolPlan } from '../../plan/pool-plan.ts'
import type { TypedArray } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertFloat, indexTensor, indexTensorIn, outputTensor, withOutput } from '../buffers.ts'
import { bind, type Call, type Given, gradientOf, opInfo, type Signature } from '../call.ts'
import type { CommonOptions, Geometry, OptionsArgument } from '../geometry/geometry.ts'
import { parseFlag } from '../options/parse.ts'
import { parseIndices } from './indices.ts'

/** The option of max and min pooling that asks for indices. */
export interface IndicesOption {
  /** Also return, per output, the position of its element in the plane of the pooled axes, flat and row-major. */
  readonly returnIndices?: boolean
}

/** Where the positions go. */
export interface IndicesOutOption extends IndicesOption {
  /** With `returnIndices`: the caller's own array for them, an Int32Array of the output's length, or a tensor of its shape, that overlaps nothing else. */
  readonly indicesOut?: IndexArray | Tensor<IndexArray>
}

/** The forward call's options; `indices` saves finding the elements again. */
export type ExtremumBackwardOptions<O> = O & IndicesOption & { readonly indices?: TensorLike }

/** Outputs with the positions they come from: Int32Array, or Float64Array for planes of 2^31 elements or more; -1 for none. */
export interface PooledWithIndices<A extends TypedArray = TypedArray> {
  readonly output: Tensor<A>
  readonly indices: Tensor<IndexArray>
}

export interface ExtremumFunction<O extends CommonOptions> {
  <A extends TypedArray = Float32Array>(
    x: TensorLike<A>,
    options: O & IndicesOutOption & { readonly returnIndices: true },
  ): PooledWithIndices<A>
  <A extends TypedArray = Float32Array>(
    x: TensorLike<A>,
    ...options: OptionsArgument<O & { readonly returnIndices?: false }>
  ): Tensor<A>
  <A extends TypedArray = Float32Array>(
    x: TensorLike<A>,
    ...options: OptionsArgument<O & IndicesOutOption>
  ): Tensor<A> | PooledWithIndices<A>
}

export type ExtremumBackwardFunction<O extends CommonOptions> = <A extends TypedArray = Float32Array>(
  dy: TensorLike<A>,
  x: TensorLike<A>,
  ...options: OptionsArgument<ExtremumBackwardOptions<O>>
) => Tensor<A>

export function defineExtremum<O extends CommonOptions>(
  op: string,
  reducer: 'max' | 'min',
  geometry: Geometry<O>,
) {
  const signature: Signature<O & IndicesOutOption, boolean> = {
    op,
    geometry,
    names: ['returnIndices', 'indicesOut'],
    settings: (name, { returnIndices }) => parseFlag(name, 'returnIndices', returnIndices, false),
  }
  const gradient = { ...signature, op: `${op}Backward`, names: ['returnIndices', 'indices'] }
  const call = bind(signature)
  const callBackward = bind(gradient)

  const forward = (x: TensorLike, options = {} as O & IndicesOutOption): Tensor | PooledWithIndices => {
    const { x: input, settings: returnIndices, given, shape, axes, plan } = call(x, options)
    const output = outputTensor(op, input, shape, given.out, [input])
    const indices = parseIndicesOut(op, returnIndices, shape, sizeOf(axes.spatial), given, [input, output])
    const { dtype, data } = input
    runJob({
      reducer,
      pass: 'forward',
      dtype,
      plan: plan(),
      x: data,
      y: output.data,
      indices: indices?.data ?? null,
    })
    return indices === null ? output : { output, indices }
  }

  const backward = (dy: TensorLike, x: TensorLike, options = {} as ExtremumBackwardOptions<O>): Tensor => {
    const called = callBackward(x, options)
    const { op: name, x: input, given } = called
    assertFloat(name, 'x', input, 'gradients are of')
    const gradient = gradientOf(called, dy)
    const plan = called.plan()
    const checked = given.indices === undefined ? null : checkIndices(called, plan, given.indices)
    const read = checked === null ? [input, gradient] : [input, gradient, { data: checked }]
    const dx = outputTensor(name, input, input.shape, given.out, read)
    const send = (indices: IndexArray): void =>
      runJob({ reducer, pass: 'backward', dtype: input.dtype, plan, dy: gradient.data, dx: dx.data, indices })
    if (checked === null) withIndices(called, plan, send)
    else send(checked)
    return dx
  }

  /** Finds the elements again, where the kernels read them without a copy. */
  const withIndices = (
    { op: name, x, shape }: Call,
    plan: PoolPlan,
    use: (indices: IndexArray) => void,
  ): void => {
    const { dtype, data } = x
    const planeSize = inPlane(plan)
    withOutput(name, x, shape, (y) => {
      const find = (indices: IndexArray): void => {
        runJob({ reducer, pass: 'forward', dtype, plan, x: data, y, indices })
        use(indices)
      }
      if (ownerOf([data]) === undefined || planeSize >= 2 ** 31)
        find(indexTensor(name, shape, planeSize).data)
      else withTemporary(data, Int32Array, sizeOf(shape), find)
    })
  }

  return {
    op,
    forward: forward as ExtremumFunction<O>,
    backward: backward as ExtremumBackwardFunction<O>,
    ...opInfo(signature, ({ plan }, returnIndices) => ({
      reducer,
      pass: 'forward',
      plan: plan(),
      indices: returnIndices ? new Int32Array(0) : null,
    })),
  }
}

/** Where the indices go, if any are asked for: a fresh array or the caller's own. */
export function parseIndicesOut(
  op: string,
  returnIndices: boolean,
  shape: readonly number[],
  planeSize: number,
  { indicesOut }: Given,
  others: readonly Tensor[],
): Tensor<IndexArray> | null {
  if (indicesOut === undefined) return returnIndices ? indexTensor(op, shape, planeSize) : null
  if (returnIndices) return indexTensorIn(op, shape, planeSize, indicesOut, others)
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'indicesOut', value: indicesOut },
    'is for returnIndices: true',
    'Set it, or leave indicesOut out.',
  )
}

function checkIndices(call: Call, plan: PoolPlan, indices: TensorLike): IndexArray {
  const someEmpty = hasEmptyWindow(plan)
  return parseIndices(call.op, indices, {
    shape: call.shape,
    why: "the output's shape",
    planeSize: inPlane(plan),
    mayBeEmpty: (at) => someEmpty && isEmptyWindow(plan, Math.floor(at / plan.inner) % outPlane(plan)),
  })
}
