/**
 * @file The poolings of the surface that are no rows of the catalogue: regions, spatial pyramids and blurred maxima of planes.
 */
import { blurPool, maxPool } from '../../src/ops/catalogue.ts'
import { type MaxBlurOptions, maxBlurPool2d } from '../../src/ops/functions/max-blur.ts'
import { psRoiAlign, psRoiPool, roiAlign, roiPool } from '../../src/ops/functions/regions.ts'
import { spatialPyramidPool } from '../../src/ops/functions/spatial-pyramid.ts'
import { type SpatialPyramidOptions, spatialPyramidShape } from '../../src/ops/spatial-pyramid-levels.ts'
import { Tensor } from '../../src/tensor/tensor.ts'

export interface Composition {
  outputShape(shape: readonly number[], options: object): readonly number[]
  forward(x: Tensor, options: object): void
  /** True if small inputs cost more an element than large ones: they have as many regions. */
  readonly hasRegions?: boolean
}

interface RegionOptions {
  readonly outputSize: number
  readonly layout: 'NCHW' | 'NHWC'
}

/** Regions of half the sides of a plane, at places that are no whole numbers. */
const regions = 16

export function boxesOf([, a, b, c]: readonly number[], layout: RegionOptions['layout']): Tensor {
  const [height, width] = (layout === 'NHWC' ? [a, b] : [b, c]) as [number, number]
  const corners = Array.from({ length: regions }, (_, i) => {
    const [x, y] = [(i * 0.37 * width) / regions, (i * 0.29 * height) / regions]
    return [0, x, y, x + width / 2, y + height / 2]
  })
  return new Tensor(Float32Array.from(corners.flat()), [regions, 5], 'float32')
}

function overRegions(pool: typeof roiPool): Composition {
  return {
    hasRegions: true,
    outputShape: ([, a, , c], options) => {
      const { outputSize: size, layout } = options as RegionOptions
      return layout === 'NHWC' ? [regions, size, size, c!] : [regions, a!, size, size]
    },
    forward(x, options) {
      const { layout } = options as RegionOptions
      pool(x, boxesOf(x.shape, layout), options as never)
    },
  }
}

/** A grid of as many cells as x has channels, so that each cell has one of its own. */
export function cellsOf(
  shape: readonly number[],
  layout: RegionOptions['layout'],
): readonly [number, number] {
  const channels = shape[layout === 'NHWC' ? 3 : 1]!
  let rows = Math.floor(Math.sqrt(channels))
  while (channels % rows !== 0) rows--
  return [rows, channels / rows]
}

function overChannels(pool: typeof psRoiPool): Composition {
  return {
    hasRegions: true,
    outputShape(shape, options) {
      const { layout } = options as RegionOptions
      const cells = cellsOf(shape, layout)
      return layout === 'NHWC' ? [regions, ...cells, 1] : [regions, 1, ...cells]
    },
    forward(x, options) {
      const { layout } = options as RegionOptions
      const outputSize = cellsOf(x.shape, layout)
      pool(x, boxesOf(x.shape, layout), { ...options, outputSize } as never)
    },
  }
}

export const compositions: Readonly<Record<string, Composition>> = {
  maxBlurPool: {
    outputShape: (shape, options) => {
      const { kernelSize, filterSize, stride, layout } = options as MaxBlurOptions
      const maxima = maxPool[2].outputShape(shape, { kernelSize, stride: 1, layout })
      return blurPool[2].outputShape(maxima, { filterSize, stride, layout })
    },
    forward: (x, options) => void maxBlurPool2d(x, options as MaxBlurOptions),
  },
  roiPool: overRegions(roiPool),
  roiAlign: overRegions(roiAlign as typeof roiPool),
  psRoiPool: overChannels(psRoiPool),
  psRoiAlign: overChannels(psRoiAlign as typeof psRoiPool),
  spatialPyramidPool: {
    outputShape: (shape, options) => spatialPyramidShape(shape, options as SpatialPyramidOptions),
    forward: (x, options) => void spatialPyramidPool(x, options as SpatialPyramidOptions),
  },
}
