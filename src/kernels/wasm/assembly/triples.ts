/**
 * @file 3 by 3 windows of one channel, stride 1 or 2, walked down the plane a vector of columns at a time.
 */
import { alarmed, lanes, watchOne } from './lanes'
import { advanced, better, evens, moved, odds, worst } from './rows'

/** Planes and what pads them (0 or 1); cols is at least a vector, and inCols is even for stride 2 with padding. */
@unmanaged
export class Triple {
  src: usize
  dst: usize
  planes: i32
  inRows: i32
  inCols: i32
  rows: i32
  cols: i32
  stride: i32
  padRows: i32
  padCols: i32
  /** For averages: counts of each row and column of outputs. */
  rowDivisors: usize
  colDivisors: usize
}

/** @returns whether a NaN may have been seen, which this kernel loses */
@inline
export function triples<T>(block: usize, min: bool): bool {
  const t = changetype<Triple>(block)
  const cols = t.cols
  let seen = false
  for (let plane = 0; plane < t.planes; plane++) {
    const src = t.src + <usize>plane * t.inRows * t.inCols * sizeof<T>()
    const dst = t.dst + <usize>plane * t.rows * cols * sizeof<T>()
    for (let i = 0; i < cols; i += lanes<T>()) {
      const j = i + lanes<T>() <= cols ? i : cols - lanes<T>()
      const isFirst = j == 0 && t.padCols != 0
      const isLast = j + lanes<T>() == cols
      let alarm: bool
      if (t.stride == 2) {
        if (t.padCols == 0) alarm = walk<T>(t, src, dst, j, true, false, false, false, min)
        else if (isFirst) alarm = walk<T>(t, src, dst, j, true, true, true, false, min)
        else alarm = walk<T>(t, src, dst, j, true, true, false, false, min)
      } else if (t.padCols == 0) alarm = walk<T>(t, src, dst, j, false, false, false, false, min)
      else if (isFirst) {
        if (isLast) alarm = walk<T>(t, src, dst, j, false, true, true, true, min)
        else alarm = walk<T>(t, src, dst, j, false, true, true, false, min)
      } else if (isLast) alarm = walk<T>(t, src, dst, j, false, true, false, true, min)
      else alarm = walk<T>(t, src, dst, j, false, true, false, false, min)
      if (alarm) seen = true
    }
  }
  return seen
}

/** Down a vector of columns: the best of three neighbours in a row, then of three rows, so the first of equals stays first. */
@inline
function walk<T>(t: Triple, src: usize, dst: usize, j: i32, strided: bool, padded: bool, isFirst: bool, isLast: bool, min: bool): bool {
  const none = v128.splat<T>(worst<T>(min))
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  const rows = t.rows
  const inRows = t.inRows
  const step = strided ? 2 : 1
  // The middle element of the first window.
  let at = src + <usize>((strided ? 2 * j : j) + 1 - t.padCols) * sizeof<T>()
  let to = dst + <usize>j * sizeof<T>()
  let watch = v128.splat<T>(<T>0)
  let next = -t.padRows
  let a = none
  let b = none
  if (next == 0) {
    a = across<T>(at, strided, isFirst, isLast, none, min)
    watch = watchOne<T>(watch, seenAt<T>(at, strided, padded))
    at += pitch
    next = 1
  } else next = 0
  if (!strided) {
    b = across<T>(at, strided, isFirst, isLast, none, min)
    watch = watchOne<T>(watch, seenAt<T>(at, strided, padded))
    at += pitch
    next++
  }
  let row = 0
  if (!strided) {
    // Two at a time: neighbours share the best of the two rows that both read.
    for (; row + 2 <= rows; row += 2, to += 2 * outPitch) {
      const c = across<T>(at, strided, isFirst, isLast, none, min)
      watch = watchOne<T>(watch, seenAt<T>(at, strided, padded))
      at += pitch
      let d = none
      if (next + 1 < inRows) {
        d = across<T>(at, strided, isFirst, isLast, none, min)
        watch = watchOne<T>(watch, seenAt<T>(at, strided, padded))
        at += pitch
      }
      next += 2
      const shared = better<T>(b, c, min)
      v128.store(to, better<T>(a, shared, min))
      v128.store(to + outPitch, better<T>(shared, d, min))
      a = c
      b = d
    }
  }
  for (; row < rows; row++, to += outPitch) {
    if (strided) {
      b = across<T>(at, strided, isFirst, isLast, none, min)
      watch = watchOne<T>(watch, seenAt<T>(at, strided, padded))
      at += pitch
      next++
    }
    let c = none
    if (next < inRows) {
      c = across<T>(at, strided, isFirst, isLast, none, min)
      watch = watchOne<T>(watch, seenAt<T>(at, strided, padded))
      at += pitch
      next++
    }
    v128.store(to, better<T>(better<T>(a, b, min), c, min))
    if (strided) a = c
    else {
      a = b
      b = c
    }
  }
  return alarmed<T>(watch)
}

/** The best of left, middle and right, for a vector of windows. */
@inline
function across<T>(at: usize, strided: bool, isFirst: bool, isLast: bool, none: v128, min: bool): v128 {
  if (!strided) {
    const middle = v128.load(at)
    const left = isFirst ? moved<T>(none, middle) : v128.load(at - sizeof<T>())
    const right = isLast ? advanced<T>(middle, none) : v128.load(at + sizeof<T>())
    return better<T>(better<T>(left, middle, min), right, min)
  }
  const p = v128.load(at)
  const q = v128.load(at, 16)
  const right = odds<T>(p, q)
  const left = isFirst ? moved<T>(none, right) : evens<T>(v128.load(at - sizeof<T>()), v128.load(at - sizeof<T>(), 16))
  return better<T>(better<T>(left, evens<T>(p, q), min), right, min)
}

/** What the watch must see of a row, so that all walks together see all elements. */
@inline
function seenAt<T>(at: usize, strided: bool, padded: bool): v128 {
  if (!isFloat<T>()) return v128.splat<T>(<T>0)
  if (strided) {
    const p = v128.load(at)
    const q = v128.load(at, 16)
    const both = v128.add<T>(p, q)
    if (padded) return both
    return v128.add<T>(both, evens<T>(v128.load(at - sizeof<T>()), v128.load(at - sizeof<T>(), 16)))
  }
  if (padded) return v128.load(at)
  return v128.add<T>(v128.load(at - sizeof<T>()), v128.load(at + sizeof<T>()))
}

/** Averages of 3 by 3 windows at stride 1, added in row-major order; padding adds zeros. */
@inline
export function averageTriples<T>(block: usize): void {
  const t = changetype<Triple>(block)
  const cols = t.cols
  for (let plane = 0; plane < t.planes; plane++) {
    const src = t.src + <usize>plane * t.inRows * t.inCols * sizeof<T>()
    const dst = t.dst + <usize>plane * t.rows * cols * sizeof<T>()
    for (let i = 0; i < cols; i += lanes<T>()) {
      const j = i + lanes<T>() <= cols ? i : cols - lanes<T>()
      const isFirst = j == 0 && t.padCols != 0
      const isLast = j + lanes<T>() == cols && t.padCols != 0
      if (isFirst) {
        if (isLast) walkSum<T>(t, src, dst, j, true, true)
        else walkSum<T>(t, src, dst, j, true, false)
      } else if (isLast) walkSum<T>(t, src, dst, j, false, true)
      else walkSum<T>(t, src, dst, j, false, false)
    }
  }
}

@inline
function walkSum<T>(t: Triple, src: usize, dst: usize, j: i32, isFirst: bool, isLast: bool): void {
  const zero = v128.splat<T>(<T>0)
  const pitch = <usize>t.inCols * sizeof<T>()
  const outPitch = <usize>t.cols * sizeof<T>()
  const rows = t.rows
  const rowDivisors = t.rowDivisors
  const colDivisors = v128.load(t.colDivisors + <usize>j * sizeof<T>())
  let at = src + <usize>(j + 1 - t.padCols) * sizeof<T>()
  let to = dst + <usize>j * sizeof<T>()
  let end = src + <usize>t.inRows * pitch
  let a0 = zero
  let a1 = zero
  let a2 = zero
  if (t.padRows == 0) {
    a1 = v128.load(at)
    a0 = isFirst ? moved<T>(zero, a1) : v128.load(at - sizeof<T>())
    a2 = isLast ? advanced<T>(a1, zero) : v128.load(at + sizeof<T>())
    at += pitch
  }
  let b1 = v128.load(at)
  let b0 = isFirst ? moved<T>(zero, b1) : v128.load(at - sizeof<T>())
  let b2 = isLast ? advanced<T>(b1, zero) : v128.load(at + sizeof<T>())
  at += pitch
  for (let row = 0; row < rows; row++, to += outPitch, at += pitch) {
    let c0 = zero
    let c1 = zero
    let c2 = zero
    if (at < end) {
      c1 = v128.load(at)
      c0 = isFirst ? moved<T>(zero, c1) : v128.load(at - sizeof<T>())
      c2 = isLast ? advanced<T>(c1, zero) : v128.load(at + sizeof<T>())
    }
    let total = v128.add<T>(v128.add<T>(v128.add<T>(a0, a1), a2), b0)
    total = v128.add<T>(v128.add<T>(v128.add<T>(total, b1), b2), c0)
    total = v128.add<T>(v128.add<T>(total, c1), c2)
    const divisor = v128.mul<T>(colDivisors, v128.splat<T>(load<T>(rowDivisors + row * sizeof<T>())))
    v128.store(to, v128.add<T>(v128.div<T>(total, divisor), zero))
    a0 = b0
    a1 = b1
    a2 = b2
    b0 = c0
    b1 = c1
    b2 = c2
  }
}
