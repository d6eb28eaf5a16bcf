/**
 * @file Binomial filters as windows: filterSize, stride and padMode.
 */
import { invalid } from '../../errors.ts'
import { blurredSize, longestPad, type PadMode, padModes, planBlur } from '../../plan/weighted.ts'
import { type PerAxis, parseName, parsePerAxis } from '../options/parse.ts'
import type { CommonOptions, Geometry } from './geometry.ts'
import type { TensorAxes } from './tensor-axes.ts'

/** Options of blur pooling. */
export interface BlurOptions extends CommonOptions {
  /** Elements of the filter along all axes, or one number per axis, from 1 to 7. Default: 3, [1, 2, 1] / 4. */
  readonly filterSize?: PerAxis | undefined
  /** Distance between neighbouring outputs. Default: 2. */
  readonly stride?: PerAxis | undefined
  /**
   * What lies outside: the input mirrored about its border element ('reflect', the default), the border element ('replicate'),
   * zeros ('zero'), or the input's other end ('circular').
   */
  readonly padMode?: PadMode | undefined
}

const largestFilter = 7

export function blurring(rank: number): Geometry<BlurOptions> {
  return {
    kind: 'blurring',
    rank,
    needs: [],
    takes: ['filterSize', 'stride', 'padMode'],
    read: (op, options) => {
      const filter = parsePerAxis(op, 'filterSize', options.filterSize ?? 3, rank, 1)
      filter.forEach((size, axis) => {
        if (size > largestFilter) throw tooLarge(op, axis, size)
      })
      const stride = parsePerAxis(op, 'stride', options.stride ?? 2, rank, 1)
      const padMode = parseName<PadMode>(op, 'padMode', options.padMode, padModes)
      return (axes) => {
        assertPadded(op, axes, filter, padMode)
        return {
          sizes: axes.spatial.map((size, axis) => blurredSize(size, stride[axis]!)),
          axes: () => axes.spatial.map((size, axis) => planBlur(size, filter[axis]!, stride[axis]!, padMode)),
        }
      }
    },
  }
}

function tooLarge(op: string, axis: number, size: number): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument: `filterSize[${axis}]`, value: size },
    `must be a whole number from 1 to ${largestFilter}`,
    'Pass e.g. 3.',
  )
}

/** A mirrored or circular input must be at least as long as the padding takes. */
function assertPadded(op: string, axes: TensorAxes, filter: readonly number[], padMode: PadMode): void {
  if (padMode !== 'reflect' && padMode !== 'circular') return
  axes.spatial.forEach((size, axis) => {
    const needed = longestPad(filter[axis]!) + (padMode === 'reflect' ? 1 : 0)
    if (size >= needed) return
    throw invalid(
      'BAD_SHAPE',
      { op, argument: `x.shape, pooled axis ${axis}`, value: size },
      `padMode "${padMode}" of a filter of ${filter[axis]} needs an input of at least ${needed}`,
      "Pass padMode: 'replicate', or a smaller filter.",
    )
  })
}
