/**
 * @file Sixteen rows turned into lines of a column, an element of each, and back: what goes along rows is done down columns then.
 */
import { watchFour } from './lanes'

/** Elements that are turned of each row before the next ones: their lines stay in the first-level cache. */
const piece = 64

/** Sixteen rows become lines of a column, an element of each. The last four elements are taken again where they are not four. */
export function turn<T>(src: usize, pitch: usize, length: i32, to: usize): v128 {
  let watch = v128.splat<T>(<T>0)
  for (let begin = 0; begin < length; begin += piece) {
    const size = <usize>min(piece, length - 4 - begin) << 2
    for (let k: usize = 0; k < 4; k++) {
      let a = src + 4 * k * pitch + (<usize>begin << 2)
      let column = to + (k << 4) + (<usize>begin << 6)
      const end = a + size
      for (; a < end; a += 16, column += 256) watch = turnSquare<T>(a, pitch, column, watch)
      if (begin + piece >= length) watch = turnSquare<T>(end, pitch, column - ((a - end) << 4), watch)
    }
  }
  return watch
}

export function turnBack(from: usize, dst: usize, pitch: usize, outputs: i32): void {
  for (let begin = 0; begin < outputs; begin += piece) {
    const size = <usize>min(piece, outputs - 4 - begin) << 2
    for (let k: usize = 0; k < 4; k++) {
      let a = dst + 4 * k * pitch + (<usize>begin << 2)
      let column = from + (k << 4) + (<usize>begin << 6)
      const end = a + size
      for (; a < end; a += 16, column += 256) turnSquareBack(column, a, pitch)
      if (begin + piece >= outputs) turnSquareBack(column - ((a - end) << 4), end, pitch)
    }
  }
}

@inline
function turnSquareBack(from: usize, to: usize, pitch: usize): void {
  leaveSquare(v128.load(from), v128.load(from, 64), v128.load(from, 128), v128.load(from, 192), to, pitch)
}

@inline
function turnSquare<T>(at: usize, pitch: usize, to: usize, watch: v128): v128 {
  const p = v128.load(at)
  const q = v128.load(at + pitch)
  const r = v128.load(at + 2 * pitch)
  const s = v128.load(at + 3 * pitch)
  leaveSquare(p, q, r, s, to, 64)
  return watchFour<T>(watch, p, q, r, s)
}

/** Four vectors, turned, to lines that are `pitch` apart. */
@inline
export function leaveSquare(p: v128, q: v128, r: v128, s: v128, to: usize, pitch: usize): void {
  const pq = v128.shuffle<i32>(p, q, 0, 4, 1, 5)
  const rs = v128.shuffle<i32>(r, s, 0, 4, 1, 5)
  v128.store(to, v128.shuffle<i64>(pq, rs, 0, 2))
  v128.store(to + pitch, v128.shuffle<i64>(pq, rs, 1, 3))
  const pqHigh = v128.shuffle<i32>(p, q, 2, 6, 3, 7)
  const rsHigh = v128.shuffle<i32>(r, s, 2, 6, 3, 7)
  v128.store(to + 2 * pitch, v128.shuffle<i64>(pqHigh, rsHigh, 0, 2))
  v128.store(to + 3 * pitch, v128.shuffle<i64>(pqHigh, rsHigh, 1, 3))
}

@inline
export function min(a: i32, b: i32): i32 {
  return a < b ? a : b
}
