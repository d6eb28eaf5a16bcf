/**
 * @file Order statistics of large windows of bytes, by histograms that move with the window. Each column of the
 * input has its own, so that a step takes as long for any window. Source: Perreault and Hébert, Median Filtering in
 * Constant Time (2007).
 */
import { Block } from '../block'

/** Windows are products of ranges: a range is the first input of an output and the end of its inputs. */
@unmanaged
export class Histograms extends Block {
  planes: i32
  srcPlane: usize
  dstPlane: usize
  /** Outputs and inputs along each axis, addresses of the ranges, and the distance between inputs of the first axis. */
  depths: i32
  depthRanges: usize
  depthStep: i32
  rows: i32
  rowRanges: usize
  cols: i32
  colRanges: usize
  inRows: i32
  inCols: i32
  inner: i32
  /** Room for counts, zeroed here. */
  room: usize
  /** XORed with elements, so that they are in the order of unsigned numbers. */
  flip: i32
  ranks: usize
  rounding: i32
}

/** Counts of 256 values, and of their 16 upper halves, as 16-bit numbers. */
export const byteCounts: usize = 2 * (256 + 16)

/** The counts of the window, and the columns that each 16 of them are of. */
export const windowCounts: usize = byteCounts + 8 * 16

@inline
export function begin(ranges: usize, i: i32): i32 {
  return load<i32>(ranges + ((<usize>i) << 3))
}

@inline
export function end(ranges: usize, i: i32): i32 {
  return load<i32>(ranges + ((<usize>i) << 3), 4)
}

export function histogramU8(block: usize): void {
  const h = changetype<Histograms>(block)
  for (let plane = 0; plane < h.planes; plane++) {
    for (let c = 0; c < h.inner; c++) {
      const src = h.src + <usize>plane * h.srcPlane + c
      const dst = h.dst + <usize>plane * h.dstPlane + c
      for (let depth = 0; depth < h.depths; depth++) {
        const to = dst + <usize>(depth * h.rows * h.cols) * h.inner
        walkRows<ByteRows>(h, depth, src, to, h.room + windowCounts, h.inner)
      }
    }
  }
}

/**
 * Visits the rows of outputs of a plane, whose counts are at `columns`: `V` counts the rows of the input that enter and
 * leave a window, and then takes those that are in it.
 */
@inline
export function walkRows<V>(h: Histograms, depth: i32, src: usize, dst: usize, columns: usize, pixel: usize): void {
  const size = <usize>h.inCols * byteCounts
  let from = 0
  let to = 0
  memory.fill(columns, 0, size)
  for (let row = 0; row < h.rows; row++) {
    const first = begin(h.rowRanges, row)
    const last = end(h.rowRanges, row)
    if (first >= to) {
      if (to > from) memory.fill(columns, 0, size)
      from = first
      to = first
    }
    for (; to < last; to++) changetype<V>(0).count(h, depth, src, to, 1)
    for (; from < first; from++) changetype<V>(0).count(h, depth, src, from, -1)
    changetype<V>(0).finish(h, depth, first, last, dst + <usize>(row * h.cols) * pixel)
  }
}

@unmanaged
class ByteRows {
  @inline
  count(h: Histograms, depth: i32, src: usize, row: i32, times: i32): void {
    countRow(h, depth, src, row, times)
  }

  @inline
  finish(h: Histograms, depth: i32, first: i32, last: i32, dst: usize): void {
    byteRow(h, depth, last - first, dst)
  }
}

/** Adds a row of the input to the counts of its columns, `times` times. */
@inline
function countRow(h: Histograms, depth: i32, src: usize, row: i32, times: i32): void {
  const flip = h.flip
  const inner = <usize>h.inner
  for (let d = begin(h.depthRanges, depth); d < end(h.depthRanges, depth); d += h.depthStep) {
    let at = src + <usize>((d * h.inRows + row) * h.inCols) * inner
    let counts = h.room + windowCounts
    for (let col = 0; col < h.inCols; col++) {
      const value = <usize>(<i32>load<u8>(at) ^ flip)
      const fine = counts + (value << 1)
      const coarse = counts + 512 + ((value >> 4) << 1)
      store<u16>(fine, <u16>(<i32>load<u16>(fine) + times))
      store<u16>(coarse, <u16>(<i32>load<u16>(coarse) + times))
      at += inner
      counts += byteCounts
    }
  }
}

/** Counts of upper halves move with every window; those of the 16 values below one only when they are asked for. */
@inline
function byteRow(h: Histograms, depth: i32, height: i32, dst: usize): void {
  const tall = height * taps(h.depthRanges, depth, h.depthStep)
  let from = 0
  let to = 0
  memory.fill(h.room, 0, windowCounts)
  for (let col = 0; col < h.cols; col++) {
    const first = begin(h.colRanges, col)
    const last = end(h.colRanges, col)
    moveCounts(h.room, 512, from, to, first, last)
    from = first
    to = last
    const ranks = h.ranks + ((<usize>(tall * (last - first))) << 3)
    const low = load<i32>(ranks)
    const high = load<i32>(ranks, 4)
    const lower = placeOf(h.room, first, last, low) >> 16
    const upper = low == high ? lower : placeOf(h.room, first, last, high) >> 16
    store<u8>(dst + <usize>col * h.inner, <u8>mean(lower ^ h.flip, upper ^ h.flip, h, 24))
  }
}

/** Moves 16 counts at an offset from the columns [from, to) to [first, last). */
@inline
export function moveCounts(room: usize, offset: usize, from: i32, to: i32, first: i32, last: i32): void {
  const counts = room + offset
  const columns = room + windowCounts + offset
  let a = v128.load(counts)
  let b = v128.load(counts, 16)
  if (first >= to) {
    a = i32x4.splat(0)
    b = i32x4.splat(0)
    from = first
    to = first
  }
  for (let at = columns + <usize>to * byteCounts; to < last; to++, at += byteCounts) {
    a = i16x8.add(a, v128.load(at))
    b = i16x8.add(b, v128.load(at, 16))
  }
  for (let at = columns + <usize>from * byteCounts; from < first; from++, at += byteCounts) {
    a = i16x8.sub(a, v128.load(at))
    b = i16x8.sub(b, v128.load(at, 16))
  }
  v128.store(counts, a)
  v128.store(counts, b, 16)
}

@inline
export function taps(ranges: usize, i: i32, step: i32): i32 {
  return (end(ranges, i) - begin(ranges, i) + step - 1) / step
}

/** The value of a rank in the window of columns [first, last), above the number of its elements below the rank. */
@inline
export function placeOf(room: usize, first: i32, last: i32, rank: i32): i32 {
  let rest = rank
  let coarse: usize = 0
  for (; ; coarse++) {
    const count = <i32>load<u16>(room + 512 + (coarse << 1))
    if (rest < count) break
    rest -= count
  }
  const range = room + byteCounts + (coarse << 3)
  moveCounts(room, coarse << 5, load<i32>(range), load<i32>(range, 4), first, last)
  store<i32>(range, first)
  store<i32>(range, last, 4)
  return placeIn(room, coarse, rest)
}

/** The same among the 16 values below an upper half: the value is in the upper 16 bits of the result. */
@inline
export function placeIn(counts: usize, coarse: usize, rank: i32): i32 {
  let rest = rank
  let value = coarse << 4
  for (; ; value++) {
    const count = <i32>load<u16>(counts + (value << 1))
    if (rest < count) break
    rest -= count
  }
  return ((<i32>value) << 16) | rest
}

/**
 * The mean of two elements by a rule of select.ts. Where `h.flip` is not 0 they are signed, and fill the bits from
 * `shift` on.
 */
@inline
export function mean(low: i32, high: i32, h: Histograms, shift: i32): i32 {
  const isSigned = h.flip != 0
  const a = isSigned ? (low << shift) >> shift : low
  const b = isSigned ? (high << shift) >> shift : high
  const floor = (a + b) >> 1
  const rest = (a ^ b) & 1
  const rule = h.rounding
  if (rule == 0) return floor
  if (rule == 1) return floor + rest
  if (rule == 2) return floor + (rest & floor)
  return floor + (rule == 3 ? rest & i32(floor < 0) : rest & i32(floor >= 0))
}
