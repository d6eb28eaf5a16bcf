/**
 * @file Median and quantile pooling as functions on tensors of TensorFlow.js.
 */

import { operationOf } from '../../ops/catalogue.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { parseFlag } from '../../ops/options/parse.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { tablesOf } from '../../plan/tables.ts'
import { type Interpolation, ranksOf } from '../../reducers/order.ts'
import { Tensor } from '../../tensor/tensor.ts'
import { select, type TfPooledWithIndices } from './extremum.ts'
import { gather } from './gather.ts'
import { locallyLinear } from './linear.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, upload } from './transfer.ts'

export function orderFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward, backward } = operation
  return (x: Input, given: object = {}): TfTensor | TfPooledWithIndices =>
    tf.tidy(() => {
      const { returnIndices, ...options } = coreOptions(op, given, names)
      const wanted = parseFlag(op, 'returnIndices', returnIndices, false)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
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
  const { geometry, reducer, rank, jobs } = operation
  const { rounding: _, ...window } = options
  const quantile = operationOf({ geometry, reducer: 'quantile', rank })!
  const { q, interpolation } = (
    reducer === 'median' ? { q: 0.5, interpolation: 'midpoint' } : { interpolation: 'linear', ...options }
  ) as { q: number; interpolation: Interpolation }
  return (v) => {
    const exact = interpolation === 'linear' || interpolation === 'midpoint'
    const at = (end: Interpolation): Tensor => {
      const { indices } = select(quantile, x, { ...window, q, interpolation: exact ? end : interpolation })
      return gather(v, indices, rank, options.layout)
    }
    const [low, high] = [at('lower'), at('higher')]
    const { plan } = jobs(x.shape, options, x.dtype)[0]!
    const counts = countsOf(plan)
    const data = (low.data as Float32Array).map((value, i) => {
      const { weight } = ranksOf(q, interpolation, counts[Math.floor(i / plan.inner) % counts.length]!)
      return value * (1 - weight) + (high.data[i] as number) * weight
    })
    return new Tensor(data, low.shape, 'float32')
  }
}

/** The number of elements of each window of a plane. */
function countsOf({ axes }: PoolPlan): readonly number[] {
  return axes.reduce<readonly number[]>(
    (lead, axis) => lead.flatMap((count) => Array.from(tablesOf(axis).taps, (taps) => count * taps)),
    [1],
  )
}
