/**
 * @file Median and quantile pooling as functions on tensors of TensorFlow.js.
 */
import { operationOf } from '../../ops/catalogue.ts'
import type { Counts } from '../../ops/counted/options.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { parseFlag } from '../../ops/options/parse.ts'
import type { PooledWithIndices } from '../../ops/options/with-indices.ts'
import { type Interpolation, ranksOf } from '../../reducers/order.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { select, type TfPooledWithIndices } from './extremum.ts'
import { gather } from './gather.ts'
import { leaveOut } from './leave-out.ts'
import { locallyLinear } from './linear.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, upload } from './transfer.ts'

export function orderFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward, backward } = operation
  return (x: Input, given: object = {}): TfTensor | TfPooledWithIndices =>
    tf.tidy(() => {
      const { returnIndices, ...asked } = coreOptions(op, given, names)
      const wanted = parseFlag(op, 'returnIndices', returnIndices, false)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      const { options } = leaveOut(tf, operation, asked, host)
      const pooled = forward(host, { ...options, returnIndices: wanted })
      const output = locallyLinear(tf, input, 'output' in pooled ? pooled.output : pooled, {
        apply: derivativeAt(operation, host, options),
        transpose: (dy) => backward(dy, host, options),
      })
      return 'indices' in pooled ? { output, indices: upload(tf, pooled.indices) } : output
    })
}

/** The derivative at x: the weighted mean of the two elements of `v` that the value lies between. */
function derivativeAt(operation: AnyOperation, x: Tensor, options: CoreOptions): (v: Tensor) => Tensor {
  const { geometry, reducer, rank } = operation
  const { rounding: _, ...window } = options
  const quantile = operationOf({ geometry, reducer: 'quantile', rank })!
  const { q, interpolation } = (
    reducer === 'median' ? { q: 0.5, interpolation: 'midpoint' } : { interpolation: 'linear', ...options }
  ) as { q: number; interpolation: Interpolation }
  return (v) => {
    const exact = interpolation === 'linear' || interpolation === 'midpoint'
    const at = (end: Interpolation) => {
      const rule = { q, interpolation: exact ? end : interpolation, returnCounts: true }
      const { indices, counts } = select(quantile, x, { ...window, ...rule }) as PooledWithIndices & Counts
      return { values: gather(v, indices, rank, options.layout), counts }
    }
    const { values: low, counts } = at('lower')
    const { values: high } = at('higher')
    const data = (low.data as Float32Array).map((value, i) => {
      const count = counts.data[i]!
      if (count === 0) return 0
      const { weight } = ranksOf(q, interpolation, count)
      return value * (1 - weight) + (high.data[i] as number) * weight
    })
    return new Tensor(data, low.shape, 'float32')
  }
}
