/**
 * @file Order statistics of windows of 16-bit integers that differ in many bits: the counts of one window move with it,
 * element by element, and a rank is found in four levels of 4 bits.
 */
import { begin, end, Histograms, mean, taps } from './histogram'

/** Starts of the counts of the upper 12, 8 and 4 bits, after those of 16 bits, in bytes; and the bytes of all. */
const upper12: usize = 2 * 65536
const upper8: usize = upper12 + 2 * 4096
const upper4: usize = upper8 + 2 * 256
const allCounts: usize = upper4 + 2 * 16

/** A plane, with all its depths. */
export function movePlane(h: Histograms, src: usize, dst: usize): void {
  const pixel = (<usize>h.inner) << 1
  for (let depth = 0; depth < h.depths; depth++)
    for (let row = 0; row < h.rows; row++, dst += <usize>h.cols * pixel) moveAlongRow(h, depth, row, src, dst)
}

function moveAlongRow(h: Histograms, depth: i32, row: i32, src: usize, dst: usize): void {
  const pixel = (<usize>h.inner) << 1
  const tall = (end(h.rowRanges, row) - begin(h.rowRanges, row)) * taps(h.depthRanges, depth, h.depthStep)
  let from = 0
  let to = 0
  memory.fill(h.room, 0, allCounts)
  for (let col = 0; col < h.cols; col++, dst += pixel) {
    const first = begin(h.colRanges, col)
    const last = end(h.colRanges, col)
    if (first >= to) {
      for (; from < to; from++) countColumn(h, depth, row, src, from, -1)
      from = first
      to = first
    }
    for (; to < last; to++) countColumn(h, depth, row, src, to, 1)
    for (; from < first; from++) countColumn(h, depth, row, src, from, -1)
    const ranks = h.ranks + ((<usize>(tall * (last - first))) << 3)
    const low = load<i32>(ranks)
    const high = load<i32>(ranks, 4)
    const lower = elementAt(h.room, low)
    const upper = low == high ? lower : elementAt(h.room, high)
    store<u16>(dst, <u16>mean(lower ^ h.flip, upper ^ h.flip, h, 16))
  }
}

/** Adds the elements of a window in one column to the counts, `times` times. */
@inline
function countColumn(h: Histograms, depth: i32, row: i32, src: usize, col: i32, times: i32): void {
  const flip = h.flip
  const room = h.room
  const pitch = (<usize>(h.inCols * h.inner)) << 1
  const first = begin(h.rowRanges, row)
  const last = end(h.rowRanges, row)
  for (let d = begin(h.depthRanges, depth); d < end(h.depthRanges, depth); d += h.depthStep) {
    let at = src + ((<usize>(((d * h.inRows + first) * h.inCols + col) * h.inner)) << 1)
    for (let y = first; y < last; y++, at += pitch) {
      const value = <usize>(<i32>load<u16>(at) ^ flip)
      count(room + (value << 1), times)
      count(room + upper12 + ((value >> 4) << 1), times)
      count(room + upper8 + ((value >> 8) << 1), times)
      count(room + upper4 + ((value >> 12) << 1), times)
    }
  }
}

@inline
function count(at: usize, times: i32): void {
  store<u16>(at, <u16>(<i32>load<u16>(at) + times))
}

/** The element of a rank. */
@inline
function elementAt(room: usize, rank: i32): i32 {
  let value = 0
  let rest = rank
  for (let level = 0; level < 4; level++) {
    const counts = room + (level == 0 ? upper4 : level == 1 ? upper8 : level == 2 ? upper12 : 0)
    value <<= 4
    for (; ; value++) {
      const own = <i32>load<u16>(counts + ((<usize>value) << 1))
      if (rest < own) break
      rest -= own
    }
  }
  return value
}
