/**
 * @file Average pooling, which is linear, as functions on tensors of TensorFlow.js.
 */
import type { AnyOperation } from '../../ops/operation.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { locallyLinear } from './linear.ts'
import { coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf } from './transfer.ts'

export function linearPooling(tf: TfCore, { op, names, forward, backward }: AnyOperation) {
  /** TensorFlow does not count padding in averages. */
  const defaults = names.includes('countIncludePad') ? { countIncludePad: false } : {}
  return (x: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names, defaults)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      return locallyLinear(tf, input, forward(host, options) as Tensor, {
        apply: (v) => forward(v, options) as Tensor,
        transpose: (dy) => backward(dy, host, options),
      })
    })
}
