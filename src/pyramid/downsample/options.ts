/**
 * @file The options of a downsampling, read once and checked against the tensor.
 */
import { formatValue, invalid } from '../../errors.ts'
import { type DType, dtypes, integerRange, type Scalar } from '../../tensor/dtype.ts'
import { roundHalf } from '../../tensor/half.ts'
import { readOptions } from '../../tensor/read-options.ts'
import { formatShape } from '../../tensor/shape.ts'
import { isHalf } from '../../tensor/storage.ts'

/** The reduction of a window. */
export const downsampleMethods = ['mean', 'mode', 'median', 'min', 'max', 'stride'] as const

/** The name of a method. */
export type DownsampleMethod = (typeof downsampleMethods)[number]

/** Keeps a last window that the input's end cuts, or drops it with its elements. */
export const edgeRules = ['keep', 'trim'] as const

/** The name of a rule for edges. */
export type EdgeRule = (typeof edgeRules)[number]

/** The channels of a tensor, of which one is alpha. */
export interface AlphaOption {
  /** The axis of the channels. */
  readonly axis: number
  /** The channel that is alpha, counted from 0. */
  readonly channel: number
}

/** Options of `downsample`. */
export interface DownsampleOptions {
  /** The window along every axis, or one whole number per axis; 1 leaves an axis as it is. */
  readonly factor: number | readonly number[]
  readonly method: DownsampleMethod
  /** mode: a value that is not counted unless a window holds no other. */
  readonly background?: Scalar | undefined
  /** A value that stands for no data: left out of every window, and the result of windows that hold nothing else. NaN may be given. */
  readonly nodata?: Scalar | undefined
  /** mean: one channel is alpha, by which the others are weighted. */
  readonly alpha?: AlphaOption | undefined
  /** 'keep' (default): an axis of n becomes ceil(n / factor), and the last window divides by what is there; 'trim': floor(n / factor). */
  readonly edges?: EdgeRule | undefined
}

/** Checked options. */
export interface Downsampling {
  /** At most the length of the axis. */
  readonly factors: readonly number[]
  /** The shape of the result. */
  readonly sizes: readonly number[]
  readonly method: DownsampleMethod
  readonly background: Scalar | undefined
  readonly nodata: Scalar | undefined
  readonly alpha: AlphaOption | undefined
}

const op = 'downsample'
const names = ['factor', 'method', 'background', 'nodata', 'alpha', 'edges']

/** @throws PoolError "BAD_PARAM" for an option, "BAD_SHAPE" for a shape the windows do not fit */
export function readDownsampling(
  shape: readonly number[],
  dtype: DType,
  options: DownsampleOptions,
): Downsampling {
  const { factor, method, background, nodata, alpha, edges = 'keep' } = readOptions(op, options, names)
  assertChoice('method', method, downsampleMethods)
  assertChoice('edges', edges, edgeRules)
  const factors = parseFactors(factor, shape)
  const sizes = sizesOf(shape, factors, edges)
  if (background !== undefined && method !== 'mode')
    throw onlyWith('background', background, 'mode', method, 'Leave it out.')
  if (alpha !== undefined) assertAlpha(alpha, shape, dtype, factors, method, nodata)
  return {
    factors: factors.map((value, axis) => Math.min(value, shape[axis]!)),
    sizes,
    method,
    background: background === undefined ? undefined : elementOf('background', background, dtype),
    nodata: nodata === undefined ? undefined : elementOf('nodata', nodata, dtype),
    alpha,
  }
}

/** The shape after one step. @throws PoolError "BAD_SHAPE" for an axis that would vanish */
export function sizesOf(shape: readonly number[], factors: readonly number[], edges: EdgeRule): number[] {
  return shape.map((n, axis) => {
    const factor = factors[axis]!
    const size = edges === 'keep' ? Math.ceil(n / factor) : Math.floor(n / factor)
    if (size > 0) return size
    throw invalid(
      'BAD_SHAPE',
      { op, argument: `x.shape[${axis}]`, value: n },
      edges === 'trim' && n > 0 ? `a window of ${factor} must fit at least once` : 'must be at least 1',
      edges === 'trim' && n > 0
        ? "Use edges 'keep', or a smaller factor."
        : 'Pass a tensor that has elements.',
    )
  })
}

function parseFactors(factor: unknown, shape: readonly number[]): readonly number[] {
  const given = Array.isArray(factor) ? (factor as unknown[]) : shape.map(() => factor)
  if (given.length !== shape.length) {
    throw invalid(
      'BAD_PARAM',
      { op, argument: 'factor', value: factor },
      `must have one number for each of the ${shape.length} axes of ${formatShape(shape)}`,
      'Give 1 for axes that stay as they are.',
    )
  }
  given.forEach((value, axis) => {
    if (Number.isSafeInteger(value) && (value as number) >= 1) return
    const argument = Array.isArray(factor) ? `factor[${axis}]` : 'factor'
    throw invalid('BAD_PARAM', { op, argument, value }, 'must be a whole number >= 1', 'Pass e.g. 2.')
  })
  return given as number[]
}

function assertChoice(argument: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return
  const rule = `must be one of ${choices.join(', ')}`
  throw invalid('BAD_PARAM', { op, argument, value }, rule, 'Use one of those names.')
}

function onlyWith(argument: string, value: unknown, method: string, given: string, repair: string) {
  const rule = `it has a meaning with method ${formatValue(method)} only, and the method is ${formatValue(given)}`
  return invalid('BAD_PARAM', { op, argument, value }, rule, repair)
}

function assertAlpha(
  alpha: AlphaOption,
  shape: readonly number[],
  dtype: DType,
  factors: readonly number[],
  method: DownsampleMethod,
  nodata: unknown,
): void {
  const { axis, channel } = alpha
  if (method !== 'mean') throw onlyWith('alpha', alpha, 'mean', method, 'Leave it out.')
  const refuse = (argument: string, value: unknown, rule: string, repair: string) =>
    invalid('BAD_PARAM', { op, argument, value }, rule, repair)
  if (nodata !== undefined)
    throw refuse(
      'nodata',
      nodata,
      'has no meaning beside alpha, which says what counts',
      'Leave one of them out.',
    )
  if (!Number.isSafeInteger(axis) || axis < 0 || axis >= shape.length)
    throw refuse(
      'alpha.axis',
      axis,
      `must be one of the ${shape.length} axes, from 0`,
      'Name the axis of the channels.',
    )
  if (!Number.isSafeInteger(channel) || channel < 0 || channel >= shape[axis]!)
    throw refuse(
      'alpha.channel',
      channel,
      `must be one of the ${shape[axis]} channels, from 0`,
      'Name the channel.',
    )
  if (factors[axis] !== 1)
    throw refuse(`factor[${axis}]`, factors[axis], 'must be 1 along the axis of the channels', 'Pass 1.')
  if (!dtypes[dtype].float && dtypes[dtype].storage.BYTES_PER_ELEMENT > 2)
    throw refuse('alpha', dtype, 'weights colours of 8 or 16 bits, or floats', 'Leave it out.')
}

/** A value as an element of the dtype. */
function elementOf(argument: string, value: unknown, dtype: DType): Scalar {
  if (dtypes[dtype].float) {
    if (typeof value === 'number') return rounded(value, dtype)
    throw invalid('BAD_PARAM', { op, argument, value }, `must be a number, for ${dtype}`, 'Pass a number.')
  }
  const [low, high] = integerRange(dtype)
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (isWhole && (value as Scalar) >= low && (value as Scalar) <= high)
    return typeof low === 'bigint' ? BigInt(value as Scalar) : Number(value)
  throw invalid(
    'BAD_PARAM',
    { op, argument, value },
    `must be a whole number that ${dtype} holds, from ${low} to ${high}`,
    'Numbers beyond 2^53 are given as bigints.',
  )
}

function rounded(value: number, dtype: DType): number {
  if (isHalf(dtype)) return roundHalf(dtype)(value)
  return dtype === 'float32' ? Math.fround(value) : value
}
