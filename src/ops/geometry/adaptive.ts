/**
 * @file The geometries that are given an output size: adaptive and global.
 */
import { invalid } from '../../errors.ts'
import { planAdaptive } from '../../plan/adaptive.ts'
import { parsePerAxis } from '../options/parse.ts'
import type { CommonOptions, Geometry, ResolvedGeometry } from './geometry.ts'
import type { TensorAxes } from './tensor-axes.ts'

/** Options of adaptive pooling, which takes the size of its output in place of a window. */
export interface AdaptiveOptions extends CommonOptions {
  /** Elements along all pooled axes, or one number per axis; null keeps the input's size; 0 gives an empty tensor. */
  readonly outputSize: number | readonly (number | null)[]
}

export function adaptive(rank: number): Geometry<AdaptiveOptions> {
  return {
    kind: 'adaptive',
    rank,
    needs: ['outputSize'],
    takes: [],
    read: (op, { outputSize }) => {
      const wanted = readSizes(op, rank, outputSize)
      return (axes) => {
        const sizes = wanted.map((size, axis) => size ?? axes.spatial[axis]!)
        return { sizes, axes: () => sizes.map((size, axis) => planAdaptive(axes.spatial[axis]!, size)) }
      }
    },
  }
}

function readSizes(op: string, rank: number, outputSize: unknown): readonly (number | null)[] {
  if (!Array.isArray(outputSize)) {
    assertNotHuge(op, outputSize)
    return parsePerAxis(op, 'outputSize', outputSize, rank, 0)
  }
  const kept = outputSize.map((size) => (size === null ? 0 : size))
  assertNotHuge(op, kept)
  return parsePerAxis(op, 'outputSize', kept, rank, 0).map((size, axis) =>
    outputSize[axis] === null ? null : size,
  )
}

/** A whole number that is only too large is a matter of memory, not of form; negative ones are named first. */
function assertNotHuge(op: string, wanted: unknown): void {
  const sizes = [wanted].flat()
  if (!sizes.every((size) => Number.isInteger(size) && (size as number) >= 0)) return
  const axis = sizes.findIndex((size) => (size as number) >= 2 ** 31)
  if (axis < 0) return
  throw invalid(
    'LIMIT',
    { op, argument: `outputSize[${axis}]`, value: sizes[axis] },
    'an axis must be shorter than 2^31',
    'Ask for a smaller output.',
  )
}

/** One window over all pooled axes, which stay as axes of length 1. Needs a batch axis. */
export function global(): Geometry<CommonOptions> {
  return { kind: 'global', rank: 0, needs: [], takes: [], read: () => wholePlane }
}

export function wholePlane({ spatial }: TensorAxes): ResolvedGeometry {
  return {
    sizes: spatial.map(() => 1),
    axes: () => spatial.map((inSize) => planAdaptive(inSize, 1)),
  }
}
