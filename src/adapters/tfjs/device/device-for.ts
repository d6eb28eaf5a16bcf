/**
 * @file The choice between the device of the current backend and the CPU.
 */
import { countedNames } from '../../../ops/counted/options.ts'
import type { AnyOperation } from '../../../ops/operation.ts'
import { sizeOf } from '../../../tensor/shape.ts'
import type { CoreOptions } from '../options.ts'
import type { TfCore, TfTensor } from '../tensorflow.ts'
import type { Device } from './device.ts'
import { webglDevice } from './webgl.ts'
import { webgpuDevice } from './webgpu.ts'

/**
 * The device of the current backend; null if it has none, or none for this call, which the CPU then computes.
 *
 * @throws PoolError as the pooling would for the shape, dtype and options
 */
export function deviceFor(
  tf: TfCore,
  operation: AnyOperation,
  x: TfTensor,
  options: CoreOptions,
): Device | null {
  const backend = tf.backend?.()
  const device = backend && (webgpuDevice(tf, backend) ?? webglDevice(tf, backend))
  if (!device || x.size === 0 || countedNames.some((name) => options[name] !== undefined)) return null
  const call = operation.describe('forward', x as { shape: number[]; dtype: 'float32' | 'int32' }, options)
  return sizeOf(call.shape) > 0 && device.has(operation, call, x) ? device : null
}
