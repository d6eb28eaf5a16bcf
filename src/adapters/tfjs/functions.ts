/**
 * @file Every pooling as a function on tensors of TensorFlow.js.
 */
import { type ActionOf, catalogue, type OptionsOf, type PoolingName } from '../../ops/catalogue.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { type ComposedFunctions, composedFunctions } from './composed.ts'
import { type ArgmaxOption, extremumFunction, type TfPooledWithIndices } from './extremum.ts'
import { labelFunction } from './labels.ts'
import { linearPooling } from './linear-pooling.ts'
import { normFunction } from './norm.ts'
import type { Adapted, TensorOption } from './options.ts'
import { orderFunction } from './order.ts'
import { slopes } from './slopes.ts'
import { smoothFunction } from './smooth.ts'
import { assertTensorFlow, type TfCore, type TfTensor } from './tensorflow.ts'
import type { Input } from './transfer.ts'
import { unpoolFunction } from './unpool.ts'

/** The options of the function named N: the core's, with `dataFormat` instead of `layout`, and without `out`. */
export type TfOptionsOf<N extends PoolingName> = WithTensors<Adapted<OptionsOf<N>>>

type WithTensors<O> = { readonly [K in keyof O]: K extends TensorOption ? Input : O[K] }

type Arguments<O> = object extends O ? [options?: O] : [options: O]

/** Max, min, median, quantile or mode pooling of tensors; with returnIndices it returns { output, indices }. */
export interface TfExtremumFunction<O> {
  <T extends TfTensor>(
    x: T | Input,
    options: O & ArgmaxOption & { readonly returnIndices: true },
  ): TfPooledWithIndices<T>
  <T extends TfTensor>(x: T | Input, ...options: Arguments<O & { readonly returnIndices?: false }>): T
  <T extends TfTensor>(x: T | Input, ...options: Arguments<O & ArgmaxOption>): T | TfPooledWithIndices<T>
}

/** Average or Lp pooling of tensors. */
export type TfPoolFunction<O> = <T extends TfTensor>(x: T | Input, ...options: Arguments<O>) => T

/** Max unpooling of tensors: takes pooled values and the index of each. */
export type TfUnpool<O> = <T extends TfTensor>(x: T | Input, indices: Input, options: O) => T

interface TfFunctionsOf<O> {
  readonly picks: TfExtremumFunction<O>
  readonly folds: TfPoolFunction<O>
  readonly unpools: TfUnpool<O>
  readonly votes: TfExtremumFunction<O>
}

/** The result of `poolFunctions`: functions by their names in the library. */
export type PoolFunctions = {
  readonly [N in PoolingName]: TfFunctionsOf<TfOptionsOf<N>>[ActionOf<N>]
} & ComposedFunctions

/**
 * Every pooling of the library as a function on tensors of TensorFlow.js.
 *
 * @param tf  `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` alone
 * @returns   functions named as in the library. They take a float32 or int32 tensor (or nested arrays) with or without a batch,
 *            channels last unless `dataFormat` is 'channelsFirst'. Other options are the library's. Averages do not count padding
 *            unless `countIncludePad` is true, as in TensorFlow
 *
 * Values, ties, NaN, indices and errors are the library's. On cpu and wasm data is downloaded with `dataSync()`, pooled, and uploaded.
 * On webgpu and webgl maxima, minima, averages, sums and norms, with their gradients, run where the tensors lie, with averages and
 * norms in the float32 of the device; other calls are downloaded. Gradients of every order, where they exist.
 *
 * @throws PoolError "BAD_PARAM" unless `tf` is TensorFlow.js
 * @example const y = poolFunctions(tf).maxPool2d(tf.ones([1, 4, 4, 1]), { kernelSize: 2 })
 */
export function poolFunctions(tf: TfCore): PoolFunctions {
  assertTensorFlow('poolFunctions', tf, ['Tensor', 'customGrad', 'tidy'])
  const functions = Object.fromEntries(
    Object.values(catalogue).map((operation) => [operation.op, functionOf(tf, operation)]),
  )
  return { ...functions, ...composedFunctions(tf, functions) } as PoolFunctions
}

function functionOf(tf: TfCore, operation: AnyOperation): unknown {
  const { action, reducer } = operation
  if (reducer === 'median' || reducer === 'quantile') return orderFunction(tf, operation)
  if (action === 'votes') return labelFunction(tf, operation)
  if (action === 'picks') return extremumFunction(tf, operation)
  if (action === 'unpools') return unpoolFunction(tf, operation)
  if (reducer === 'lp') return normFunction(tf, operation)
  return reducer in slopes ? smoothFunction(tf, operation) : linearPooling(tf, operation)
}
