/**
 * @file The options that leave elements out of windows, and what becomes of windows in which too few are left.
 */
import { invalid } from '../../errors.ts'
import type { IndexArray } from '../../kernels/job.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import type { Tensor, TensorLike } from '../../tensor/tensor.ts'
import { parseFlag } from '../options/parse.ts'

/** Options of poolings that can leave elements out. Padding is never an element. */
export interface CountedOptions {
  /**
   * 1 for elements that count, 0 for those left out: integers, of x's shape. The channel axis, or the batch and channel axes, may be
   * left out or have length 1: [H, W] or [N, 1, H, W] beside [N, C, H, W]; [N, L] beside [N, L, C] in layout 'NHWC'.
   */
  readonly mask?: TensorLike | undefined
  /** Elements of this value are left out. It is rounded to x's dtype; NaN leaves out NaN, 0 leaves out -0 too. */
  readonly nodata?: Scalar | undefined
  /** Windows in which fewer elements count give `fill`, and index -1. Default: 1. */
  readonly minCount?: number | undefined
  /** Default: `nodata` where given, else NaN. Integers have no NaN: without either, a call with such a window is refused. */
  readonly fill?: Scalar | undefined
}

/** The option that asks for the number of elements that count in each window. */
export interface CountsOption<C extends boolean = boolean> {
  /** Also return, per output, how many elements of its window count, as `counts`. */
  readonly returnCounts?: C
}

/** Elements that count in each window, of the output's shape: Int32Array, or Float64Array for planes of 2^31 elements or more. */
export interface Counts {
  readonly counts: Tensor<IndexArray>
}

/** The result P of a pooling, with counts if C is true. */
export type WithCounts<P, C extends boolean> = C extends true
  ? P extends Tensor
    ? { readonly output: P } & Counts
    : P & Counts
  : P

export const countedNames = ['mask', 'nodata', 'minCount', 'fill', 'returnCounts'] as const

/** The options without the mask, checked as far as they can be without x. */
export interface CountedSettings {
  /** False if none of the options is given. */
  readonly isAsked: boolean
  readonly nodata: Scalar | undefined
  readonly minCount: number
  readonly fill: Scalar | undefined
  readonly returnCounts: boolean
  /** True if `countIncludePad: true` is given, so that averages divide by padded positions too. */
  readonly countsPadding: boolean
}

export function parseCounted(op: string, options: object): CountedSettings {
  const given = options as CountedOptions & CountsOption & { readonly countIncludePad?: boolean }
  const { nodata, minCount, fill, returnCounts } = given
  return {
    isAsked: [nodata, minCount, fill].some((value) => value !== undefined) || returnCounts === true,
    nodata: parseScalar(op, 'nodata', nodata),
    minCount: parseMinCount(op, minCount),
    fill: parseScalar(op, 'fill', fill),
    returnCounts: parseFlag(op, 'returnCounts', returnCounts, false),
    countsPadding: given.countIncludePad === true,
  }
}

function parseScalar(op: string, argument: string, value: unknown): Scalar | undefined {
  if (value === undefined || typeof value === 'number' || typeof value === 'bigint') return value
  throw invalid('BAD_PARAM', { op, argument, value }, 'must be a number', 'Pass a number, or leave it out.')
}

function parseMinCount(op: string, value: unknown): number {
  if (value === undefined) return 1
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number
  throw invalid(
    'BAD_PARAM',
    { op, argument: 'minCount', value },
    'must be a whole number from 1 to 2^53 - 1',
    'Pass e.g. 1, and `fill` for windows in which no element counts.',
  )
}
