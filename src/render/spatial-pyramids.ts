/**
 * @file Spatial pyramid pooling in the form of operations, for pictures: a row of outputs for each channel. The catalogue has no row for it,
 * because it runs several operations.
 */
import { spatialPyramidPool, spatialPyramidPoolBackward } from '../ops/functions/spatial-pyramid.ts'
import {
  type PyramidMode,
  type SpatialPyramidOptions,
  spatialPyramidShape,
} from '../ops/spatial-pyramid-levels.ts'
import { Tensor } from '../tensor/tensor.ts'
import type { DrawnOperation } from './drawn-operation.ts'

function pyramidOperation(mode: PyramidMode): DrawnOperation {
  const withMode = (options: object) => ({ ...options, mode }) as SpatialPyramidOptions
  return {
    geometry: 'levels',
    reducer: mode,
    action: 'folds',
    names: ['levels'],
    needs: ['levels'],
    forward: (x, options) => {
      const given = withMode(options as object)
      return byChannel(spatialPyramidPool(x as Tensor, given), x as Tensor, given)
    },
    backward: (dy, x, options) => {
      const given = withMode(options as object)
      return spatialPyramidPoolBackward(byLevel(dy as Tensor, x as Tensor, given), x as Tensor, given)
    },
    outputShape: (shape, options) => spatialPyramidShape(shape, withMode(options)),
  }
}

export const spatialPyramids = {
  'spatial-pyramid-max': pyramidOperation('max'),
  'spatial-pyramid-avg': pyramidOperation('average'),
}

/** Features [1, level by level, in a level channel by channel] as [1, C, 1, outputs of all levels]. */
function byChannel({ data, dtype }: Tensor, { shape }: Tensor, options: SpatialPyramidOptions): Tensor {
  const places = placesOf(shape[1]!, options)
  const rows = (data as Float32Array).slice()
  places.forEach((place, feature) => {
    rows[place] = data[feature] as number
  })
  return new Tensor(rows, [1, shape[1]!, 1, places.length / shape[1]!], dtype)
}

function byLevel({ data, dtype }: Tensor, { shape }: Tensor, options: SpatialPyramidOptions): Tensor {
  const places = placesOf(shape[1]!, options)
  const features = (data as Float32Array).slice()
  places.forEach((place, feature) => {
    features[feature] = data[place] as number
  })
  return new Tensor(features, [1, places.length], dtype)
}

/** The position of each feature among the rows of all channels. */
function placesOf(channels: number, { levels }: SpatialPyramidOptions): readonly number[] {
  const sizes = levels.map((level) => cellsOf(level))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0))
  return sizes.flatMap((size, level) =>
    Array.from({ length: channels * size }, (_, i) => {
      const channel = Math.floor(i / size)
      return channel * total + starts[level]! + (i % size)
    }),
  )
}

function cellsOf(level: SpatialPyramidOptions['levels'][number]): number {
  const [height, width] = typeof level === 'number' ? [level, level] : level
  return height! * width!
}
