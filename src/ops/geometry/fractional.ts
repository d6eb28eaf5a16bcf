/**
 * @file The windows of fractional pooling: another set for every plane, from random samples.
 */
import { invalid } from '../../errors.ts'
import { planFractional } from '../../plan/fractional.ts'
import type { PoolPlan } from '../../plan/pool-plan.ts'
import { asTensor } from '../../tensor/as-tensor.ts'
import { rand } from '../../tensor/create.ts'
import { type DType, dtypes } from '../../tensor/dtype.ts'
import { roundHalf } from '../../tensor/half.ts'
import { isHalf, valuesOf } from '../../tensor/storage.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { assertSameDType } from '../buffers.ts'
import { assertRank, type PerAxis, parsePerAxis } from '../options/parse.ts'
import type { CommonOptions } from './geometry.ts'
import { assertSameShape, type TensorAxes } from './tensor-axes.ts'

/** Options of fractional max pooling: a window, and one of outputSize and outputRatio. */
export interface FractionalOptions extends CommonOptions {
  /** Elements of the window, along all axes or one number per axis. */
  readonly kernelSize: PerAxis
  /** The output's size; either this or `outputRatio`. */
  readonly outputSize?: PerAxis
  /** The output's size as a share of the input's, above 0 and below 1. */
  readonly outputRatio?: PerAxis
  /** Numbers in [0, 1) of x's dtype (float32 for integers), [N, C, 2] in the order [W, H] or [N, C, 3] in [D, H, W]. Default: fresh. */
  readonly randomSamples?: TensorLike
}

export interface FractionalWindows {
  readonly window: readonly number[]
  readonly outSize: readonly number[]
}

/** Reads and checks the options, then whether the windows fit a shape. */
export function readFractional(
  op: string,
  rank: number,
  options: FractionalOptions,
): (axes: TensorAxes) => FractionalWindows {
  const window = parsePerAxis(op, 'kernelSize', options.kernelSize, rank, 1)
  const outSizeOf = readOutSize(op, rank, options)
  return (axes) => {
    const outSize = axes.spatial.map(outSizeOf)
    axes.spatial.forEach((inSize, axis) => {
      const needed = outSize[axis]! + window[axis]! - 1
      if (needed > inSize) throw doesNotFit(op, axis, outSize[axis]!, window[axis]!, inSize)
    })
    return { window, outSize }
  }
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
 * @returns numbers in [0, 1), one per plane and axis; the caller's, checked, or fresh ones
 * @throws PoolError "BAD_SHAPE", "BAD_DTYPE" or "BAD_PARAM" for samples of another shape, dtype or range
 */
export function parseSamples(
  op: string,
  rank: number,
  axes: TensorAxes,
  dtype: DType,
  given: TensorLike | undefined,
): Tensor {
  const sampleType = sampleTypeOf(dtype)
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

function sampleTypeOf(dtype: DType): DType {
  return dtypes[dtype].float ? dtype : 'float32'
}

/** The plan of each plane, batch by batch, channel by channel. */
export function fractionalPlans(
  axes: TensorAxes,
  { window, outSize }: FractionalWindows,
  samples: Tensor,
): PoolPlan[] {
  const values = valuesOf(samples) as ArrayLike<number>
  const rank = outSize.length
  const { dtype } = samples
  const round = isHalf(dtype)
    ? roundHalf(dtype)
    : dtype === 'float64'
      ? (value: number) => value
      : Math.fround
  return Array.from({ length: axes.batch * axes.channels }, (_, plane) => ({
    outer: 1,
    axes: outSize.map((size, axis) => {
      const sample = values[plane * rank + (rank === 2 ? 1 - axis : axis)]!
      return planFractional(axes.spatial[axis]!, size, window[axis]!, sample, round)
    }),
    inner: 1,
  }))
}
