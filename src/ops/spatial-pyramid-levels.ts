/**
 * @file The adaptive poolings of a spatial pyramid, and the shape of their joined results.
 */
import { invalid } from '../errors.ts'
import type { TypedArray } from '../tensor/dtype.ts'
import { readOptions } from '../tensor/read-options.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { adaptiveAvgPool, adaptiveMaxPool } from './catalogue.ts'
import { type Layout, parseLayout } from './geometry/tensor-axes.ts'
import type { AnyOperation } from './operation.ts'

/** Options of spatial pyramid pooling. */
export interface SpatialPyramidOptions {
  /** The output size of each adaptive pooling, along all pooled axes or one number per axis, such as [4, 2, 1]. */
  readonly levels: readonly (number | readonly number[])[]
  /** The poolings of each level: 'max' (default), 'average', or both, one after the other. */
  readonly mode?: PyramidMode | readonly PyramidMode[] | undefined
  /** 'NCHW' (default) or 'NHWC', of x. */
  readonly layout?: Layout | undefined
  /** The caller's array for the result: of the class of x.data and its length, or a tensor of its shape; must not overlap an input. */
  readonly out?: TypedArray | Tensor | undefined
}

/** The pooling of a level of a spatial pyramid. */
export type PyramidMode = 'max' | 'average'

const modes = { max: adaptiveMaxPool, average: adaptiveAvgPool } as const

export interface Part {
  readonly operation: AnyOperation
  readonly options: object
  /** Of the pooled tensor. */
  readonly shape: readonly number[]
}

export interface Levels {
  readonly parts: readonly Part[]
  readonly shape: readonly number[]
  readonly out: unknown
}

/** What does not depend on an input. */
function readLevels(op: string, given: SpatialPyramidOptions) {
  const { levels, mode = 'max', layout, out } = readOptions(op, given, ['levels', 'mode', 'layout', 'out'])
  if (!Array.isArray(levels) || levels.length === 0) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'levels', value: levels },
      'must be a list of sizes',
      'Pass e.g. [4, 2, 1].',
    )
  }
  const names = [mode].flat() as PyramidMode[]
  for (const name of names) {
    if (!Object.hasOwn(modes, name)) {
      throw invalid(
        'BAD_PARAM',
        { op, argument: 'mode', value: name },
        "must be 'max' or 'average'",
        'Pass one or both.',
      )
    }
  }
  return { levels: levels as SpatialPyramidOptions['levels'], names, layout: parseLayout(op, layout), out }
}

/** Refuses options that no input fits. A size without a rank of its own is checked as one of two axes. */
export function assertLevels(op: string, given: SpatialPyramidOptions): void {
  const { levels, names, layout } = readLevels(op, given)
  for (const outputSize of levels) {
    const rank = (Array.isArray(outputSize) ? outputSize.length : 2) as 1 | 2 | 3
    const operation = modes[names[0] ?? 'max'][rank] ?? modes.max[2]
    operation.check({ outputSize, layout } as never)
  }
}

export function resolveLevels(
  op: string,
  inputShape: readonly number[],
  given: SpatialPyramidOptions,
): Levels {
  const rank = inputShape.length - 2
  const { levels, names, layout, out } = readLevels(op, given)
  if (rank !== 1 && rank !== 2 && rank !== 3) {
    throw invalid(
      'BAD_SHAPE',
      { op, argument: 'x.shape', value: inputShape },
      'must have a batch, channels and 1 to 3 pooled axes',
      'Reshape the input.',
    )
  }
  const parts = levels.flatMap((outputSize) =>
    names.map((name): Part => {
      const operation = modes[name][rank] as unknown as AnyOperation
      const options = { outputSize, layout }
      return { operation, options, shape: operation.outputShape(inputShape, options) }
    }),
  )
  const features = parts.reduce((sum, { shape }) => sum + sizeOf(shape.slice(1)), 0)
  return { parts, shape: [inputShape[0]!, features], out }
}

/** The shape that `spatialPyramidPool` gives for an input shape. @throws PoolError as it does */
export function spatialPyramidShape(
  shape: readonly number[],
  options: SpatialPyramidOptions,
): readonly number[] {
  return resolveLevels('spatialPyramidPool', shape, options).shape
}
