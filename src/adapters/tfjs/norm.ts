/**
 * @file Lp poolings as functions of TensorFlow.js, with the second derivative that a norm has.
 */
import type { PoolingName } from '../../ops/catalogue.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { gather } from './gather.ts'
import { type LinearMap, locallyLinear } from './linear.ts'
import { secondDerivative } from './norm-curvature.ts'
import { operationOf, selectOf } from './operation.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, upload } from './transfer.ts'

export function normFunction(tf: TfCore, name: PoolingName) {
  const { op, names, forward } = operationOf(name)
  return (x: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      const y = forward(host, options)
      return Number.isFinite(options.normType)
        ? smoothNorm(tf, name, input, y, options)
        : locallyLinear(tf, input, y, selectionAtLimit(name, host, options))
    })
}

/** At infinity the norm picks the largest or smallest magnitude: linear in x as long as the same element is picked. */
function selectionAtLimit(name: PoolingName, x: Tensor, options: CoreOptions): LinearMap {
  const { backward, rank } = operationOf(name)
  const { select } = selectOf(name.replace(/lp/i, (lp) => (lp === 'lp' ? 'max' : 'Max')) as PoolingName)
  const { normType, ...window } = options
  const signs = (x.data as Float32Array).map(Math.sign)
  const ranked = (x.data as Float32Array).map((value) => Math.abs(value) * Math.sign(normType as number))
  const { indices } = select(new Tensor(ranked, x.shape, x.dtype), window)
  return {
    apply: (v) => {
      const signed = (v.data as Float32Array).map((value, i) => value * signs[i]!)
      return gather(new Tensor(signed, v.shape, 'float32'), indices, rank, options.layout)
    },
    transpose: (dy) => backward(dy, x, options),
  }
}

function smoothNorm(tf: TfCore, name: PoolingName, x: TfTensor, y: Tensor, options: CoreOptions): TfTensor {
  const { op, backward } = operationOf(name)
  const gradient = tf.customGrad((dy, at, save) => {
    const inputs = [dy, at] as TfTensor[]
    ;(save as unknown as (tensors: TfTensor[]) => void)(inputs)
    const [hostDy, hostX] = inputs.map((tensor) => download(op, 'x', tensor))
    return {
      value: upload(tf, backward(hostDy, hostX, options)),
      gradFunc: (v: TfTensor, saved: TfTensor[]) =>
        secondDerivative(tf, name, options, [v, saved[0]!, saved[1]!]),
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
