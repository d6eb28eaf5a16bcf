/**
 * @file What the adapter asks of TensorFlow.js. It is handed in by the caller, never imported, so there is only ever one copy of it.
 */
import type * as core from '@tensorflow/tfjs-core'
import type * as keras from '@tensorflow/tfjs-layers'
import { invalid } from '../../errors.ts'

export type TfTensor = core.Tensor

/** What the functions need: `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` alone. */
export type TfCore = Pick<
  typeof core,
  | 'Tensor'
  | 'abs'
  | 'add'
  | 'customGrad'
  | 'mul'
  | 'onesLike'
  | 'pow'
  | 'scalar'
  | 'sign'
  | 'step'
  | 'sub'
  | 'tensor'
  | 'tidy'
  | 'zeros'
>

/** What the layers need: `@tensorflow/tfjs`, or the parts spread together, `{ ...core, ...layers }`. */
export type TfLayers = TfCore &
  Pick<typeof core, 'serialization'> &
  Pick<typeof keras, 'InputSpec' | 'SymbolicTensor' | 'layers'>

export type TfLayer = keras.layers.Layer

/** What every layer of TensorFlow.js takes: inputShape, name, trainable, ... */
export type LayerArgs = NonNullable<ConstructorParameters<typeof keras.layers.Layer>[0]>

/** @throws PoolError "BAD_PARAM" unless `tf` has the parts that are named */
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
