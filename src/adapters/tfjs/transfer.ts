/**
 * @file Tensors between the backends of TensorFlow.js and the core: downloaded with `dataSync`, uploaded as new tensors.
 */
import { invalid } from '../../errors.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { Tensor, type TensorLike } from '../../tensor/tensor.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'

/** A tensor of TensorFlow.js, or anything the core takes as a tensor, such as nested arrays. */
export type Input = TfTensor | TensorLike

/** Copies a tensor to the CPU. Blocks until the backend, possibly a GPU, has computed it. */
export function download(op: string, argument: string, x: TfTensor): Tensor {
  const dtype = typeOf(op, argument, x)
  return new Tensor(x.dataSync<typeof dtype>(), x.shape, dtype)
}

/** @throws PoolError "BAD_DTYPE" unless it is float32 or int32 */
export function typeOf(op: string, argument: string, { dtype }: TfTensor): 'float32' | 'int32' {
  if (dtype !== 'float32' && dtype !== 'int32') throw badType(op, argument, dtype)
  return dtype
}

export function upload(tf: TfCore, { data, shape, dtype }: Tensor): TfTensor {
  return tf.tensor(data as Float32Array | Int32Array, shape.slice(), dtype as 'float32' | 'int32')
}

/** The input as a tensor of TensorFlow.js; returned unchanged if it is one. */
export function toTf(tf: TfCore, op: string, argument: string, x: Input): TfTensor {
  if (x instanceof tf.Tensor) return x
  const tensor = asTensor(op, argument, x as TensorLike)
  if (tensor.dtype !== 'float32' && tensor.dtype !== 'int32') throw badType(op, argument, tensor.dtype)
  return upload(tf, tensor)
}

/** The input as a tensor of the core. */
export function toCore(tf: TfCore, op: string, argument: string, x: Input): Tensor {
  return x instanceof tf.Tensor ? download(op, argument, x) : asTensor(op, argument, x as TensorLike)
}

function badType(op: string, argument: string, dtype: string): Error {
  return invalid(
    'BAD_DTYPE',
    { op, argument: `${argument}.dtype`, value: dtype },
    'must be float32 or int32',
    'Cast it with tf.cast first.',
  )
}
