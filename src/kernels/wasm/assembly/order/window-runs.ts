/**
 * @file Windows of any form, visited in runs of outputs of a row whose windows have the same taps.
 */
import { Block } from '../block'

@unmanaged
export class Windows extends Block {
  planes: i32
  /** Elements of a plane before and after pooling, channels included. */
  inSize: i32
  outSize: i32
  inner: i32
  /** Outputs along the last axis, and rows of them. */
  columns: i32
  rows: i32
  runs: i32
  /** The first element of each row, and the address of its lists. */
  rowFirsts: usize
  rowLists: usize
  /** The runs of every row: see `Run`. */
  table: usize
  /** Of variances the correction, and 1 for their roots; of generalized means p, and the exponents 1 / p and p - 1. */
  parameters: usize
  /** For each element its exponential, power or itself, and a second number beside it, in float64. */
  weights: usize
  beside: usize
  /** Gradients of the outputs, or samples. */
  dy: usize
  /** Room for two numbers of each window of a piece of a run. */
  room: usize
  /** The most outputs of a piece, an even number. */
  most: i32
}

/** Outputs along the last axis whose windows have the same taps. */
@unmanaged
class Run {
  columns: i32
  /** The first element of the first window, and elements from one to the next. */
  first: i32
  stride: i32
  /** Which list of the row has their taps. */
  list: i32
}

/** Outputs that are computed together: `columns` windows, the first of which begins at element `first`. */
@unmanaged
export class Piece {
  w: Windows
  first: i32
  stride: i32
  columns: i32
  /** The taps, counted from the first element of a window. */
  taps: usize
  n: i32
  /** The first output. */
  out: i32
  /** True once some window is left to the host. */
  isOpen: bool
}

const piece = memory.data(offsetof<Piece>())

/** Visits all windows. True if some are left to the host. */
@inline
export function walk<T, V>(w: Windows): bool {
  const p = changetype<Piece>(piece)
  p.w = w
  p.isOpen = false
  for (let plane = 0; plane < w.planes; plane++)
    for (let row = 0; row < w.rows; row++) {
      const first = plane * w.inSize + whole(w.rowFirsts, row)
      const lists = <usize>whole(w.rowLists, row)
      p.out = plane * w.outSize + row * w.columns * w.inner
      for (let i = 0; i < w.runs; i++) {
        const run = changetype<Run>(w.table + <usize>i * offsetof<Run>())
        const taps = <usize>whole(lists, run.list)
        p.n = load<i32>(taps)
        p.taps = taps + 4
        p.first = first + run.first
        p.stride = run.stride
        for (let left = run.columns; left > 0; left -= p.columns) {
          p.columns = min(left, w.most)
          changetype<V>(0).visit<T>(p)
          p.first += p.columns * p.stride
          p.out += p.columns * w.inner
        }
      }
    }
  return p.isOpen
}

/** The second of two numbers of each window, of which the first are at `room`. */
@inline
export function othersOf(w: Windows): usize {
  return w.room + <usize>((w.most * w.inner + 2) << 3)
}

/** True if the elements of neighbouring windows are neighbours. */
@inline
export function isDense(p: Piece): bool {
  return p.columns == 1 || p.stride == p.w.inner
}

/** Visits the windows of a piece two at a time: the elements at which they begin, and their outputs. */
@inline
export function eachPair<T, V>(p: Piece): void {
  const isRow = isDense(p)
  const inner = isRow ? 1 : p.w.inner
  const stride = isRow ? 1 : p.stride
  const columns = isRow ? p.columns * p.w.inner : p.columns
  for (let i = 0; i < columns; i += 2) {
    const next = min(i + 1, columns - 1)
    const a = p.first + i * stride
    const b = p.first + next * stride
    for (let c = 0; c < inner; c++)
      changetype<V>(0).pair<T>(p, a + c, b + c, p.out + i * inner + c, p.out + next * inner + c)
  }
}

@inline
export function whole(list: usize, i: i32): i32 {
  return load<i32>(list + ((<usize>i) << 2))
}

@inline
export function at<T>(base: usize, index: i32): usize {
  return base + <usize>index * sizeof<T>()
}

/** Two elements as float64. */
@inline
export function pair<T>(a: usize, b: usize): v128 {
  if (sizeof<T>() == 8) return v128.load64_lane(b, v128.load64_zero(a), 1)
  return f64x2.promote_low_f32x4(v128.load32_lane(b, v128.load32_zero(a), 1))
}

/** Tap `t` of the windows that begin at `a` and `b`. */
@inline
export function tap<T>(a: usize, b: usize, taps: usize, t: i32): v128 {
  const offset = <usize>whole(taps, t) * sizeof<T>()
  return pair<T>(a + offset, b + offset)
}
