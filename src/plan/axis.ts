/**
 * @file One axis of a window plan: which inputs each output reads, and what an average divides by. Knows no framework and no data.
 */

/** Tap `j` of output `i` is input `first[i] + j * step`, for `j < taps[i]`; all taps lie inside the axis. */
export interface AxisPlan {
  readonly inSize: number
  readonly outSize: number
  /** First tap inside the input; meaningless where `taps` is 0. */
  readonly first: Int32Array
  readonly taps: Int32Array
  /** What an average counts along this axis; apart from `taps` because padding may count. */
  readonly divisor: Int32Array
  /** Distance between taps: the dilation. */
  readonly step: number
  /** The run of outputs `[begin, end)` whose windows are full. */
  readonly interior: readonly [begin: number, end: number]
  /** The window where stride and window are the same for every output, else null (adaptive, fractional). */
  readonly regular: RegularWindow | null
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

/**
 * The plan of a sliding window. `countPadding` lets averages count padded places, but never the overhang past them.
 */
export function planAxis(axis: AxisWindow, countPadding: boolean): AxisPlan {
  const { inSize, outSize, window, stride, padBefore, padAfter, dilation } = axis
  const first = new Int32Array(outSize)
  const taps = new Int32Array(outSize)
  const divisor = new Int32Array(outSize)
  for (let i = 0; i < outSize; i++) {
    const start = i * stride - padBefore
    const skipped = start < 0 ? Math.ceil(-start / dilation) : 0
    const end = tapsBefore(inSize)
    taps[i] = Math.max(0, end - skipped)
    first[i] = taps[i] === 0 ? 0 : start + skipped * dilation
    divisor[i] = countPadding ? tapsBefore(inSize + padAfter) : taps[i]!

    function tapsBefore(limit: number): number {
      return Math.min(window, Math.max(0, Math.ceil((limit - start) / dilation)))
    }
  }
  const regular = { window, stride, padBefore }
  return {
    inSize,
    outSize,
    first,
    taps,
    divisor,
    step: dilation,
    interior: interiorOf(taps, window),
    regular,
  }
}

/** The plan of contiguous windows `[first[i], end[i])` of any length. */
export function planRuns(inSize: number, first: Int32Array, end: Int32Array): AxisPlan {
  const taps = end.map((stop, i) => stop - first[i]!)
  return {
    inSize,
    outSize: first.length,
    first,
    taps,
    divisor: taps,
    step: 1,
    interior: [0, first.length],
    regular: null,
  }
}

function interiorOf(taps: Int32Array, window: number): readonly [number, number] {
  const begin = taps.indexOf(window)
  return begin < 0 ? [0, 0] : [begin, taps.lastIndexOf(window) + 1]
}
