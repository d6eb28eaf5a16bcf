/**
 * @file Fractional geometry: each plane has its own windows, computed from random samples.
 */
import { invalid } from '../../errors.ts'
import type { AxisPlan } from '../../plan/axis.ts'
import { planFractional } from '../../plan/fractional.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { rand } from '../../tensor/create.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import { roundHalf } from '../../tensor/half.ts'
import { isHalf, valuesOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertSameDType } from '../buffers.ts'
import { assertRank, type PerAxis, parsePerAxis } from '../options/parse.ts'
import type { CommonOptions, Geometry } from './geometry.ts'
import { assertSameShape, type TensorAxes } from './tensor-axes.ts'

/** Options of fractional max pooling: a window, and one of outputSize and outputRatio. */
export interface FractionalOptions extends CommonOptions {
  /** Elements of the window, along all axes or one number per axis. */
  readonly kernelSize: PerAxis
  /** The output's size, for all axes or one number per axis. Give this or `outputRatio`. */
  readonly outputSize?: PerAxis | undefined
  /** The output's size as a share of the input's, above 0 and below 1. */
  readonly outputRatio?: PerAxis | undefined
  /** Numbers in [0, 1) of x's dtype (float32 for integers), [N, C, 2] in the order [W, H] or [N, C, 3] in [D, H, W]. Default: fresh. */
  readonly randomSamples?: TensorLike | undefined
}

export function fractional(rank: number): Geometry<FractionalOptions> {
  return {
    kind: 'fractional',
    rank,
    needs: ['kernelSize', 'outputSize'],
    takes: ['outputRatio', 'randomSamples'],
    read: (op, options) => {
      const window = parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1)
      const outSizeOf = readOutSize(op, rank, options)
      return (axes) => {
        const sizes = axes.spatial.map(outSizeOf)
        axes.spatial.forEach((inSize, axis) => {
          const needed = sizes[axis]! + window[axis]! - 1
          if (needed > inSize) throw doesNotFit(op, axis, sizes[axis]!, window[axis]!, inSize)
        })
        const planned = (sampleOf: (axis: number) => number, round: Round): readonly AxisPlan[] =>
          sizes.map((size, axis) =>
            planFractional(axes.spatial[axis]!, size, window[axis]!, sampleOf(axis), round),
          )
        return {
          sizes,
          /** Samples move the windows but do not change their sizes, so any sample gives the same sizes. */
          axes: () => planned(() => 0, Math.fround),
          planes: (dtype, given) => {
            const samples = parseSamples(op, rank, axes, dtype, given)
            const values = valuesOf(samples) as ArrayLike<number>
            const sampleOf = (plane: number) => (axis: number) =>
              values[plane * rank + (rank === 2 ? 1 - axis : axis)]!
            return Array.from({ length: axes.batch * axes.channels }, (_, plane) =>
              planned(sampleOf(plane), roundingOf(samples.dtype)),
            )
          },
        }
      }
    },
  }
}

type Round = (value: number) => number

/** Rounds a number to the dtype. */
function roundingOf(dtype: DType): Round {
  if (isHalf(dtype)) return roundHalf(dtype)
  return dtype === 'float64' ? (value) => value : Math.fround
}

function readOutSize(
  op: string,
  rank: number,
  options: FractionalOptions,
): (inSize: number, axis: number) => number {
  const { outputSize, outputRatio } = options
  if ((outputSize === undefined) === (outputRatio === undefined)) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'outputSize', value: outputSize },
      `exactly one of outputSize and outputRatio must be given; outputRatio = ${outputRatio}`,
      'Give one of them.',
    )
  }
  if (outputSize !== undefined) {
    const sizes = parsePerAxis(op, 'outputSize', outputSize, rank, 0)
    return (_, axis) => sizes[axis]!
  }
  const ratios: readonly unknown[] = Array.isArray(outputRatio)
    ? outputRatio
    : new Array(rank).fill(outputRatio)
  assertRank(op, 'outputRatio', ratios, rank)
  ratios.forEach((ratio, axis) => {
    if (typeof ratio !== 'number' || !(ratio > 0 && ratio < 1)) throw badRatio(op, axis, ratio)
  })
  return (inSize, axis) => Math.trunc(inSize * (ratios[axis] as number))
}

function doesNotFit(op: string, axis: number, outSize: number, window: number, inSize: number): Error {
  return invalid(
    'BAD_SHAPE',
    { op, argument: `outputSize[${axis}]`, value: outSize },
    `${outSize} windows of ${window} need an input of at least ${outSize + window - 1}, which has ${inSize}`,
    'Ask for a smaller output or window.',
  )
}

function badRatio(op: string, axis: number, ratio: unknown): Error {
  return invalid(
    'BAD_PARAM',
    { op, argument: `outputRatio[${axis}]`, value: ratio },
    'must be a number above 0 and below 1',
    'Pass e.g. 0.5, or give outputSize.',
  )
}

/**
 * @returns numbers in [0, 1), one per plane and axis: the caller's after a check, or new random ones
 * @throws PoolError "BAD_SHAPE", "BAD_DTYPE" or "BAD_PARAM" for samples of another shape, dtype or range
 */
function parseSamples(
  op: string,
  rank: number,
  axes: TensorAxes,
  dtype: DType,
  given: TensorLike | undefined,
): Tensor {
  const sampleType = dtypes[dtype].float ? dtype : 'float32'
  const shape = [axes.batch, axes.channels, rank]
  if (given === undefined) return rand(shape, { dtype: sampleType })
  const samples = asTensor(op, 'randomSamples', given, sampleType)
  assertSameShape(op, 'randomSamples', samples.shape, shape, 'batch, channels and pooled axes of x')
  assertSameDType(op, 'randomSamples', samples, { dtype: sampleType } as Tensor)
  const values = valuesOf(samples)
  for (let i = 0; i < values.length; i++) {
    if (values[i]! >= 0 && values[i]! < 1) continue
    throw invalid(
      'BAD_PARAM',
      { op, argument: `randomSamples[${i}]`, value: values[i] },
      'must be at least 0 and below 1',
      'Draw them with rand(...).',
    )
  }
  return samples
}
