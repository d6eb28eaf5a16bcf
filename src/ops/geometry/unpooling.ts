/**
 * @file Unpooling geometry: the sizes of the output, from the options of the pooling that it undoes. It has no windows.
 */
import { invalid } from '../../errors.ts'
import { parseShape } from '../../tensor/shape.ts'
import { type PerAxis, parsePerAxis } from '../options/parse.ts'
import type { CommonOptions, Geometry } from './geometry.ts'
import { assertSameShape, type TensorAxes } from './tensor-axes.ts'

/** Options of max unpooling: those of the pooling that it undoes. */
export interface MaxUnpoolOptions extends CommonOptions {
  /** The window of the pooling that is undone. */
  readonly kernelSize: PerAxis
  /** Its stride. Default: the window. */
  readonly stride?: PerAxis | undefined
  /** Its padding. Default: 0. */
  readonly padding?: PerAxis | undefined
  /** Sizes of the output's pooled axes, or its whole shape, since several input sizes pool to the same size. Each must differ from the default size by less than the stride. */
  readonly outputSize?: readonly number[] | undefined
}

export function unpooling(rank: number): Geometry<MaxUnpoolOptions> {
  return {
    kind: 'unpooling',
    rank,
    needs: ['kernelSize'],
    takes: ['stride', 'padding', 'outputSize'],
    read: (op, options) => {
      const sizesOf = readSizes(op, rank, options)
      return (axes) => ({ sizes: sizesOf(axes), axes: () => [] })
    },
  }
}

function readSizes(
  op: string,
  rank: number,
  options: MaxUnpoolOptions,
): (axes: TensorAxes) => readonly number[] {
  const window = parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1)
  const stride = parsePerAxis(op, 'stride', options.stride ?? window, rank, 1)
  const padding = parsePerAxis(op, 'padding', options.padding ?? 0, rank, 0)
  return (axes) => {
    const usual = axes.spatial.map(
      (size, axis) => (size - 1) * stride[axis]! - 2 * padding[axis]! + window[axis]!,
    )
    const sizes = parseOutputSize(op, axes, options.outputSize) ?? usual
    sizes.forEach((size, axis) => {
      const [low, high] = [Math.max(0, usual[axis]! - stride[axis]!), usual[axis]! + stride[axis]!]
      if (size > low && size < high) return
      throw invalid(
        'BAD_SHAPE',
        { op, argument: `outputSize[${axis}]`, value: size },
        `must lie between ${low} and ${high}, less than the stride ${stride[axis]} off ${usual[axis]}`,
        'Pass the shape of the tensor that was pooled.',
      )
    })
    return sizes
  }
}

function parseOutputSize(op: string, axes: TensorAxes, outputSize: unknown): readonly number[] | null {
  if (outputSize === undefined) return null
  const rank = axes.spatial.length
  const shape = parseShape(op, 'outputSize', outputSize)
  if (shape.length === rank) return shape
  const start = (axes.batched ? 1 : 0) + (axes.layout === 'NCHW' ? 1 : 0)
  const sizes = shape.slice(start, start + rank)
  assertSameShape(op, 'outputSize', shape, axes.shapeOf(sizes), `or have ${rank} entries`)
  return sizes
}
