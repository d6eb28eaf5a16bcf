/**
 * @file Poolings that run where the tensors of a GPU backend lie, without a copy to the CPU.
 */
import type { AnyOperation, CallDescription } from '../../../ops/operation.ts'
import type { CoreOptions } from '../options.ts'
import type { TfTensor } from '../tensorflow.ts'

/** The output, and the indices if `returnIndices` asks for them. */
export interface OnDevice {
  readonly output: TfTensor
  readonly indices?: TfTensor
}

/** The poolings of one backend, on its tensors. */
export interface Device {
  /** True if it computes this call, and its gradient. */
  has(operation: AnyOperation, call: CallDescription, x: TfTensor): boolean
  forward(operation: AnyOperation, x: TfTensor, options: CoreOptions): OnDevice
  backward(operation: AnyOperation, dy: TfTensor, x: TfTensor, options: CoreOptions): TfTensor
}
