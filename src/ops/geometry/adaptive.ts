/**
 * @file Adaptive and global geometry: the output size is given, and the windows follow from it.
 */
import { invalid } from '../../errors.ts'
import { planAdaptive } from '../../plan/adaptive.ts'
import { planArea } from '../../plan/weighted.ts'
import type { CountedOptions } from '../counted/options.ts'
import { parseFlag, parsePerAxis } from '../options/parse.ts'
import type { CommonOptions, Geometry, ResolvedGeometry } from './geometry.ts'
import type { TensorAxes } from './tensor-axes.ts'

/** Options of adaptive pooling, which takes an output size instead of a window. */
export interface AdaptiveOptions extends CommonOptions, CountedOptions {
  /** Elements along all pooled axes, or one number per axis; null keeps the input's size; 0 gives an empty tensor. */
  readonly outputSize: number | readonly (number | null)[]
}

/** Options of area pooling. */
export interface AreaOptions extends CommonOptions {
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

/** Side by side, boxes of fractional width that together cover the input. */
export function boxes(rank: number): Geometry<AreaOptions> {
  return {
    ...adaptive(rank),
    kind: 'boxes',
    read: (op, { outputSize }) => {
      const wanted = readSizes(op, rank, outputSize)
      return (axes) => {
        const sizes = wanted.map((size, axis) => size ?? axes.spatial[axis]!)
        return { sizes, axes: () => sizes.map((size, axis) => planArea(axes.spatial[axis]!, size)) }
      }
    },
  }
}

/** Refuses sizes of 2^31 or more with "LIMIT"; negative and fractional sizes are left to the next check, "BAD_PARAM". */
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

/** Options of global pooling. */
export interface GlobalOptions extends CommonOptions, CountedOptions {
  /** Keep the pooled axes with length 1. Default: true. With false the result is [N, C] in either layout. */
  readonly keepDims?: boolean | undefined
}

/** One window over all axes after batch and channels, which become axes of length 1 or go. Needs a batch axis. */
export function global(): Geometry<GlobalOptions> {
  return {
    kind: 'global',
    rank: 0,
    needs: [],
    takes: ['keepDims'],
    read: (op, { keepDims }) => {
      const dropsAxes = !parseFlag(op, 'keepDims', keepDims, true)
      return (axes) => ({ ...wholePlane(axes), dropsAxes })
    },
  }
}

export function wholePlane({ spatial }: TensorAxes): ResolvedGeometry {
  return {
    sizes: spatial.map(() => 1),
    axes: () => spatial.map((inSize) => planAdaptive(inSize, 1)),
  }
}
