/**
 * @file Tensors go to ONNX Runtime and come from it. Compiled, not run.
 */
import * as ort from 'onnxruntime-common'
import { rand } from 'pool2d'
import { maxPool } from 'pool2d/onnx'

const { Y } = maxPool({ X: rand([1, 1, 4, 4]) }, { kernel_shape: [2, 2] })
export const y = new ort.Tensor(Y.dtype, Y.data, Y.shape)
export const x = maxPool(
  { X: new ort.Tensor('float32', new Float32Array(4), [1, 1, 2, 2]) },
  { kernel_shape: [2, 2] },
)
