/**
 * @file The parameters of kernels that see whole windows, given as tables of byte offsets, and the list of their taps.
 */
import { Block } from '../block'

/**
 * `indices` points to the number of elements of each window that count, a byte for each; it is 0 if all do.
 *
 * As `Grid` of ../grid.ts: `dst[plane][row][col][i]` comes from `src[plane] + rowOffset + colOffset + i` over all
 * offsets of the row and of the column, for `i < n`.
 */
@unmanaged
export class Windows extends Block {
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
  /** Room for the byte offsets of a window's taps, and for a vector of each. */
  taps: usize
  values: usize
  /** Of `select`, for runs of 3 x 3 windows, else 0: room for sorted columns, bytes of a row there, and of a column. */
  columns: usize
  columnRow: usize
  apart: usize
  /** Address of an element: the XOR mask that brings elements into signed order. */
  orderMask: usize
  /** Of `select`: for each number of taps two ranks, and the rule for what lies between the two elements. */
  ranks: usize
  rounding: i32
  /** For each number of taps the weight of the higher element in float64; 0 for means of the two. */
  weights: usize
  /** Room for a second vector of each tap if the taps that are picked are wanted, not their values; else 0. */
  keys: usize
  /** Of `vote`: true if equally common labels are compared, and the address of the label to ignore, or 0. */
  compares: i32
  ignore: usize
}

/** Lists the taps of a window. Returns how many there are. */
@inline
export function listTaps(w: Windows, row: i32, col: i32): i32 {
  const rowTo = w.rowOffsets + load<u32>(w.rowEnds + (row << 2), 4)
  const colFrom = w.colOffsets + load<u32>(w.colEnds + (col << 2))
  const colTo = w.colOffsets + load<u32>(w.colEnds + (col << 2), 4)
  let at = w.taps
  for (let r = w.rowOffsets + load<u32>(w.rowEnds + (row << 2)); r < rowTo; r += 4) {
    for (let k = colFrom; k < colTo; k += 4, at += 4) store<u32>(at, load<u32>(r) + load<u32>(k))
  }
  return <i32>((at - w.taps) >> 2)
}

/** Loads the vectors of all taps; of a single element, if `n` is less than a vector. */
@inline
export function loadTaps<T>(w: Windows, src: usize, count: i32, isOne: bool, mask: v128): void {
  if (count == 9 && !isOne) {
    loadNine(w, src, mask)
    return
  }
  for (let k = 0; k < count; k++) {
    const at = src + load<u32>(w.taps + (k << 2))
    const value = isOne ? v128.splat<T>(load<T>(at)) : v128.load(at)
    v128.store(w.values + ((<usize>k) << 4), v128.xor(value, mask))
  }
}

function loadNine(w: Windows, src: usize, mask: v128): void {
  const taps = w.taps
  const values = w.values
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps)), mask))
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 4)), mask), 16)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 8)), mask), 32)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 12)), mask), 48)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 16)), mask), 64)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 20)), mask), 80)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 24)), mask), 96)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 28)), mask), 112)
  v128.store(values, v128.xor(v128.load(src + load<u32>(taps, 32)), mask), 128)
}

/** Stores a vector, or its first element. */
@inline
export function storeResult<T>(dst: usize, value: v128, isOne: bool, mask: v128): void {
  const result = v128.xor(value, mask)
  if (isOne) store<T>(dst, v128.extract_lane<T>(result, 0))
  else v128.store(dst, result)
}
