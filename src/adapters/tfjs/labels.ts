/**
 * @file Mode pooling of int32 labels as functions on tensors of TensorFlow.js. Labels have no gradient.
 */
import type { AnyOperation } from '../../ops/operation.ts'
import type { TfPooledWithIndices } from './extremum.ts'
import { leaveOut } from './leave-out.ts'
import { coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, upload } from './transfer.ts'

export function labelFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward } = operation
  return (x: Input, given: object = {}): TfTensor | TfPooledWithIndices =>
    tf.tidy(() => {
      const host = download(op, 'x', toTf(tf, op, 'x', x))
      const { options } = leaveOut(tf, operation, coreOptions(op, given, names), host)
      const pooled = forward(host, options)
      return 'indices' in pooled
        ? { output: upload(tf, pooled.output), indices: upload(tf, pooled.indices) }
        : upload(tf, pooled)
    })
}
