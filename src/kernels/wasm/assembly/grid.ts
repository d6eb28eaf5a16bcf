/**
 * @file The parameters of folds over listed windows: byte offsets, counts, pitches. No stride, padding or dilation gets
 * this far.
 */
import { Block } from './block'

/**
 * `dst[plane][row][col][i]` is the fold of `src[plane] + rowOffset + colOffset + i` over the row's and the column's
 * offsets, in that order, for `i < n`. A column is one pixel of n channels, or a whole run of outputs that lie n in a
 * row. Lists are pairs of an array of `count + 1` ends and an array of items, as addresses.
 */
@unmanaged
export class Grid extends Block {
  /** Planes, and bytes from one to the next. */
  planes: i32
  srcPlane: usize
  dstPlane: usize
  rows: i32
  rowEnds: usize
  rowOffsets: usize
  dstRow: usize
  cols: i32
  colEnds: usize
  colOffsets: usize
  dstCol: usize
  /** Elements in a run. */
  n: i32
  orderMask: i32

  /**
   * Positions in the plane of the same rows and columns; what a run adds to each element's position, and its first one
   * less that.
   */
  rowPositions: usize
  colPositions: usize
  ramp: usize
  starts: usize

  /**
   * What becomes of sums: one of `Epilogue`; by which of `Rounding` they become integers, and the least and the
   * largest; two divisors a row, one a column, or for each element of a run.
   */
  epilogue: i32
  rounding: i32
  range: usize
  rowDivisors: usize
  colDivisors: usize
  perElement: i32
}

export namespace Epilogue {
  export const None: i32 = 0
  /** Divides by the product of the divisors. */
  export const Product: i32 = 1
  /** Divides by one divisor after another. */
  export const Each: i32 = 2
}

/** As reducers/rounding.ts lists them. */
export namespace Rounding {
  export const None: i32 = 0
  export const Trunc: i32 = 1
  export const Floor: i32 = 2
  export const HalfUp: i32 = 3
  export const HalfEven: i32 = 4
}
