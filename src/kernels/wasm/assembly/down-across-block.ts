/**
 * @file The parameters of windows folded down their rows and then across, see down-across.ts.
 */
import { Block } from './block'

/** A row of input becomes a row of folds, which lies in scratch between margins of the neutral element. */
@unmanaged
export class DownAcross extends Block {
  planes: i32
  srcPlane: usize
  dstPlane: usize
  /** Rows of outputs, and tables of the byte offsets of the input rows that each folds. */
  rows: i32
  rowEnds: usize
  rowOffsets: usize
  /** For sums whose rows slide: the input rows that leave the sum of the row before. Those above enter it. */
  leaveEnds: usize
  leaveOffsets: usize
  /** Elements of an input row, and a mask of those in its last vector. */
  n: i32
  tail: usize
  folds: usize
  inner: i32
  dstRow: usize
  /** Byte offset of the first tap of output 0 in the row of folds, bytes to that of the next, and taps of each. */
  first: i32
  pitch: i32
  taps: i32
  tapStep: usize
  /** For outputs that are not alike: tables of the byte offset of the first tap of each, and of its taps. */
  firsts: usize
  counts: usize
  /** For each row of outputs the address of its segments. */
  segments: usize
  segmentCount: i32
  /** For strides above 1: the outputs in one vector, the vectors that they are picked from, and the masks. */
  picked: i32
  vectors: i32
  masks: usize
  orderMask: i32
  /** The row of results, whose end may be overwritten. */
  results: usize
  /** For sums at stride 1 of windows so long that sums along the row pay: a `SumsAlong`, else 0. */
  along: usize
  /** For norms: the power of the magnitudes, whose root is stored; 0 for plain sums. */
  power: i32
  /** For norms: the size of a full window, to which sums are scaled; 0 to leave them. */
  fullWindow: i32
  /**
   * For gradients of norms, which are sums times the slopes of the inputs to which `indices` points: the bytes of an
   * input and a gradient, else 0, and the p of the norm.
   */
  slopeBytes: i32
  slopeNorm: i32
  /** For transposed windows: see `Phase`. The results of the phases lie `phasePitch` apart in scratch. */
  phases: i32
  phaseTable: usize
  phaseResults: usize
  phasePitch: usize
  /** For means with a divisor for each output, to which `indices` points: its bytes, else 0, and the rounding. */
  divisorBytes: i32
  rounding: i32
  /** True if float32 holds the sums, and at halves twice the sums. */
  isShort: i32
  /** True to store sums as they are. */
  isRaw: i32
  /** For long windows without gaps, which hardly overlap: the pixels of a vector, and room for two vectors; else 0. */
  pixels: i32
  spare: usize
  /** True to store, in elements of `A`, the shares of the gradients to which `indices` points instead of norms. */
  sends: i32
  /** True if no divisor of an output is above 12. */
  isFew: i32
  /** True if the rows are sums already, elements of `A`. */
  isFolded: i32
}

/** Every `phases`th output of a row. Their first taps are neighbours. */
@unmanaged
export class Phase {
  /** Byte offset of the first tap of the first output, taps, and outputs. */
  first: i32
  taps: i32
  count: i32
}
