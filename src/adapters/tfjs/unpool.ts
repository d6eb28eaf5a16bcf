/**
 * @file Max unpooling as a function of TensorFlow.js.
 */
import { adaptiveMaxPool } from '../../ops/catalogue.ts'
import { tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { locallyLinear } from './linear.ts'
import { coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toCore, toTf } from './transfer.ts'

export function unpoolFunction(tf: TfCore, { op, names, rank, forward, backward }: AnyOperation) {
  const adaptive = adaptiveMaxPool[rank as 1 | 2 | 3]
  return (x: Input, indices: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      const places = toCore(tf, op, 'indices', indices)
      const y = forward(host, places, options) as Tensor
      const { spatial } = tensorAxesOf(op, host.shape, rank, options.layout)
      /** Adds each element at its index: the gradient of a max pooling with these indices. */
      const scatter = (v: Tensor): Tensor =>
        adaptive.backward(v, new Tensor(new Float32Array(sizeOf(y.shape)), y.shape, 'float32'), {
          outputSize: spatial,
          indices: places,
          layout: options.layout,
        })
      return locallyLinear(tf, input, y, {
        apply: scatter,
        transpose: (dy) => backward(dy, host, places, options),
      })
    })
}
