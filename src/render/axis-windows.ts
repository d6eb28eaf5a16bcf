/**
 * @file The windows of a plane for drawing: types only.
 */
export interface AxisWindows {
  readonly inSize: number
  readonly outSize: number
  readonly padBefore: number
  readonly padAfter: number
  /** Per output, all its taps: from `-padBefore` on, and past the padding where ceil mode hangs over. */
  readonly taps: readonly (readonly number[])[]
  /** The divisor of an average along this axis, for each output. */
  readonly divisor: readonly number[]
  /** Of blurs and areas; null where all elements weigh the same. */
  readonly weighted: Weighted | null
  /** The run of positions to draw: input, padding and overhang. */
  readonly begin: number
  readonly end: number
}

/** The weighted elements of each output, those of max blur pooling among the maxima. */
export interface Weighted {
  /** Null for a zero of the padding. */
  readonly positions: readonly (readonly (number | null)[])[]
  readonly weights: readonly (readonly number[])[]
  /** The sum of the weights of a whole window. */
  readonly total: number
}

/** Height and width, for one channel: fractional windows differ from channel to channel. */
export type PlaneWindows = readonly [rows: AxisWindows, columns: AxisWindows]
