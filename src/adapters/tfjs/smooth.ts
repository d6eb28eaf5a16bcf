/**
 * @file Nonlinear smooth poolings as functions on tensors of TensorFlow.js. Values and gradients are the library's; derivatives
 * of higher order are those of the gradient written in operations that are themselves differentiable.
 */
import { operationOf } from '../../ops/catalogue.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { curvedWithMask, leaveOut } from './leave-out.ts'
import { linear } from './linear.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import { type Parts, slopes } from './slopes.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, upload } from './transfer.ts'

export function smoothFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward, backward } = operation
  const slope = slopes[operation.reducer]!
  return (given: Input, settings: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, settings, names)
      const x = toTf(tf, op, 'x', given)
      const host = download(op, 'x', x)
      const { isMasked, options: own } = leaveOut(tf, operation, options, host)
      if (isMasked) return curvedWithMask(tf, operation, x, own)
      const y = forward(host, options) as Tensor
      const sums = sumsOf(tf, operation, options, host)
      return tf.customGrad((at, save) => {
        ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
        return {
          value: upload(tf, y),
          gradFunc: (dy: TfTensor, [at]: TfTensor[]) => {
            const [hostDy, hostX] = [download(op, 'dy', dy), download(op, 'x', at!)]
            const composed = slope(tf, { ...sums(), x: at!, dy, host: hostX, options })
            return withValue(tf, composed, backward(hostDy, hostX, options))
          },
        }
      })(x)
    })
}

/** `value`, with the derivatives of `composed`. */
function withValue(tf: TfCore, composed: TfTensor, value: Tensor): TfTensor {
  return tf.customGrad(() => ({ value: upload(tf, value), gradFunc: (v: TfTensor) => v }))(composed)
}

/** Sums over the windows of the pooling, their transpose, and the number of elements in each window. */
function sumsOf(
  tf: TfCore,
  { geometry, rank }: AnyOperation,
  options: CoreOptions,
  x: Tensor,
): () => Pick<Parts, 'sum' | 'spread' | 'count'> {
  const total = operationOf({ geometry, rank, reducer: 'sum' })!
  const window = Object.fromEntries(Object.entries(options).filter(([name]) => total.names.includes(name)))
  const apply = (v: Tensor): Tensor => total.forward(v, window) as Tensor
  const transpose = (dy: Tensor): Tensor => total.backward(dy, x, window)
  const counts = apply(new Tensor(new Float32Array(x.data.length).fill(1), x.shape, 'float32'))
  return () => ({
    sum: linear(tf, { apply, transpose }),
    spread: linear(tf, { apply: transpose, transpose: apply }),
    count: upload(tf, counts),
  })
}
