/**
 * @file Functions that are linear, or linear near the input, with gradients of every order.
 */
import type { Tensor } from '../../tensor/tensor.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, upload } from './transfer.ts'

/** A linear map on the core's tensors, and its transpose. */
export interface LinearMap {
  apply(v: Tensor): Tensor
  transpose(dy: Tensor): Tensor
}

/**
 * A function of TensorFlow.js with value `y` and derivative `map` at `x`. Its gradient is linear in dy and constant in x, so the
 * second derivative is `map` with respect to dy, and 0 with respect to x.
 */
export function locallyLinear(tf: TfCore, x: TfTensor, y: Tensor, map: LinearMap): TfTensor {
  const gradient = tf.customGrad((dy, at) => ({
    value: upload(tf, map.transpose(fetched(dy as TfTensor))),
    gradFunc: (v: TfTensor) => [linear(tf, map)(v), tf.zeros((at as TfTensor).shape)],
  }))
  return tf.customGrad((at, save) => {
    ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
    return {
      value: upload(tf, y),
      gradFunc: (dy: TfTensor, saved: TfTensor[]) => gradient(dy, saved[0]!),
    }
  })(x)
}

/** The map as an operation on tensors of TensorFlow.js. */
export function linear(tf: TfCore, { apply, transpose }: LinearMap): (v: TfTensor) => TfTensor {
  return tf.customGrad((v) => ({
    value: upload(tf, apply(fetched(v as TfTensor))),
    gradFunc: (dy: TfTensor) => linear(tf, { apply: transpose, transpose: apply })(dy),
  }))
}

function fetched(gradient: TfTensor): Tensor {
  return download('gradient', 'dy', gradient)
}
