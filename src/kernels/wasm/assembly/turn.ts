/**
 * @file Sixteen rows turned into lines of a column, an element of each, and back: what goes along rows is done down columns then.
 */
import { lanes, watchFour } from './lanes'

/** Elements that are turned of each row before the next ones: their lines stay in the first-level cache. */
const piece = 64

/** A line of cache of rows, sixteen or eight, become lines of a column, an element of each. The last vector is taken again where it is not full. */
export function turn<T>(src: usize, pitch: usize, length: i32, to: usize): v128 {
  let watch = v128.splat<T>(<T>0)
  for (let begin = 0; begin < length; begin += piece) {
    const size = <usize>min(piece, length - lanes<T>() - begin) * sizeof<T>()
    for (let k: usize = 0; k < 4; k++) {
      let a = src + lanes<T>() * k * pitch + <usize>begin * sizeof<T>()
      let column = to + (k << 4) + (<usize>begin << 6)
      const end = a + size
      for (; a < end; a += 16, column += 64 * lanes<T>()) watch = turnSquare<T>(a, pitch, column, watch)
      if (begin + piece >= length) watch = turnSquare<T>(end, pitch, column - linesOf<T>(a - end), watch)
    }
  }
  return watch
}

export function turnBack<T>(from: usize, dst: usize, pitch: usize, outputs: i32): void {
  for (let begin = 0; begin < outputs; begin += piece) {
    const size = <usize>min(piece, outputs - lanes<T>() - begin) * sizeof<T>()
    for (let k: usize = 0; k < 4; k++) {
      let a = dst + lanes<T>() * k * pitch + <usize>begin * sizeof<T>()
      let column = from + (k << 4) + (<usize>begin << 6)
      const end = a + size
      for (; a < end; a += 16, column += 64 * lanes<T>()) turnSquareBack<T>(column, a, pitch)
      if (begin + piece >= outputs) turnSquareBack<T>(column - linesOf<T>(a - end), end, pitch)
    }
  }
}

/** Eight rows of float32 become lines of float64. */
export function turnWide(src: usize, pitch: usize, length: i32, to: usize): void {
  for (let half: usize = 0; half < 2; half++, src += 4 * pitch, to += 32) {
    for (let i = 0; i < length; i += 4) {
      const from = i + 4 <= length ? i : length - 4
      const at = src + (<usize>from << 2)
      const line = to + (<usize>from << 6)
      const p = v128.load(at)
      const q = v128.load(at + pitch)
      const r = v128.load(at + 2 * pitch)
      const s = v128.load(at + 3 * pitch)
      const pq = v128.shuffle<i32>(p, q, 0, 4, 1, 5)
      const rs = v128.shuffle<i32>(r, s, 0, 4, 1, 5)
      const pqHigh = v128.shuffle<i32>(p, q, 2, 6, 3, 7)
      const rsHigh = v128.shuffle<i32>(r, s, 2, 6, 3, 7)
      leaveWide(pq, rs, line)
      leaveWide(pqHigh, rsHigh, line + 128)
    }
  }
}

/** Two lines, an element of each of four rows. */
@inline
function leaveWide(pq: v128, rs: v128, line: usize): void {
  v128.store(line, f64x2.promote_low_f32x4(pq))
  v128.store(line, f64x2.promote_low_f32x4(rs), 16)
  v128.store(line, f64x2.promote_low_f32x4(v128.shuffle<i64>(pq, pq, 1, 1)), 64)
  v128.store(line, f64x2.promote_low_f32x4(v128.shuffle<i64>(rs, rs, 1, 1)), 80)
}

/** Bytes of the lines that so many bytes of a row become. */
@inline
function linesOf<T>(bytes: usize): usize {
  return (bytes / sizeof<T>()) << 6
}

@inline
function turnSquareBack<T>(from: usize, to: usize, pitch: usize): void {
  if (sizeof<T>() == 8) leavePair(v128.load(from), v128.load(from, 64), to, pitch)
  else leaveSquare(v128.load(from), v128.load(from, 64), v128.load(from, 128), v128.load(from, 192), to, pitch)
}

@inline
function turnSquare<T>(at: usize, pitch: usize, to: usize, watch: v128): v128 {
  const p = v128.load(at)
  const q = v128.load(at + pitch)
  if (sizeof<T>() == 8) {
    leavePair(p, q, to, 64)
    return watch
  }
  const r = v128.load(at + 2 * pitch)
  const s = v128.load(at + 3 * pitch)
  leaveSquare(p, q, r, s, to, 64)
  return watchFour<T>(watch, p, q, r, s)
}

/** Two vectors of two, turned. */
@inline
function leavePair(p: v128, q: v128, to: usize, pitch: usize): void {
  v128.store(to, v128.shuffle<i64>(p, q, 0, 2))
  v128.store(to + pitch, v128.shuffle<i64>(p, q, 1, 3))
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
