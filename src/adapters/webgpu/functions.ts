/**
 * @file Every pooling as a function on tensors of a GPU.
 */
import { PoolError } from '../../errors.ts'
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
  readonly out?: GpuTensor | undefined
  /** The caller's encoder, into which the call is recorded without being submitted. Default: the call is submitted. */
  readonly encoder?: GPUCommandEncoder | undefined
}

type Kind = 'max' | 'min' | 'avg' | 'sum' | 'lp' | 'rms' | 'var' | 'std' | 'gem' | 'soft' | 'lse'

/** The poolings that a GPU has. */
export type GpuPoolingName = Extract<
  PoolingName,
  | `${Kind}Pool${string}`
  | `${'adaptive' | 'global' | 'fractional'}${Capitalize<Kind>}Pool${string}`
  | `maxUnpool${string}`
>

/** Options of pool2d that a GPU does not honour, or takes in another form. */
type NotTaken = 'out' | 'indicesOut' | 'randomSamples' | 'mask'

/** The options of the function named N: those of pool2d, with tensors of the GPU. */
export type GpuOptionsOf<N extends PoolingName> = Omit<OptionsOf<N>, NotTaken> &
  GpuOptions &
  ('randomSamples' extends keyof OptionsOf<N> ? { readonly randomSamples?: TensorLike } : unknown) &
  ('mask' extends keyof OptionsOf<N>
    ? {
        /** Integers of this GPU: 0 leaves an element out, any other number does not. Shapes as in pool2d. */
        readonly mask?: GpuTensor | undefined
        /** Also return `counts`: int32, the elements of each window that count. */
        readonly returnCounts?: boolean | undefined
      }
    : unknown)

type Arguments<O> = object extends O ? [options?: O] : [options: O]

/** The options for indices of max and min pooling. */
export interface GpuIndicesOptions {
  readonly returnIndices?: boolean | undefined
  /** With `returnIndices`: an int32 tensor of this GPU for the indices. */
  readonly indicesOut?: GpuTensor | undefined
}

/** What `returnCounts` adds to a result. */
export interface GpuCounts {
  /** int32: the elements of each window that count. */
  readonly counts: GpuTensor
}

type WithCounts = { readonly returnCounts: true }

/** A pooling of windows to numbers; with returnCounts it returns { output, counts }. */
export interface GpuFoldFunction<O> {
  (x: GpuTensor, options: O & WithCounts): { readonly output: GpuTensor } & GpuCounts
  (x: GpuTensor, ...options: Arguments<O & { readonly returnCounts?: false }>): GpuTensor
}

/** Max or min pooling; with returnIndices it returns { output, indices }, with returnCounts also { counts }. */
export interface GpuExtremumFunction<O> {
  (
    x: GpuTensor,
    options: O & GpuIndicesOptions & { readonly returnIndices: true } & WithCounts,
  ): GpuPooledWithIndices & GpuCounts
  (
    x: GpuTensor,
    options: O & GpuIndicesOptions & { readonly returnIndices?: false } & WithCounts,
  ): { readonly output: GpuTensor } & GpuCounts
  (x: GpuTensor, options: O & GpuIndicesOptions & { readonly returnIndices: true }): GpuPooledWithIndices
  (
    x: GpuTensor,
    ...options: Arguments<
      O & GpuIndicesOptions & { readonly returnIndices?: false; readonly returnCounts?: false }
    >
  ): GpuTensor
}

/** The gradient of max or min pooling; with `indices` of the forward call the elements need not be found again. */
export type GpuExtremumGradient<O> = (
  dy: GpuTensor,
  x: GpuTensor,
  ...options: Arguments<O & { readonly indices?: GpuTensor }>
) => GpuTensor

interface ForwardOf<O> {
  readonly picks: GpuExtremumFunction<O>
  readonly folds: GpuFoldFunction<O>
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
const reducers: readonly string[] = [
  ...['max', 'min', 'average', 'sum', 'lp', 'rms', 'var', 'std', 'gem', 'soft', 'lse'],
]

/** The operations that a GPU has. */
export const gpuOperations: readonly AnyOperation[] = Object.values(catalogue).filter(({ reducer }) =>
  reducers.includes(reducer),
)

export function functionsOn(context: Context): GpuFunctions {
  const pairs = gpuOperations.flatMap((operation) => [
    [operation.op, forwardOf(context, operation)],
    [`${operation.op}Backward`, backwardOf(context, operation)],
  ])
  const others = Object.values(catalogue)
    .filter((operation) => !gpuOperations.includes(operation))
    .flatMap(({ op }) => [op, `${op}Backward`].map((name) => [name, () => refuse(name)]))
  return Object.fromEntries([...pairs, ...others])
}

function refuse(op: string): never {
  throw new PoolError(
    'UNAVAILABLE',
    `${op}: gpu = WebGPU; has no ${op}. Read the tensor with read(), and call ${op} of pool2d.`,
    { op, argument: 'gpu' },
  )
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
