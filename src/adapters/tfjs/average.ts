/**
 * @file Poolings that average each window, as functions of TensorFlow.js.
 */
import type { PoolingName } from '../../ops/catalogue.ts'
import { locallyLinear } from './linear.ts'
import { operationOf } from './operation.ts'
import { coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf } from './transfer.ts'

export function averageFunction(tf: TfCore, name: PoolingName, defaults: object = {}) {
  const { op, names, forward, backward } = operationOf(name)
  return (x: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names, defaults)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      return locallyLinear(tf, input, forward(host, options), {
        apply: (v) => forward(v, options),
        transpose: (dy) => backward(dy, host, options),
      })
    })
}
