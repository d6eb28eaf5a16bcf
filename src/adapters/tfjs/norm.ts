/**
 * @file Lp pooling as functions on tensors of TensorFlow.js, with first and second derivatives.
 */
import { operationOf } from '../../ops/catalogue.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { select } from './extremum.ts'
import { gather } from './gather.ts'
import { type LinearMap, locallyLinear } from './linear.ts'
import { secondDerivative } from './norm-curvature.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, upload } from './transfer.ts'

export function normFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward } = operation
  return (x: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      const y = forward(host, options) as Tensor
      return Number.isFinite(options.normType)
        ? smoothNorm(tf, operation, input, y, options)
        : locallyLinear(tf, input, y, extremumAtLimit(operation, host, options))
    })
}

/** For p = ±Infinity the norm is the largest or smallest magnitude, which is linear in x near the input. */
function extremumAtLimit(operation: AnyOperation, x: Tensor, options: CoreOptions): LinearMap {
  const { geometry, rank, backward } = operation
  const max = operationOf({ geometry, rank, reducer: 'max' })!
  const { normType, partialNorm: _, ...window } = options
  const signs = (x.data as Float32Array).map(Math.sign)
  const ranked = (x.data as Float32Array).map((value) => Math.abs(value) * Math.sign(normType as number))
  const { indices } = select(max, new Tensor(ranked, x.shape, x.dtype), window)
  return {
    apply: (v) => {
      const signed = (v.data as Float32Array).map((value, i) => value * signs[i]!)
      return gather(new Tensor(signed, v.shape, 'float32'), indices, rank, options.layout)
    },
    transpose: (dy) => backward(dy, x, options),
  }
}

function smoothNorm(
  tf: TfCore,
  operation: AnyOperation,
  x: TfTensor,
  y: Tensor,
  options: CoreOptions,
): TfTensor {
  const { op, backward } = operation
  const gradient = tf.customGrad((dy, at, save) => {
    const inputs = [dy, at] as TfTensor[]
    ;(save as unknown as (tensors: TfTensor[]) => void)(inputs)
    const [hostDy, hostX] = inputs.map((tensor) => download(op, 'x', tensor))
    return {
      value: upload(tf, backward(hostDy, hostX, options)),
      gradFunc: (v: TfTensor, saved: TfTensor[]) =>
        secondDerivative(tf, operation, options, [v, saved[0]!, saved[1]!]),
    }
  })
  return tf.customGrad((at, save) => {
    ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
    return {
      value: upload(tf, y),
      gradFunc: (dy: TfTensor, saved: TfTensor[]) => gradient(dy, saved[0]!),
    }
  })(x)
}
