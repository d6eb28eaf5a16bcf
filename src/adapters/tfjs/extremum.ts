/**
 * @file Max and min pooling as functions on tensors of TensorFlow.js.
 */

import type { AnyOperation } from '../../ops/operation.ts'
import { parseFlag } from '../../ops/options/parse.ts'
import type { Pooled, PooledWithIndices } from '../../ops/options/with-indices.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { gather } from './gather.ts'
import { locallyLinear } from './linear.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toCore, toTf, upload } from './transfer.ts'

/** The output, and the index of each result in its plane: int32, flat and row-major; -1 for a window without taps. */
export interface TfPooledWithIndices<T extends TfTensor = TfTensor> {
  readonly output: T
  readonly indices: T
}

export function extremumFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, rank, geometry, forward, backward } = operation
  /** Random windows differ from call to call, so the gradient needs the indices of the forward call. */
  const isRandom = geometry === 'fractional'
  return (x: Input, given: object = {}): TfTensor | TfPooledWithIndices =>
    tf.tidy(() => {
      const { returnIndices, ...options } = withSamples(tf, op, coreOptions(op, given, names))
      const wanted = parseFlag(op, 'returnIndices', returnIndices, false)
      const input = toTf(tf, op, 'x', x)
      const host = download(op, 'x', input)
      const first: Pooled = wanted || isRandom ? select(operation, host, options) : forward(host, options)
      let found = 'indices' in first ? first.indices : undefined
      const indices = (): Tensor => {
        found ??= select(operation, host, options).indices
        return found
      }
      const output = locallyLinear(tf, input, 'output' in first ? first.output : first, {
        apply: (v) => gather(v, indices(), rank, options.layout),
        transpose: (dy) => backward(dy, host, { ...options, indices: indices() }),
      })
      return wanted ? { output, indices: upload(tf, indices()) } : output
    })
}

/** Runs the pooling and returns its indices too. */
export function select({ forward }: AnyOperation, x: Tensor, options: object): PooledWithIndices {
  return forward(x, { ...options, returnIndices: true }) as PooledWithIndices
}

function withSamples(tf: TfCore, op: string, options: CoreOptions): CoreOptions {
  const { randomSamples } = options
  if (randomSamples === undefined) return options
  return { ...options, randomSamples: toCore(tf, op, 'randomSamples', randomSamples as Input) }
}
