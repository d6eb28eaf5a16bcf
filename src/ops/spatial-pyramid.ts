/**
 * @file Spatial pyramid pooling as the command line and layers call it.
 */
import type { Tensor, TensorLike } from '../tensor/tensor.ts'
import { spatialPyramidPool, spatialPyramidPoolBackward } from './functions/spatial-pyramid.ts'
import { assertLevels, type SpatialPyramidOptions, spatialPyramidShape } from './spatial-pyramid-levels.ts'

export const spatialPyramid = {
  op: 'spatialPyramidPool',
  names: ['levels', 'mode', 'layout', 'out'],
  geometry: 'levels' as const,
  check: (options: object): void => assertLevels('spatialPyramidPool', options as SpatialPyramidOptions),
  outputShape: (shape: readonly number[], options: object): readonly number[] =>
    spatialPyramidShape(shape, options as SpatialPyramidOptions),
  forward: (x: TensorLike, options: object): Tensor =>
    spatialPyramidPool(x, options as SpatialPyramidOptions) as Tensor,
  backward: (dy: TensorLike, x: TensorLike, options: object): Tensor =>
    spatialPyramidPoolBackward(dy, x, options as SpatialPyramidOptions) as Tensor,
}
