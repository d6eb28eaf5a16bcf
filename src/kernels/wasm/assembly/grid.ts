/**
 * @file What the host tells a fold: lists of byte offsets, counts and pitches. No stride, padding or dilation gets this far.
 */

/**
 * `dst[plane][row][col][i]` is the fold of `src[plane] + rowOffset + colOffset + i` over the row's and the column's offsets,
 * in that order, for `i < n`. A column is one pixel of n channels, or a whole run of outputs that lie n in a row.
 * Lists are pairs of an array of `count + 1` ends and an array of items, as addresses; the host writes this block.
 */
@unmanaged
export class Grid {
  src: usize
  dst: usize
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
  /** What integers are exclusive-ored with on the way in and out. */
  flip: i32

  /** Positions in the plane of the same rows and columns; what a run adds to each element's position, and its first one less that. */
  indices: usize
  rowPlaces: usize
  colPlaces: usize
  ramp: usize
  starts: usize

  /**
   * How sums end: one of `Finish`; by which of `Rounding` they become integers, and the least and the largest; two divisors a row, one a
   * column, or for each element of a run.
   */
  finish: i32
  rounding: i32
  range: usize
  rowDivisors: usize
  colDivisors: usize
  perElement: i32
}

export namespace Finish {
  export const Sum: i32 = 0
  export const Product: i32 = 1
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
