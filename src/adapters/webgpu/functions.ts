/**
 * @file Every pooling as a function on tensors of a GPU.
 */
import { type ActionOf, catalogue, type OptionsOf, type PoolingName } from '../../ops/catalogue.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import type { TensorLike } from '../../tensor/tensor.ts'
import { backward } from './backward.ts'
import type { Context } from './context.ts'
import { forward } from './forward.ts'
import type { GpuPooledWithIndices, GpuTensor } from './gpu-tensor.ts'
import { unpool, unpoolBackward } from './unpool.ts'

/** The encoder of a call, and its outputs. */
export interface GpuOptions {
  /** A tensor of this GPU for the result, of its shape and dtype, in a buffer of no other tensor of the call. Default: a new one. */
  readonly out?: GpuTensor
  /** The caller's encoder, into which the call is recorded without being submitted. Default: the call is submitted. */
  readonly encoder?: GPUCommandEncoder
}

type Kind = 'max' | 'min' | 'avg' | 'sum' | 'lp' | 'rms'

/** The poolings that a GPU has. */
export type GpuPoolingName = Extract<
  PoolingName,
  | `${Kind}Pool${string}`
  | `${'adaptive' | 'global' | 'fractional'}${Capitalize<Kind>}Pool${string}`
  | `maxUnpool${string}`
>

/** Options of pool2d that a GPU does not honour, or takes in another form. */
type NotTaken =
  | 'out'
  | 'indicesOut'
  | 'randomSamples'
  | 'mask'
  | 'nodata'
  | 'minCount'
  | 'fill'
  | 'returnCounts'

/** The options of the function named N: those of pool2d, with tensors of the GPU. */
export type GpuOptionsOf<N extends PoolingName> = Omit<OptionsOf<N>, NotTaken> &
  GpuOptions &
  ('randomSamples' extends keyof OptionsOf<N> ? { readonly randomSamples?: TensorLike } : unknown)

type Arguments<O> = object extends O ? [options?: O] : [options: O]

/** The options for indices of max and min pooling. */
export interface GpuIndicesOptions {
  readonly returnIndices?: boolean
  /** With `returnIndices`: an int32 tensor of this GPU for the indices. */
  readonly indicesOut?: GpuTensor
}

/** Max or min pooling; with returnIndices it returns { output, indices }. */
export interface GpuExtremumFunction<O> {
  (x: GpuTensor, options: O & GpuIndicesOptions & { readonly returnIndices: true }): GpuPooledWithIndices
  (x: GpuTensor, ...options: Arguments<O & GpuIndicesOptions & { readonly returnIndices?: false }>): GpuTensor
}

/** The gradient of max or min pooling; with `indices` of the forward call the elements need not be found again. */
export type GpuExtremumGradient<O> = (
  dy: GpuTensor,
  x: GpuTensor,
  ...options: Arguments<O & { readonly indices?: GpuTensor }>
) => GpuTensor

interface ForwardOf<O> {
  readonly picks: GpuExtremumFunction<O>
  readonly folds: (x: GpuTensor, ...options: Arguments<O>) => GpuTensor
  readonly unpools: (x: GpuTensor, indices: GpuTensor, ...options: Arguments<O>) => GpuTensor
}

interface BackwardOf<O> {
  readonly picks: GpuExtremumGradient<O>
  readonly folds: (dy: GpuTensor, x: GpuTensor, ...options: Arguments<O>) => GpuTensor
  readonly unpools: (dy: GpuTensor, x: GpuTensor, indices: GpuTensor, ...options: Arguments<O>) => GpuTensor
}

/** Every pooling and its gradient by its name in pool2d. */
export type GpuFunctions = {
  readonly [N in GpuPoolingName]: ForwardOf<GpuOptionsOf<N>>[ActionOf<N> & keyof ForwardOf<object>]
} & {
  readonly [N in GpuPoolingName as `${N}Backward`]: BackwardOf<GpuOptionsOf<N>>[ActionOf<N> &
    keyof BackwardOf<object>]
}

/** The reducers that shaders compute. */
const reducers: readonly string[] = ['max', 'min', 'average', 'sum', 'lp', 'rms']

/** The operations that a GPU has. */
export const gpuOperations: readonly AnyOperation[] = Object.values(catalogue).filter(({ reducer }) =>
  reducers.includes(reducer),
)

export function functionsOn(context: Context): GpuFunctions {
  const pairs = gpuOperations.flatMap((operation) => [
    [operation.op, forwardOf(context, operation)],
    [`${operation.op}Backward`, backwardOf(context, operation)],
  ])
  return Object.fromEntries(pairs)
}

function forwardOf(context: Context, operation: AnyOperation): unknown {
  if (operation.action === 'unpools')
    return (x: unknown, indices: unknown, options: object = {}) =>
      unpool(context, operation, x, indices, options)
  return (x: unknown, options: object = {}) => forward(context, operation, x, options)
}

function backwardOf(context: Context, operation: AnyOperation): unknown {
  if (operation.action === 'unpools')
    return (dy: unknown, x: unknown, indices: unknown, options: object = {}) =>
      unpoolBackward(context, operation, dy, x, indices, options)
  return (dy: unknown, x: unknown, options: object = {}) => backward(context, operation, dy, x, options)
}
