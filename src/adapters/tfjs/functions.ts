/**
 * @file Every pooling as a function on tensors of TensorFlow.js.
 */
import type { OptionsOf } from '../../ops/catalogue.ts'
import { averageFunction } from './average.ts'
import { extremumFunction, type TfPooledWithIndices } from './extremum.ts'
import { normFunction } from './norm.ts'
import type { Adapted } from './options.ts'
import { assertTensorFlow, type TfCore, type TfTensor } from './tensorflow.ts'
import type { Input } from './transfer.ts'
import { unpoolFunction } from './unpool.ts'

type Ranked<N extends string, R extends number = 1 | 2 | 3> = `${N}${R}d`

type SelectName = Ranked<'maxPool' | 'minPool' | 'adaptiveMaxPool'> | 'globalMaxPool'
type FractionalName = Ranked<'fractionalMaxPool', 2 | 3>
type FoldName = Ranked<'avgPool' | 'lpPool' | 'adaptiveAvgPool'> | 'globalAvgPool' | 'globalLpPool'
type UnpoolName = Ranked<'maxUnpool'>
export type FunctionName = SelectName | FractionalName | FoldName | UnpoolName

/** The options of the function of that name: the core's, with `dataFormat` in place of `layout`, and no `out`. */
export type TfOptionsOf<N extends FunctionName> = N extends FractionalName
  ? Omit<Adapted<OptionsOf<N>>, 'randomSamples'> & { readonly randomSamples?: Input }
  : Adapted<OptionsOf<N>>

type Arguments<O> = object extends O ? [options?: O] : [options: O]

/** Max or min pooling of tensors; with returnIndices it returns { output, indices }. */
export interface TfExtremumFunction<O> {
  <T extends TfTensor>(x: T | Input, options: O & { readonly returnIndices: true }): TfPooledWithIndices<T>
  <T extends TfTensor>(x: T | Input, ...options: Arguments<O & { readonly returnIndices?: false }>): T
  <T extends TfTensor>(x: T | Input, ...options: Arguments<O>): T | TfPooledWithIndices<T>
}

/** Average or Lp pooling of tensors. */
export type TfPoolFunction<O> = <T extends TfTensor>(x: T | Input, ...options: Arguments<O>) => T

/** Max unpooling of tensors: pooled values, and where each came from. */
export type TfUnpool<O> = <T extends TfTensor>(x: T | Input, indices: Input, options: O) => T

/** What `poolFunctions` returns: functions by their names in the library. */
export type PoolFunctions = {
  readonly [N in SelectName | FractionalName]: TfExtremumFunction<TfOptionsOf<N>>
} & {
  readonly [N in FoldName]: TfPoolFunction<TfOptionsOf<N>>
} & {
  readonly [N in UnpoolName]: TfUnpool<TfOptionsOf<N>>
}

/** TensorFlow leaves padding out of its averages. */
const withoutPadding = { countIncludePad: false }

const families = [
  { family: 'maxPool', ranks: [1, 2, 3], define: extremumFunction },
  { family: 'minPool', ranks: [1, 2, 3], define: extremumFunction },
  { family: 'avgPool', ranks: [1, 2, 3], define: averageFunction, settings: withoutPadding },
  { family: 'lpPool', ranks: [1, 2, 3], define: normFunction },
  { family: 'adaptiveMaxPool', ranks: [1, 2, 3], define: extremumFunction },
  { family: 'adaptiveAvgPool', ranks: [1, 2, 3], define: averageFunction },
  { family: 'fractionalMaxPool', ranks: [2, 3], define: extremumFunction, settings: { random: true } },
  { family: 'maxUnpool', ranks: [1, 2, 3], define: unpoolFunction },
  { family: 'globalMaxPool', ranks: [], define: extremumFunction },
  { family: 'globalAvgPool', ranks: [], define: averageFunction },
  { family: 'globalLpPool', ranks: [], define: normFunction },
] as const

/** The names of all functions. */
export const functionNames: readonly FunctionName[] = families.flatMap(({ family, ranks }) =>
  ranks.length === 0 ? [family] : ranks.map((rank) => `${family}${rank}d`),
) as FunctionName[]

/**
 * Every pooling of the library as a function on tensors of TensorFlow.js.
 *
 * @param tf  `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` alone
 * @returns   functions named as in the library. They take a float32 or int32 tensor (or nested arrays) with or without a batch,
 *            channels last unless `dataFormat` is 'channelsFirst', and the library's options otherwise; averages leave padding
 *            out unless `countIncludePad` is true, as TensorFlow's do
 *
 * Values, ties, NaN, indices and errors are the library's, the same on every backend: data is downloaded with `dataSync()`,
 * pooled on the CPU, and uploaded. Gradients of every order where the pooling has them.
 *
 * @throws PoolError "BAD_PARAM" for anything else
 * @example const y = poolFunctions(tf).maxPool2d(tf.ones([1, 4, 4, 1]), { kernelSize: 2 })
 */
export function poolFunctions(tf: TfCore): PoolFunctions {
  assertTensorFlow('poolFunctions', tf, ['Tensor', 'customGrad', 'tidy'])
  const functions: Record<string, unknown> = {}
  for (const { family, ranks, define, ...rest } of families) {
    const settings = 'settings' in rest ? rest.settings : undefined
    const names = ranks.length === 0 ? [family] : ranks.map((rank) => `${family}${rank}d`)
    for (const name of names) {
      functions[name] = (define as (tf: TfCore, name: string, settings?: object) => unknown)(
        tf,
        name,
        settings,
      )
    }
  }
  return functions as unknown as PoolFunctions
}
