/**
 * @file Poolings that pick one element of each window, as functions of TensorFlow.js.
 */

import type { PoolingName } from '../../ops/catalogue.ts'
import { parseFlag } from '../../ops/options/parse.ts'
import type { PooledWithIndices } from '../../ops/reduce/extremum.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { gather } from './gather.ts'
import { locallyLinear } from './linear.ts'
import { selectOf } from './operation.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toCore, toTf, upload } from './transfer.ts'

/** Outputs with the positions they come from, int32: flat and row-major in the plane of the pooled axes, -1 for none. */
export interface TfPooledWithIndices<T extends TfTensor = TfTensor> {
  readonly output: T
  readonly indices: T
}

/** `random` is for windows that differ from call to call: their indices must be kept from the forward call. */
export function extremumFunction(tf: TfCore, name: PoolingName, { random = false } = {}) {
  const { op, names, rank, forward, backward, select } = selectOf(name)
  return (x: Input, given: object = {}): TfTensor | TfPooledWithIndices =>
    tf.tidy(() => {
      const { returnIndices, ...options } = withSamples(tf, op, coreOptions(op, given, names))
      const wanted = parseFlag(op, 'returnIndices', returnIndices, false)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      const first: Tensor | PooledWithIndices =
        wanted || random ? select(host, options) : forward(host, options)
      let found = 'indices' in first ? first.indices : undefined
      const indices = (): Tensor => {
        found ??= select(host, options).indices
        return found
      }
      const output = locallyLinear(tf, input, 'output' in first ? first.output : first, {
        apply: (v) => gather(v, indices(), rank, options.layout),
        transpose: (dy) => backward(dy, host, { ...options, indices: indices() }),
      })
      return wanted ? { output, indices: upload(tf, indices()) } : output
    })
}

function withSamples(tf: TfCore, op: string, options: CoreOptions): CoreOptions {
  const { randomSamples } = options
  if (randomSamples === undefined) return options
  return { ...options, randomSamples: toCore(tf, op, 'randomSamples', randomSamples as Input) }
}
