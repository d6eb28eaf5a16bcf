/**
 * @file Order statistics of large windows of 16-bit integers, in two levels: histograms of the upper bits move with
 * the window, as those of bytes do. Of upper bits that hold a rank the lower bits are counted too, when they are asked
 * for: eight elements of a column are compared at once.
 */
import {
  begin,
  byteCounts,
  end,
  Histograms,
  mean,
  moveCounts,
  placeIn,
  placeOf,
  taps,
  walkRows,
  windowCounts,
} from './histogram'
import { movePlane } from './moved-histogram'

@unmanaged
class WideHistograms extends Histograms {
  inDepths: i32
  /** The most elements of a window in one column. */
  tallest: i32
  /** Of the plane, written here: its least element, and the bits below those that the first level counts. */
  least: i32
  shift: i32
}

/** More bits and shorter columns than these are faster to count one by one than in two levels. */
const fewBits = 12
const longColumn = 48

/** The room: the columns in which lower bits are counted, their counts, the window, its columns, the elements. */
const lowCounts: usize = 8 * 256
const windowAt: usize = lowCounts + 256 * byteCounts
const columnsAt: usize = windowAt + windowCounts

export function histogramU16(block: usize): void {
  const h = changetype<WideHistograms>(block)
  for (let plane = 0; plane < h.planes; plane++) {
    for (let c = 0; c < h.inner; c++) {
      const src = h.src + <usize>plane * h.srcPlane + ((<usize>c) << 1)
      const dst = h.dst + <usize>plane * h.dstPlane + ((<usize>c) << 1)
      findBits(h, src)
      if (h.shift > fewBits - 8 && h.tallest < longColumn) {
        movePlane(h, src, dst)
        continue
      }
      if (h.shift > 0) listColumns(h, src)
      const pixel = (<usize>h.inner) << 1
      for (let depth = 0; depth < h.depths; depth++)
        walkRows<WideRows>(h, depth, src, dst + <usize>(depth * h.rows * h.cols) * pixel, h.room + columnsAt, pixel)
    }
  }
}

/** Only bits in which elements differ are counted. */
function findBits(h: WideHistograms, src: usize): void {
  const pixel = (<usize>h.inner) << 1
  const last = src + <usize>(h.inDepths * h.inRows * h.inCols) * pixel
  let least = 0xffff
  let most = 0
  for (let at = src; at < last; at += pixel) {
    const value = <i32>load<u16>(at) ^ h.flip
    least = min(least, value)
    most = max(most, value)
  }
  h.least = least
  h.shift = max(0, 24 - clz(most - least))
}

@inline
function valuesOf(h: WideHistograms): usize {
  return h.room + columnsAt + <usize>h.inCols * byteCounts
}

/** Writes the elements column by column, less the least. */
function listColumns(h: WideHistograms, src: usize): void {
  const pixel = (<usize>h.inner) << 1
  const pitch = (<usize>h.inRows) << 1
  let at = src
  let plane = valuesOf(h)
  for (let d = 0; d < h.inDepths; d++, plane += <usize>h.inCols * pitch)
    for (let row = 0; row < h.inRows; row++) {
      let to = plane + ((<usize>row) << 1)
      for (let col = 0; col < h.inCols; col++, at += pixel, to += pitch)
        store<u16>(to, <u16>((<i32>load<u16>(at) ^ h.flip) - h.least))
    }
}

@unmanaged
class WideRows {
  @inline
  count(h: Histograms, depth: i32, src: usize, row: i32, times: i32): void {
    countUpper(changetype<WideHistograms>(h), depth, src, row, times)
  }

  @inline
  finish(h: Histograms, depth: i32, first: i32, last: i32, dst: usize): void {
    wideRow(changetype<WideHistograms>(h), depth, first, last, dst)
  }
}

/** Adds a row of the input to the counts of its columns, `times` times. */
function countUpper(h: WideHistograms, depth: i32, src: usize, row: i32, times: i32): void {
  const flip = h.flip
  const least = h.least
  const shift = h.shift
  const pixel = (<usize>h.inner) << 1
  for (let d = begin(h.depthRanges, depth); d < end(h.depthRanges, depth); d += h.depthStep) {
    let at = src + <usize>((d * h.inRows + row) * h.inCols) * pixel
    let counts = h.room + columnsAt
    for (let col = 0; col < h.inCols; col++, at += pixel, counts += byteCounts)
      count(counts, ((<i32>load<u16>(at) ^ flip) - least) >> shift, times)
  }
}

/** Adds to the count of a value and to that of its upper half. */
@inline
function count(counts: usize, value: i32, times: i32): void {
  const fine = counts + ((<usize>value) << 1)
  const coarse = counts + 512 + ((<usize>(value >> 4)) << 1)
  store<u16>(fine, <u16>(<i32>load<u16>(fine) + times))
  store<u16>(coarse, <u16>(<i32>load<u16>(coarse) + times))
}

function wideRow(h: WideHistograms, depth: i32, top: i32, bottom: i32, dst: usize): void {
  const tall = (bottom - top) * taps(h.depthRanges, depth, h.depthStep)
  const window = h.room + windowAt
  const pixel = (<usize>h.inner) << 1
  let from = 0
  let to = 0
  memory.fill(window, 0, windowCounts)
  memory.fill(h.room, 0, lowCounts)
  for (let col = 0; col < h.cols; col++) {
    const first = begin(h.colRanges, col)
    const last = end(h.colRanges, col)
    moveCounts(window, 512, from, to, first, last)
    from = first
    to = last
    const ranks = h.ranks + ((<usize>(tall * (last - first))) << 3)
    const low = load<i32>(ranks)
    const high = load<i32>(ranks, 4)
    const lower = wideAt(h, depth, top, bottom, first, last, low)
    const upper = low == high ? lower : wideAt(h, depth, top, bottom, first, last, high)
    store<u16>(dst + <usize>col * pixel, <u16>mean(lower ^ h.flip, upper ^ h.flip, h, 16))
  }
}

/** The element of a rank in the window of rows [top, bottom) and columns [first, last). */
function wideAt(h: WideHistograms, depth: i32, top: i32, bottom: i32, first: i32, last: i32, rank: i32): i32 {
  const place = placeOf(h.room + windowAt, first, last, rank)
  const upper = place >> 16
  if (h.shift == 0) return upper + h.least
  const range = h.room + ((<usize>upper) << 3)
  const counts = h.room + lowCounts + <usize>upper * byteCounts
  let from = load<i32>(range)
  let to = load<i32>(range, 4)
  // Counting the window anew may take fewer columns than moving.
  if (first - from + (last - to) > last - first || first >= to) {
    memory.fill(counts, 0, byteCounts)
    from = first
    to = first
  }
  for (; to < last; to++) countLower(h, depth, counts, upper, to, top, bottom, 1)
  for (; from < first; from++) countLower(h, depth, counts, upper, from, top, bottom, -1)
  store<i32>(range, first)
  store<i32>(range, last, 4)
  let rest = place & 0xffff
  let coarse: usize = 0
  for (; ; coarse++) {
    const own = <i32>load<u16>(counts + 512 + (coarse << 1))
    if (rest < own) break
    rest -= own
  }
  return ((upper << h.shift) | (placeIn(counts, coarse, rest) >> 16)) + h.least
}

/** Adds the elements of a column that have an upper byte to the counts of their lower bytes, `times` times. */
function countLower(
  h: WideHistograms,
  depth: i32,
  counts: usize,
  upper: i32,
  col: i32,
  top: i32,
  bottom: i32,
  times: i32,
): void {
  const shift = h.shift
  const low = (1 << shift) - 1
  const uppers = i16x8.splat(<i16>upper)
  for (let d = begin(h.depthRanges, depth); d < end(h.depthRanges, depth); d += h.depthStep) {
    const column = valuesOf(h) + ((<usize>((d * h.inCols + col) * h.inRows)) << 1)
    for (let row = top; row < bottom; row += 8) {
      const at = column + ((<usize>row) << 1)
      let bits = i16x8.bitmask(i16x8.eq(i16x8.shr_u(v128.load(at), shift), uppers))
      if (bottom - row < 8) bits &= (1 << (bottom - row)) - 1
      for (; bits != 0; bits &= bits - 1) count(counts, <i32>load<u16>(at + ((<usize>ctz(bits)) << 1)) & low, times)
    }
  }
}
