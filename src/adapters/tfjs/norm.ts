/**
 * @file Lp pooling as functions on tensors of TensorFlow.js, with first and second derivatives.
 */
import { operationOf } from '../../ops/catalogue.ts'
import type { AnyOperation } from '../../ops/operation.ts'
import { Tensor } from '../../tensor/tensor.ts'
import type { Device } from './device/device.ts'
import { deviceFor } from './device/device-for.ts'
import { select } from './extremum.ts'
import { gather } from './gather.ts'
import { curvedWithMask, leaveOut } from './leave-out.ts'
import { type LinearMap, locallyLinear } from './linear.ts'
import { secondDerivative } from './norm-curvature.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, typeOf, upload } from './transfer.ts'

export function normFunction(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward } = operation
  return (x: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names)
      const input = toTf(tf, op, 'x', x)
      typeOf(op, 'x', input)
      const device = deviceFor(tf, operation, input, options)
      if (device !== null)
        return smoothNorm(tf, operation, input, onDevice(device, operation, options), options)
      const host = download(op, 'x', input)
      const { isMasked, options: own } = leaveOut(tf, operation, options, host)
      if (isMasked) return curvedWithMask(tf, operation, input, own)
      const y = forward(host, options) as Tensor
      if (!Number.isFinite(options.normType))
        return locallyLinear(tf, input, y, extremumAtLimit(operation, host, options))
      return smoothNorm(tf, operation, input, computedOnHost(tf, operation, y, options), options)
    })
}

/** For p = ±Infinity the norm is the largest or smallest magnitude, which is linear in x near the input. */
function extremumAtLimit(operation: AnyOperation, x: Tensor, options: CoreOptions): LinearMap<Tensor> {
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

/** A norm and its gradient, computed somewhere. */
interface Computed {
  value(x: TfTensor): TfTensor
  gradient(dy: TfTensor, x: TfTensor): TfTensor
}

function onDevice(device: Device, operation: AnyOperation, options: CoreOptions): Computed {
  return {
    value: (x) => device.forward(operation, x, options).output,
    gradient: (dy, x) => device.backward(operation, dy, x, options),
  }
}

function computedOnHost(
  tf: TfCore,
  { op, backward }: AnyOperation,
  y: Tensor,
  options: CoreOptions,
): Computed {
  return {
    value: () => upload(tf, y),
    gradient: (dy, x) => upload(tf, backward(download(op, 'x', dy), download(op, 'x', x), options)),
  }
}

function smoothNorm(
  tf: TfCore,
  operation: AnyOperation,
  x: TfTensor,
  { value, gradient: gradientOf }: Computed,
  options: CoreOptions,
): TfTensor {
  const gradient = tf.customGrad((dy, at, save) => {
    const inputs = [dy, at] as TfTensor[]
    ;(save as unknown as (tensors: TfTensor[]) => void)(inputs)
    return {
      value: gradientOf(inputs[0]!, inputs[1]!),
      gradFunc: (v: TfTensor, saved: TfTensor[]) =>
        secondDerivative(tf, operation, options, [v, saved[0]!, saved[1]!]),
    }
  })
  return tf.customGrad((at, save) => {
    ;(save as (tensors: TfTensor[]) => void)([at as TfTensor])
    return {
      value: value(at as TfTensor),
      gradFunc: (dy: TfTensor, saved: TfTensor[]) => gradient(dy, saved[0]!),
    }
  })(x)
}
