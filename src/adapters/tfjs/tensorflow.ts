/**
 * @file The parts of TensorFlow.js that the adapter uses. The caller passes the module; importing it could load a second copy.
 */
import type * as core from '@tensorflow/tfjs-core'
import type * as keras from '@tensorflow/tfjs-layers'
import { invalid } from '../../errors.ts'

export type TfTensor = core.Tensor

/** The module that `poolFunctions` takes: `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` alone. */
export type TfCore = Pick<
  typeof core,
  | 'Tensor'
  | 'abs'
  | 'add'
  | 'customGrad'
  | 'div'
  | 'exp'
  | 'mul'
  | 'onesLike'
  | 'pow'
  | 'relu'
  | 'scalar'
  | 'sign'
  | 'step'
  | 'sub'
  | 'tensor'
  | 'tidy'
  | 'zeros'
> &
  /** The functions that reach the backend. Without them tensors are copied to the CPU. */
  Partial<Pick<typeof core, 'backend' | 'engine' | 'env' | 'reshape'>> &
  /** For spatial pyramids. */
  Partial<Pick<typeof core, 'concat'>>

/** The module that `poolLayers` takes: `@tensorflow/tfjs`, or the parts spread together, `{ ...core, ...layers }`. */
export type TfLayers = TfCore &
  Pick<typeof core, 'serialization'> &
  Pick<typeof keras, 'InputSpec' | 'SymbolicTensor' | 'layers'>

export type TfLayer = keras.layers.Layer

/** Options of every layer of TensorFlow.js: inputShape, name, trainable, ... */
export type LayerArgs = NonNullable<ConstructorParameters<typeof keras.layers.Layer>[0]>

/** @throws PoolError "BAD_PARAM" unless `tf` has all the named parts */
export function assertTensorFlow(op: string, tf: unknown, parts: readonly string[]): void {
  const lacking = parts.find((part) => (tf as Readonly<Record<string, unknown>> | undefined)?.[part] == null)
  if (lacking === undefined) return
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'tf', value: tf },
    `must be TensorFlow.js, which has ${parts.join(', ')}; ${lacking} is missing`,
    "Pass what import * as tf from '@tensorflow/tfjs' gives.",
  )
}
