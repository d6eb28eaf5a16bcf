/**
 * @file The parameters of folds by tables: byte offsets, counts and pitches. Stride, padding and dilation are already
 * applied.
 */
import { Block } from './block'

/**
 * `dst[plane][row][col][i]` is the fold of `src[plane] + rowOffset + colOffset + i` over the offsets of the row and of
 * the column, in that order, for `i < n`. A column is one pixel of n channels, or a run of n neighbouring outputs. A
 * table is two addresses: `count + 1` ends, and items.
 */
@unmanaged
export class Grid extends Block {
  /** Number of planes, and bytes from one to the next. */
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
   * Positions in the plane of the row and column offsets. For runs: `ramp` is added to the position of each element,
   * and `starts` is the position of its first tap minus `ramp`.
   */
  rowPositions: usize
  colPositions: usize
  ramp: usize
  starts: usize

  /**
   * The end of a sum: an `Epilogue`; for integers a `Rounding` and the least and largest result; two divisors per row,
   * and one per column, or per element of a run.
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
  /** Divides once, by the product of the divisors. */
  export const Product: i32 = 1
  /** Divides by one divisor after another. */
  export const Each: i32 = 2
}

/** In the order of reducers/rounding.ts. */
export namespace Rounding {
  export const None: i32 = 0
  export const Trunc: i32 = 1
  export const Floor: i32 = 2
  export const HalfUp: i32 = 3
  export const HalfEven: i32 = 4
}
