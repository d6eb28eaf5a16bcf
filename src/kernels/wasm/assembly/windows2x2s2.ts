/**
 * @file Where windows of 2 by 2, or of 2 along rows, lie at stride 2 without padding.
 */
import { Block } from './block'

@unmanaged
export class Windows2x2s2 extends Block {
  planes: i32
  inRows: i32
  inCols: i32
  rows: i32
  cols: i32
  /** Bytes from the first row of a window to the second, 0 for windows along rows, and to the first of the next. */
  below: usize
  step: usize
}
