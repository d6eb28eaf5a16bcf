/**
 * @file Transposes sixteen rows of 4-byte elements, or eight of 8-byte ones, so that work along rows becomes work down
 * columns; and back. A line is 64 bytes: one element of each row.
 */
import { highHalves, interleaveHigh, interleaveLow } from './shuffles'
import { transpose2x2, transpose4x4 } from './transpose'
import { lanes, min, probeFour } from './vectors'

/** Elements of each row that are transposed before the next piece. Their lines fit the first-level cache. */
const piece = 64

/**
 * Rows to lines. The last vector of a row overlaps the one before if the length is not a multiple of a vector. @returns
 * the NaN probe over the rows
 */
export function transposeRows<T>(src: usize, pitch: usize, length: i32, to: usize): v128 {
  let probe = v128.splat<T>(<T>0)
  for (let begin = 0; begin < length; begin += piece) {
    const size = <usize>min(piece, length - lanes<T>() - begin) * sizeof<T>()
    for (let k: usize = 0; k < 4; k++) {
      let a = src + lanes<T>() * k * pitch + <usize>begin * sizeof<T>()
      let column = to + (k << 4) + ((<usize>begin) << 6)
      const end = a + size
      for (; a < end; a += 16, column += 64 * lanes<T>()) probe = transposeSquare<T>(a, pitch, column, probe)
      if (begin + piece >= length) probe = transposeSquare<T>(end, pitch, column - linesOf<T>(a - end), probe)
    }
  }
  return probe
}

export function transposeRowsBack<T>(from: usize, dst: usize, pitch: usize, outputs: i32): void {
  for (let begin = 0; begin < outputs; begin += piece) {
    const size = <usize>min(piece, outputs - lanes<T>() - begin) * sizeof<T>()
    for (let k: usize = 0; k < 4; k++) {
      let a = dst + lanes<T>() * k * pitch + <usize>begin * sizeof<T>()
      let column = from + (k << 4) + ((<usize>begin) << 6)
      const end = a + size
      for (; a < end; a += 16, column += 64 * lanes<T>()) transposeSquareBack<T>(column, a, pitch)
      if (begin + piece >= outputs) transposeSquareBack<T>(column - linesOf<T>(a - end), end, pitch)
    }
  }
}

/** Eight rows of float32 to lines of float64. */
export function transposeRowsWide(src: usize, pitch: usize, length: i32, to: usize): void {
  for (let half: usize = 0; half < 2; half++, src += 4 * pitch, to += 32) {
    for (let i = 0; i < length; i += 4) {
      const from = i + 4 <= length ? i : length - 4
      const at = src + ((<usize>from) << 2)
      const line = to + ((<usize>from) << 6)
      const p = v128.load(at)
      const q = v128.load(at + pitch)
      const r = v128.load(at + 2 * pitch)
      const s = v128.load(at + 3 * pitch)
      storeWide(interleaveLow<f32>(p, q), interleaveLow<f32>(r, s), line)
      storeWide(interleaveHigh<f32>(p, q), interleaveHigh<f32>(r, s), line + 128)
    }
  }
}

/** Stores four elements each to two lines. */
@inline
function storeWide(pq: v128, rs: v128, line: usize): void {
  v128.store(line, f64x2.promote_low_f32x4(pq))
  v128.store(line, f64x2.promote_low_f32x4(rs), 16)
  v128.store(line, f64x2.promote_low_f32x4(highHalves(pq, pq)), 64)
  v128.store(line, f64x2.promote_low_f32x4(highHalves(rs, rs)), 80)
}

/** Bytes of the lines that `bytes` of a row become. */
@inline
function linesOf<T>(bytes: usize): usize {
  return (bytes / sizeof<T>()) << 6
}

@inline
function transposeSquareBack<T>(from: usize, to: usize, pitch: usize): void {
  if (sizeof<T>() == 8) transpose2x2(v128.load(from), v128.load(from, 64), to, pitch)
  else transpose4x4(v128.load(from), v128.load(from, 64), v128.load(from, 128), v128.load(from, 192), to, pitch)
}

@inline
function transposeSquare<T>(at: usize, pitch: usize, to: usize, probe: v128): v128 {
  const p = v128.load(at)
  const q = v128.load(at + pitch)
  if (sizeof<T>() == 8) {
    transpose2x2(p, q, to, 64)
    return probe
  }
  const r = v128.load(at + 2 * pitch)
  const s = v128.load(at + 3 * pitch)
  transpose4x4(p, q, r, s, to, 64)
  return probeFour<T>(probe, p, q, r, s)
}
