/**
 * @file The plan of one axis: which inputs each output reads, and the divisor of its average. It knows no framework and
 * no data. A plan stores the numbers it was made from and computes windows on request; plan/tables.ts lists them.
 */

/**
 * Tap `j` of output `i` is input `firstOf(axis, i) + j * step`, for `j < tapsOf(axis, i)`. All taps lie inside the
 * axis.
 */
export interface AxisPlan {
  readonly inSize: number
  readonly outSize: number
  /** Distance between taps: the dilation. */
  readonly step: number
  /** The window and stride if they are the same for every output, else null (adaptive, fractional). */
  readonly regular: RegularWindow | null
  /** Position of the first input and of the first output in the whole axis. Both are 0 except in slices. */
  readonly origin: number
  readonly begin: number
  /** Inputs of the whole axis. Positions in the plane are computed with it. */
  readonly length: number
  /** The windows of the whole axis. */
  readonly rule: WindowRule
  /** The recipe of the whole axis; null in a transposed plan, which has a `source`. */
  readonly recipe: Recipe | null
  /** The plan that this one is the transpose of, else null. */
  readonly source: AxisPlan | null
}

/** The windows of a whole axis, by output. */
export interface WindowRule {
  /** The first tap inside the input; 0 if the window has no tap. */
  first(i: number): number
  taps(i: number): number
  /** The elements that an average counts along this axis. Differs from `taps` if padding counts. */
  divisor(i: number): number
  /** The smallest range of inputs that holds all taps of outputs `[begin, end)`, where windows neither ascend nor repeat. */
  range?(begin: number, end: number): readonly [from: number, to: number]
  readonly periodic: Periodic
}

/**
 * Outputs `[from, to)` whose windows repeat: output `i + period` has the taps of output `i`, moved by `shift` inputs,
 * and the same divisor.
 */
export interface Periodic {
  readonly from: number
  readonly to: number
  readonly period: number
  readonly shift: number
}

/** Plain data from which the plan of an axis is made again, for example in another thread. */
export type Recipe =
  | ({ readonly kind: 'sliding'; readonly countPadding: boolean } & AxisWindow)
  | { readonly kind: 'adaptive'; readonly inSize: number; readonly outSize: number }
  | {
      readonly kind: 'runs'
      readonly inSize: number
      readonly window: number
      /** In ascending order. */
      readonly starts: Int32Array
    }

/** The constants of a regular axis; tap `j` of output `i` before clipping is `i * stride - padBefore + j * step`. */
export interface RegularWindow {
  readonly window: number
  readonly stride: number
  readonly padBefore: number
}

/** A resolved window of one axis; sizes in elements, all checked by the caller. */
export interface AxisWindow extends RegularWindow {
  readonly inSize: number
  readonly outSize: number
  readonly padAfter: number
  readonly dilation: number
}

export function firstOf({ rule, begin, origin }: AxisPlan, i: number): number {
  return rule.first(begin + i) - origin
}

export function tapsOf({ rule, begin }: AxisPlan, i: number): number {
  return rule.taps(begin + i)
}

export function divisorOf({ rule, begin }: AxisPlan, i: number): number {
  return rule.divisor(begin + i)
}

export function wholeAxis(
  axis: Pick<AxisPlan, 'inSize' | 'outSize' | 'step' | 'regular' | 'rule' | 'recipe'>,
): AxisPlan {
  return { ...axis, origin: 0, begin: 0, length: axis.inSize, source: null }
}

/**
 * The plan of a sliding window. With `countPadding`, averages count padded elements, but never those past the padding.
 */
export function planAxis(axis: AxisWindow, countPadding: boolean): AxisPlan {
  const { inSize, outSize, window, stride, padBefore, padAfter, dilation } = axis
  const skipped = (start: number): number => (start < 0 ? Math.ceil(-start / dilation) : 0)
  const tapsBefore = (limit: number, start: number): number =>
    Math.min(window, Math.max(0, Math.ceil((limit - start) / dilation)))
  const startOf = (i: number): number => i * stride - padBefore
  const taps = (i: number): number => Math.max(0, tapsBefore(inSize, startOf(i)) - skipped(startOf(i)))
  return wholeAxis({
    inSize,
    outSize,
    step: dilation,
    regular: { window, stride, padBefore },
    recipe: { kind: 'sliding', countPadding, inSize, outSize, window, stride, padBefore, padAfter, dilation },
    rule: {
      taps,
      first: (i) => (taps(i) === 0 ? 0 : startOf(i) + skipped(startOf(i)) * dilation),
      divisor: countPadding ? (i) => tapsBefore(inSize + padAfter, startOf(i)) : taps,
      periodic: fullWindows(axis),
    },
  })
}

/** Outputs whose windows lie inside the input. */
function fullWindows({ inSize, outSize, window, stride, padBefore, dilation }: AxisWindow): Periodic {
  const from = Math.min(outSize, Math.ceil(padBefore / stride))
  const lastStart = inSize - 1 - (window - 1) * dilation
  const end = lastStart < 0 ? 0 : Math.floor((lastStart + padBefore) / stride) + 1
  return { from, to: Math.max(from, Math.min(outSize, end)), period: 1, shift: stride }
}

/** The plan of contiguous windows of equal length that begin at `starts`, in ascending order. */
export function planRuns(inSize: number, window: number, starts: Int32Array): AxisPlan {
  return wholeAxis({
    inSize,
    outSize: starts.length,
    step: 1,
    regular: null,
    recipe: { kind: 'runs', inSize, window, starts },
    rule: { first: (i) => starts[i]!, taps: () => window, divisor: () => window, periodic: irregular },
  })
}

/** For axes without repeating windows. */
export const irregular: Periodic = { from: 0, to: 0, period: 1, shift: 0 }
