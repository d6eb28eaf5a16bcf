/**
 * @file The frameworks, in the order they are shown.
 */
import { onnx } from './onnx.ts'
import { pool2d } from './pool2d.ts'
import { pytorch } from './pytorch.ts'
import type { Sample, Snippet } from './snippet.ts'
import { tensorflow } from './tensorflow.ts'

export const frameworks: readonly { readonly name: string; readonly write: (sample: Sample) => Snippet }[] = [
  { name: 'PyTorch', write: pytorch },
  { name: 'TensorFlow.js', write: tensorflow },
  { name: 'ONNX', write: onnx },
  { name: 'pool2d', write: pool2d },
]
