/**
 * @file Average pooling, which is linear, as functions on tensors of TensorFlow.js.
 */
import type { AnyOperation } from '../../ops/operation.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import type { Device } from './device/device.ts'
import { deviceFor } from './device/device-for.ts'
import { leaveOut } from './leave-out.ts'
import { locallyLinear, locallyLinearAt } from './linear.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { TfCore, TfTensor } from './tensorflow.ts'
import { download, type Input, toTf, typeOf } from './transfer.ts'

export function linearPooling(tf: TfCore, operation: AnyOperation) {
  const { op, names, forward, backward } = operation
  /** TensorFlow does not count padding in averages. */
  const defaults = names.includes('countIncludePad') ? { countIncludePad: false } : {}
  return (x: Input, given: object = {}): TfTensor =>
    tf.tidy(() => {
      const options = coreOptions(op, given, names, defaults)
      const input = toTf(tf, op, 'x', x)
      typeOf(op, 'x', input)
      const device = deviceFor(tf, operation, input, options)
      if (device !== null) return onDevice(tf, device, operation, input, options)
      const host = download(op, 'x', input)
      const { options: own, derivative } = leaveOut(tf, operation, options, host)
      return locallyLinear(tf, input, forward(host, own) as Tensor, {
        apply: (v) => forward(v, derivative) as Tensor,
        transpose: (dy) => backward(dy, host, own),
      })
    })
}

function onDevice(
  tf: TfCore,
  device: Device,
  operation: AnyOperation,
  x: TfTensor,
  options: CoreOptions,
): TfTensor {
  const apply = (v: TfTensor): TfTensor => device.forward(operation, v, options).output
  return locallyLinearAt(
    tf,
    x,
    () => apply(x),
    (at) => ({ apply, transpose: (dy) => device.backward(operation, dy, at, options) }),
  )
}
