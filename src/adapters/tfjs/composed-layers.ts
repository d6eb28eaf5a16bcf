/**
 * @file The layers of poolings that are composed of others.
 */
import { layerName } from '../../layers/layer.ts'
import { maxBlur } from '../../ops/max-blur.ts'
import { spatialPyramid } from '../../ops/spatial-pyramid.ts'
import type { SpatialPyramidOptions } from '../../ops/spatial-pyramid-levels.ts'
import type { ComposedFunctions } from './composed.ts'
import type { LayerKind } from './layer.ts'
import { type CoreOptions, coreOptions } from './options.ts'
import type { SymbolicShape } from './symbolic-shape.ts'

export function composedKinds(functions: ComposedFunctions): readonly LayerKind[] {
  const blurs = ([1, 2, 3] as const).map((rank) => kindOf(functions, maxBlur[rank], rank))
  return [...blurs, { ...kindOf(functions, spatialPyramid, 0), symbolic: pyramidShape }]
}

type Composition = (typeof maxBlur)[1] | typeof spatialPyramid

function kindOf(
  functions: ComposedFunctions,
  { op, names, check, outputShape }: Composition,
  rank: number,
): LayerKind {
  return {
    className: layerName(op),
    rank,
    inputsFor: () => 1,
    read: (options) => {
      const core = coreOptions(op, options, names)
      check(core)
      return core
    },
    call: ([x], options) => functions[op as keyof ComposedFunctions](x!, options as never),
    fixed: (_, axes) => new Array(axes).fill(null),
    outputShape,
  }
}

/** Features follow from the levels and the channels, unless a level keeps an axis of unknown size. */
function pyramidShape(shape: SymbolicShape, options: CoreOptions): SymbolicShape {
  const { levels } = options as unknown as SpatialPyramidOptions
  const channel = options.layout === 'NCHW' ? 1 : shape.length - 1
  const pooled = shape.filter((_, axis) => axis !== 0 && axis !== channel)
  const isFixed = levels.flat().every((size) => size !== null)
  if (shape[channel] === null || (!isFixed && pooled.includes(null))) return [shape[0]!, null]
  const [, features] = spatialPyramid.outputShape(
    shape.map((size) => size ?? 1),
    options,
  )
  return [shape[0]!, features!]
}
