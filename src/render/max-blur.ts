/**
 * @file Max blur pooling in the form of an operation, for pictures. The catalogue has no row for it, because it runs two
 * operations.
 */
import { catalogue } from '../ops/catalogue.ts'
import { type MaxBlurOptions, maxBlurPool2d, maxBlurPool2dBackward } from '../ops/functions/max-blur.ts'
import type { TensorLike } from '../tensor/tensor.ts'
import type { DrawnOperation } from './drawn-operation.ts'

export const maxBlur: DrawnOperation = {
  geometry: 'blurring',
  reducer: 'blur',
  action: 'folds',
  names: ['kernelSize', 'filterSize', 'stride', 'padMode'],
  needs: ['kernelSize'],
  forward: (x, options) => maxBlurPool2d(x as TensorLike, options as MaxBlurOptions),
  backward: (dy, x, options) =>
    maxBlurPool2dBackward(dy as TensorLike, x as TensorLike, options as MaxBlurOptions),
  outputShape: (shape, options) => {
    const { kernelSize, ...blur } = options as MaxBlurOptions
    return catalogue.blurPool2d.outputShape(maximaShape(shape, kernelSize), blur)
  },
}

/** The shape of the maxima that are blurred: one at every position of the window. */
function maximaShape(shape: readonly number[], kernelSize: MaxBlurOptions['kernelSize']): readonly number[] {
  return catalogue.maxPool2d.outputShape(shape, { kernelSize, stride: 1 } as object)
}
