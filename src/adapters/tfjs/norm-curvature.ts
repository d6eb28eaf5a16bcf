/**
 * @file The second derivative of Lp pooling, composed of operations that are themselves differentiable.
 */
import { operationOf } from '../../ops/catalogue.ts'
import { tensorAxesOf } from '../../ops/geometry/tensor-axes.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { parsePerAxis } from '../../ops/options/parse.ts'
import { sizeOf } from '../../tensor/shape.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { linear } from './linear.ts'
import type { CoreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download } from './transfer.ts'

/**
 * With s the sum over each window and s' its transpose, y = s(|x|^p)^(1/p) and f = sign(x) |x|^(p-1), the gradient is
 * f s'(dy y^(1-p)). For a tangent v of it, with respect to dy: y^(1-p) s(v f); with respect to x:
 * (p-1) (|x|^(p-2) v s'(dy y^(1-p)) - f s'(dy y^(1-2p) s(v f))). In a window of zeros, 0.
 *
 * @returns the gradients with respect to dy and x
 */
export function secondDerivative(
  tf: TfCore,
  operation: AnyOperation,
  options: CoreOptions,
  [v, dy, x]: readonly [TfTensor, TfTensor, TfTensor],
): [TfTensor, TfTensor] {
  const p = options.normType as number
  const host = download(operation.op, 'x', x)
  const { sum, spread } = windowSums(tf, operation, options, host)
  /** Scales magnitudes to at most 1, so that powers do not overflow. */
  const unit = tf.scalar(1 / largestMagnitude(host))
  const t = tf.mul(x, unit)
  const size = tf.abs(t)
  const f = tf.mul(tf.sign(t), power(tf, size, p - 1))
  const y = power(tf, sum(power(tf, size, p)), 1 / p)
  const along = sum(tf.mul(v, f))
  const bent = tf.mul(tf.mul(power(tf, size, p - 2), v), spread(tf.mul(dy, power(tf, y, 1 - p))))
  const turned = tf.mul(f, spread(tf.mul(tf.mul(dy, power(tf, y, 1 - 2 * p)), along)))
  return [tf.mul(power(tf, y, 1 - p), along), tf.mul(tf.mul(tf.scalar(p - 1), unit), tf.sub(bent, turned))]
}

/** The window sums of the norm, and their transpose: averages multiplied by their divisor. */
function windowSums(tf: TfCore, { geometry, rank }: AnyOperation, options: CoreOptions, x: Tensor) {
  const { normType: _, partialNorm, ...window } = options
  const isSliding = geometry === 'sliding' && partialNorm !== 'norm'
  const reducer = partialNorm === 'norm' ? 'sum' : 'average'
  const { op, forward, backward } = operationOf({ geometry, rank, reducer })!
  const averaging = isSliding ? { ...window, countIncludePad: true } : window
  const count =
    partialNorm === 'norm'
      ? 1
      : isSliding
        ? sizeOf(parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1))
        : sizeOf(tensorAxesOf(op, x.shape, 0, options.layout).spatial)
  const apply = (v: Tensor): Tensor => forward(v, averaging) as Tensor
  const transpose = (dy: Tensor): Tensor => backward(dy, x, averaging)
  const times = tf.scalar(count)
  return {
    sum: (v: TfTensor) => tf.mul(linear(tf, { apply, transpose })(v), times),
    spread: (dy: TfTensor) => tf.mul(linear(tf, { apply: transpose, transpose: apply })(dy), times),
  }
}

/** base^exponent for bases of at least 0; a base of 0 gives 0 unless the exponent is 0. Differentiable. */
export function power(tf: TfCore, base: TfTensor, exponent: number): TfTensor {
  if (exponent === 0) return tf.onesLike(base)
  const isPositive = tf.step(base)
  return tf.mul(isPositive, tf.pow(tf.add(base, tf.sub(1, isPositive)), exponent))
}

/** The largest magnitude in x; 1 if all elements are 0. */
function largestMagnitude(x: Tensor): number {
  const largest = (x.data as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largest > 0 && Number.isFinite(largest) ? largest : 1
}
