/**
 * @file Functions that are linear, or linear near the input, with gradients of every order.
 */
import type { Tensor } from '../../tensor/tensor.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, upload } from './transfer.ts'

/** A linear map on tensors, and its transpose. */
export interface LinearMap<T> {
  apply(v: T): T
  transpose(dy: T): T
}

/** A map of the core's tensors, as one of TensorFlow.js's. */
export function onHost(tf: TfCore, { apply, transpose }: LinearMap<Tensor>): LinearMap<TfTensor> {
  return {
    apply: (v) => upload(tf, apply(fetched(v))),
    transpose: (dy) => upload(tf, transpose(fetched(dy))),
  }
}

/**
 * A function of TensorFlow.js with value `y` and derivative `map` at `x`. Its gradient is linear in dy and constant in x, so the
 * second derivative is `map` with respect to dy, and 0 with respect to x.
 */
export function locallyLinear(tf: TfCore, x: TfTensor, y: Tensor, map: LinearMap<Tensor>): TfTensor {
  return locallyLinearAt(
    tf,
    x,
    () => upload(tf, y),
    () => onHost(tf, map),
  )
}

/** The same with a value that is computed when it is asked for, and a derivative that is given x, which may have been kept since. */
export function locallyLinearAt(
  tf: TfCore,
  x: TfTensor,
  y: () => TfTensor,
  mapAt: (x: TfTensor) => LinearMap<TfTensor>,
): TfTensor {
  const gradient = tf.customGrad((dy, at, save) => {
    ;(save as unknown as (tensors: TfTensor[]) => void)([at as TfTensor])
    return {
      value: mapAt(at as TfTensor).transpose(dy as TfTensor),
      gradFunc: (v: TfTensor, [at]: TfTensor[]) => [linearOn(tf, mapAt(at!))(v), tf.zeros(at!.shape)],
    }
  })
  return tf.customGrad((at, save) => {
    ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
    return { value: y(), gradFunc: (dy: TfTensor, saved: TfTensor[]) => gradient(dy, saved[0]!) }
  })(x)
}

/** The map as an operation on tensors of TensorFlow.js. */
export function linear(tf: TfCore, map: LinearMap<Tensor>): (v: TfTensor) => TfTensor {
  return linearOn(tf, onHost(tf, map))
}

function linearOn(tf: TfCore, { apply, transpose }: LinearMap<TfTensor>): (v: TfTensor) => TfTensor {
  return tf.customGrad((v) => ({
    value: apply(v as TfTensor),
    gradFunc: (dy: TfTensor) => linearOn(tf, { apply: transpose, transpose: apply })(dy),
  }))
}

function fetched(gradient: TfTensor): Tensor {
  return download('gradient', 'dy', gradient)
}
