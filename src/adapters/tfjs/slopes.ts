/**
 * @file Gradients of nonlinear smooth poolings by the name of their reduction. They consist of sums over windows and
 * elementwise operations, which TensorFlow.js can differentiate again.
 */
import type { ReducerName } from '../../ops/reduce/reduction.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { power } from './norm-curvature.ts'
import type { CoreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'

export interface Parts {
  readonly dy: TfTensor
  readonly x: TfTensor
  /** x on the CPU. */
  readonly host: Tensor
  /** The sum over each window. */
  readonly sum: (v: TfTensor) => TfTensor
  /** Its transpose: the sum of `dy` over the windows that hold an element. */
  readonly spread: (dy: TfTensor) => TfTensor
  /** The number of elements in each window. */
  readonly count: TfTensor
  readonly options: CoreOptions
}

type Slope = (tf: TfCore, parts: Parts) => TfTensor

export const slopes: Partial<Readonly<Record<ReducerName, Slope>>> = {
  rms: (tf, { dy, x, sum, spread, count }) => {
    const inverse = power(tf, tf.div(sum(tf.mul(x, x)), count), -0.5)
    return tf.mul(x, spread(tf.div(tf.mul(dy, inverse), count)))
  },
  var: (tf, parts) => deviations(tf, parts, tf.mul(2, parts.dy)),
  gem: (tf, { dy, x, sum, spread, count, options }) => {
    const { p = 3, eps = 1e-6 } = options as { p?: number; eps?: number }
    const above = tf.sub(x, eps)
    const raised = tf.add(tf.relu(above), eps)
    const inverse = power(tf, tf.div(sum(power(tf, raised, p)), count), 1 / p - 1)
    const share = spread(tf.div(tf.mul(dy, inverse), count))
    return tf.mul(tf.mul(tf.step(above), power(tf, raised, p - 1)), share)
  },
  soft: (tf, { dy, x, host, sum, spread }) => {
    const below = tf.sub(x, largestOf(host, 1))
    const weight = tf.exp(below)
    const total = sum(weight)
    const share = tf.div(dy, total)
    const mean = tf.div(sum(tf.mul(below, weight)), total)
    const own = tf.mul(tf.add(below, 1), spread(share))
    return tf.mul(weight, tf.sub(own, spread(tf.mul(share, mean))))
  },
  lse: (tf, { dy, x, host, sum, spread, options }) => {
    const { r = 1 } = options as { r?: number }
    const weight = tf.exp(tf.sub(tf.mul(x, r), largestOf(host, r)))
    return tf.mul(weight, spread(tf.div(dy, sum(weight))))
  },
  'stochastic-mean': (tf, { dy, x, sum, spread }) => {
    const raised = tf.relu(x)
    const [total, squares] = [sum(raised), sum(tf.mul(raised, raised))]
    const divisor = tf.add(total, tf.sub(1, tf.step(total)))
    const [share, mean] = [tf.div(dy, divisor), tf.div(squares, divisor)]
    const own = tf.mul(tf.mul(2, raised), spread(share))
    return tf.mul(tf.step(x), tf.sub(own, spread(tf.mul(share, mean))))
  },
  std: (tf, parts) => deviations(tf, parts, tf.mul(parts.dy, power(tf, variance(tf, parts), -0.5))),
}

/** (x - mean) / (n - correction), times `dy` and added up over the windows that hold x. */
function deviations(tf: TfCore, parts: Parts, dy: TfTensor): TfTensor {
  const { spread } = parts
  const { shifted, mean, divisor } = moments(tf, parts)
  const share = tf.div(dy, divisor)
  return tf.sub(tf.mul(shifted, spread(share)), spread(tf.mul(share, mean)))
}

function variance(tf: TfCore, parts: Parts): TfTensor {
  const { shifted, mean, divisor } = moments(tf, parts)
  const squares = parts.sum(tf.mul(shifted, shifted))
  return tf.div(tf.relu(tf.sub(squares, tf.mul(parts.count, tf.mul(mean, mean)))), divisor)
}

/** Deviations are from one number for all windows, since a common shift changes no variance. */
function moments(tf: TfCore, { x, host, sum, count, options }: Parts) {
  const shifted = tf.sub(x, tf.scalar(meanOf(host)))
  const correction = (options.correction as number | undefined) ?? 1
  return { shifted, mean: tf.div(sum(shifted), count), divisor: tf.relu(tf.sub(count, correction)) }
}

/** The largest r x. */
function largestOf({ data }: Tensor, r: number): number {
  return (data as Float32Array).reduce(
    (largest, value) => Math.max(largest, r * value),
    Number.NEGATIVE_INFINITY,
  )
}

function meanOf({ data }: Tensor): number {
  let sum = 0
  for (let i = 0; i < data.length; i++) sum += Number(data[i])
  return sum / data.length
}
